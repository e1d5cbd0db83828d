"""Plan and fact documents are read strictly; a refusal names the path."""

import pytest

from app.incentives.engine import DocumentRefused, OverlappingVersions, read_facts, read_plan
from tests.incentives.engine.build import BRACKETS, component, document, event, plan, run

EVENT = {
    "key": "a",
    "kind": "collected",
    "on": "2026-02-01",
    "order": "o",
    "partner": "p",
    "amount": "100.00",
    "currency": "EUR",
}
PARTNER = {"id": "p", "programme": "reseller", "tier": "gold"}


def marginal(*brackets, **over):
    rates = {"mode": "marginal", "reset": "year", "brackets": list(brackets)} | over
    return {"rates": rates}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rate": "5%"}, r"components\[0\]: “rate” is not known here"),
        ({"basis": "refunded"}, r"components\[0\].basis: One of booked"),
        ({"rates": {"rate": "5%"}}, r"components\[0\].rates: “mode” is missing"),
        ({"rates": {"mode": "flat"}}, "needs a rate or an amount"),
        ({"rates": {"mode": "flat", "rate": 0.05}}, r"rates.rate: Write the number as text"),
        ({"rates": {"mode": "flat", "rate": "NaN"}}, r"rates.rate: “NaN” is not a number"),
        ({"rates": {"mode": "flat", "rate": "10"}}, r"rates.rate: A rate of 10 is 1000 %"),
        ({"rates": {"mode": "flat", "rate": "-5%"}}, r"rates.rate: It must be at least 0"),
        ({"rates": {"mode": "flat", "amount": "1.005"}}, r"EUR has 2 decimals"),
        ({"rates": {"mode": "marginal", "brackets": BRACKETS}}, "“reset” is missing"),
        (marginal(), r"rates.brackets: At least 1"),
        (marginal({"from": "0"}), r"brackets\[0\]: “rate” is missing"),
        (
            marginal({"from": 0, "to": 200, "rate": "5%"}, {"from": 100, "rate": "6%"}),
            "rates.brackets: Two brackets overlap",
        ),
        (marginal({"from": 5, "to": 5, "rate": "5%"}), r"brackets\[0\]: The bracket ends"),
        (marginal(*BRACKETS, qualify="booked"), "“qualify” is not known here"),
        ({"share": {"by_role": {"a": "0.6", "b": "0.5"}}}, "The shares add up to 110 %; declare"),
        ({"share": {"by_role": {"a": "0.6", "b": "0.3"}}}, "The shares add up to 90 %, not to"),
        ({"applies_to": {"colour": ["red"]}}, "applies_to: “colour” is not known here"),
        ({"applies_to": {"tier": 1}}, "applies_to.tier: A list is needed"),
        ({"applies_to": {"tier": ["x"], "country": ["y"]}}, "applies_to: One condition"),
        ({"applies_to": {"route": ["lost"]}}, r"applies_to.route\[0\]: One of sourced"),
        ({"term": {"kind": "months"}}, "term: A number of months"),
        ({"reversal": {"mode": "pro_rata"}}, "reversal: A term in months"),
        (
            {
                "reversal": {"mode": "full", "at": "by_volume"},
                "caps": [{"per": "deal", "limit": 1}],
            },
            "cannot be combined with a cap",
        ),
        ({"caps": [{"per": "period", "limit": 1}]}, r"caps\[0\]: Say over which period"),
    ],
)
def test_a_component_that_cannot_be_meant_is_refused_with_its_path(change, sentence):
    with pytest.raises(DocumentRefused, match=sentence):
        plan(change)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"currency": "EURO"}, "currency: “EURO” is not a currency code"),
        ({"version": 0}, "version: A whole number of at least 1"),
        ({"effective": {"from": "2026-02-30"}}, "effective.from: A day such as"),
        ({"effective": {"from": "2026-02-01", "until": "2026-02-01"}}, "ends before it begins"),
        ({"components": []}, "components: At least 1"),
        ({"components": [component(), component()]}, "Two components have the code “base”"),
    ],
)
def test_a_plan_that_cannot_be_meant_is_refused_with_its_path(change, sentence):
    with pytest.raises(DocumentRefused, match=sentence):
        read_plan(document({}) | change)


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        (
            [EVENT, EVENT | {"amount": "90"}],
            r"events\[1\]: Event “a” of partner “p” is told differently at events\[0\]",
        ),
        ([EVENT | {"partner": "q"}], r"events\[0\]: Partner “q” is not among"),
        ([EVENT | {"amount": "-1"}], r"events\[0\].amount: It must not be negative"),
        ([EVENT | {"kind": "shipped"}], r"events\[0\].kind: One of booked"),
        ([EVENT | {"share": "1.5"}], r"events\[0\].share: A share is at most 1"),
        (
            [EVENT, EVENT | {"key": "b", "kind": "refunded", "amount": "100.01"}],
            r"events\[1\].amount: It takes back more than was collected on order “o”",
        ),
    ],
)
def test_facts_that_cannot_be_are_refused_with_their_path(events, sentence):
    with pytest.raises(DocumentRefused, match=sentence):
        read_facts({"partners": [PARTNER], "events": events})


def test_overlapping_versions_of_one_plan_are_refused():
    with pytest.raises(OverlappingVersions, match="Versions 1 and 2 of plan reseller"):
        run([plan(), plan(version=2)], event("a", "booked", 100))


def test_a_bracket_without_an_end_ends_where_the_next_begins():
    table = plan(marginal(*reversed(BRACKETS))).components[0].table

    assert [each.lower for each in table.brackets] == [0, 10_000_000, 12_500_000]
    assert [each.upper for each in table.brackets] == [10_000_000, 12_500_000, None]


def test_usual_names_of_keys_and_words_are_understood():
    told = {
        "event_id": "a", "type": "payment", "date": "2026-02-01", "partner_id": "p",
        "order_id": "o", "customer_id": "c", "amount": "100.00", "currency": "EUR",
    }  # fmt: skip
    plain = {
        "key": "a", "kind": "collected", "on": "2026-02-01", "partner": "p",
        "order": "o", "customer": "c", "amount": "100.00", "currency": "EUR",
    }  # fmt: skip
    facts = [
        {"partners": [{"id": "p", name: "reseller"}], "events": [event]}
        for name, event in (("program", told), ("programme", plain))
    ]

    assert read_facts(facts[0]) == read_facts(facts[1])


def test_a_thing_told_under_two_names_is_refused():
    with pytest.raises(DocumentRefused, match=r"events\[0\]"):
        read_facts({"partners": [{"id": "p", "programme": "x"}], "events": [EVENT | {"date": "x"}]})


def test_a_sale_at_a_loss_has_no_margin_to_pay_on():
    told = {"partners": [{"id": "p", "programme": "x"}], "events": [EVENT | {"margin": "-5.00"}]}

    assert read_facts(told).events[0].margin_minor == 0
