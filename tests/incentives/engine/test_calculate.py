"""Predicates, shares, terms, caps, timing, stacking, conversion and reasons for nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from app.incentives.engine import ExchangeRate, PartnerFacts, TierSpan, recompute
from tests.incentives.engine.build import GOLD, amounts, event, plan, run

MARCH = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ({"tier": ["gold"]}, None),
        ({"tier": ["silver", "bronze"]}, "tier is silver or bronze (found: gold)"),
        ({"country": ["FR"]}, "country is FR (found: DE)"),
        ({"route": ["sourced"]}, None),
        ({"route": ["fulfilled"]}, "route is fulfilled (found: registered and sourced)"),
        ({"product": ["pump"]}, "product is pump (found: none)"),
        ({"not": {"tier": ["gold"]}}, "not (tier is gold)"),
        ({"all": [{"tier": ["gold"]}, {"region": ["APAC"]}]}, "region is APAC (found: EMEA)"),
        ({"any": [{"tier": ["gold"]}, {"region": ["APAC"]}]}, None),
        ({"order_size": {"at_least": "500", "below": "1000.01"}}, None),
        ({"event_date": {"from": "2026-02-01", "until": "2026-02-02"}}, None),
        ({"order_date": {"from": "2026-02-01"}}, None),
        (
            {"order_date": {"from": "2026-02-02"}},
            "order date is from 2 Feb 2026 (found: 1 Feb 2026)",
        ),
    ],
)
def test_a_component_pays_where_its_conditions_hold_and_else_names_the_first(condition, reason):
    sale = event(
        "a", "booked", 1_000, order_minor=100_000, routes=frozenset({"sourced", "registered"})
    )

    result = run(plan({"applies_to": condition}), sale)

    assert amounts(result) == ([] if reason else ["100"])
    assert [each.words for each in result.nothing] == (
        [f"A condition failed: {reason}."] if reason else []
    )


def test_the_tier_is_the_one_held_on_the_day_of_the_event():
    partner = replace(
        GOLD, tiers=(TierSpan("silver", date(2025, 1, 1), MARCH), TierSpan("gold", MARCH))
    )
    events = [event("a", "booked", 100), event("b", "booked", 100, MARCH)]

    result = run(plan({"applies_to": {"tier": ["gold"]}}), *events, partners=[partner])

    assert [line.event_key for line in result.lines] == ["b"]


def test_a_split_pays_each_partner_at_the_partners_own_rate():
    other = PartnerFacts("suedwind", "reseller", (TierSpan("silver", date(2024, 1, 1)),))
    half: dict[str, Any] = {"share": Fraction(1, 2), "credited_minor": 500_000}
    events = [
        event("a", "booked", 10_000, **half),
        event("a", "booked", 10_000, partner_id=other.id, **half),
    ]
    ten = {"share": "credit", "applies_to": {"tier": ["gold"]}}
    fifteen = {
        "code": "silver",
        "share": "credit",
        "applies_to": {"tier": ["silver"]},
        "rates": {"mode": "flat", "rate": "15%"},
    }

    result = run(plan(ten, fifteen), *events, partners=[GOLD, other])

    assert {line.partner_id: line.minor for line in result.lines} == {
        "nordwind": 50_000,
        "suedwind": 75_000,
    }


def test_a_fixed_share_by_role_scales_the_base():
    sale = event("a", "booked", 1_000, roles=frozenset({"technical"}))

    assert amounts(
        run(plan({"share": {"by_role": {"technical": "25%", "source": "75%"}}}), sale)
    ) == ["25"]


@pytest.mark.parametrize(
    ("cap", "expected"),
    [
        ({"per": "event", "limit": "70"}, ["70", "70", "70"]),
        ({"per": "deal", "limit": "150"}, ["100", "50", "100"]),
        ({"per": "period", "period": "month", "limit": "150"}, ["100", "50", "100"]),
        ({"per": "partner", "period": "lifetime", "limit": "230"}, ["100", "100", "30"]),
        ({"per": "plan", "period": "lifetime", "limit": "100"}, ["100"]),
    ],
)
def test_a_cap_limits_what_is_paid_over_its_scope(cap, expected):
    events = [
        event("a", "booked", 1_000),
        event("b", "booked", 1_000, date(2026, 2, 20)),
        event("c", "booked", 1_000, MARCH, order_id="order-2"),
    ]

    result = run(plan({"caps": [cap]}), *events)

    assert amounts(result) == expected
    assert all(recompute(line.trace) == line.minor for line in result.lines)


def test_a_cap_on_the_base_is_not_a_cap_on_the_amount():
    capped = {"base_caps": [{"per": "deal", "limit": "1500"}]}
    events = [event("a", "booked", 1_000), event("b", "booked", 1_000, MARCH)]

    assert amounts(run(plan(capped), *events)) == ["100", "50"]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ({"kind": "once"}, ["10"]),
        ({"kind": "months", "months": 2}, ["10", "20"]),
        ({"kind": "life"}, ["10", "20", "30"]),
    ],
)
def test_a_term_ends_payment(term, expected):
    events = [
        event("a", "booked", 100),
        event("b", "booked", 200, MARCH),
        event("c", "booked", 300, date(2026, 4, 1)),
    ]

    assert amounts(run(plan({"term": term}), *events)) == expected


def test_a_spiff_pays_a_fixed_amount_once_on_each_of_the_first_two_deals():
    rates = {"mode": "flat", "amount": "500", "per": "order", "reset": "lifetime"}
    spiff = {"rates": rates, "first_deals": 2}
    events = [
        event(f"{order}{part}", "booked", 100, order_id=order) for order in "xyz" for part in "12"
    ]

    result = run(plan(spiff), *events)

    assert [(line.event_key, line.minor) for line in result.lines] == [
        ("x1", 50_000),
        ("y1", 50_000),
    ]
    assert {each.code for each in result.nothing} == {"repeated", "first_deals"}


def test_a_hold_names_its_gate_until_its_day():
    held = plan({"timing": {"hold_days": 30}})
    sale = event("a", "booked", 100)

    early = run(held, sale, as_of=datetime(2026, 3, 2, tzinfo=UTC)).lines[0]
    late = run(held, sale, as_of=datetime(2026, 3, 3, tzinfo=UTC)).lines[0]

    assert early.gate is not None
    assert (early.gate.code, early.gate.until) == ("hold", date(2026, 3, 3))
    assert late.gate is None


def test_a_line_waits_for_the_customer_to_pay_in_full():
    waiting = plan({"timing": {"payable": "collection"}})
    sale = event("a", "booked", 100)
    part, rest = event("b", "collected", 40, MARCH), event("c", "collected", 60, date(2026, 4, 1))

    first = run(waiting, sale, part).lines[0]
    second = run(waiting, sale, part, rest).lines[0]

    assert (first.payable_on, first.gate and first.gate.code) == (None, "awaiting_collection")
    assert (second.payable_on, second.gate) == (date(2026, 4, 1), None)


def test_a_holdback_is_a_second_line_that_is_released_later():
    held = plan({"timing": {"holdback": {"share": "10%", "days": 90}}})

    result = run(held, event("a", "booked", 333, minor=33_333))

    assert {line.part: line.minor for line in result.lines} == {"main": 3_000, "holdback": 333}
    assert [recompute(line.trace) for line in result.lines] == [line.minor for line in result.lines]


def test_only_the_best_of_a_stacking_group_pays():
    best = {"stacking": {"group": "launch", "rule": "best"}}
    lower = {"code": "low", "rates": {"mode": "flat", "rate": "4%"}}

    result = run(plan(best, best | lower), event("a", "booked", 100))

    assert [(line.component, line.minor) for line in result.lines] == [("base", 1_000)]
    assert [each.code for each in result.nothing] == ["stacking"]


def test_an_amount_in_another_currency_is_converted_at_the_latest_known_rate():
    rate = ExchangeRate("JPY", "EUR", date(2026, 1, 31), Fraction("0.0061"), "ECB")
    sale = event("a", "booked", 0, minor=1_000_001, currency="JPY")

    line = run(plan(), sale, rates=[rate]).lines[0]

    assert (line.minor, line.currency) == (61_000, "EUR")
    assert recompute(line.trace) == line.minor
    assert run(plan(), sale).nothing[0].code == "rate"


def test_what_was_recorded_later_is_not_known_yet():
    known = event("a", "booked", 100)
    corrected = replace(known, minor=20_000, recorded_at=datetime(2026, 5, 1, tzinfo=UTC))

    before = run(plan(), known, corrected, as_of=datetime(2026, 4, 1, tzinfo=UTC))
    after = run(plan(), known, corrected)

    assert (amounts(before), amounts(after)) == (["10"], ["20"])


def test_why_nothing_names_one_reason_for_each_component_of_a_deal():
    gold = {"code": "silver", "applies_to": {"tier": ["silver"]}}
    result = run(plan({}, gold), event("a", "booked", 100), event("b", "billed", 100, MARCH))

    reasons = result.why_nothing("order-1", "nordwind")

    assert [(each.component, each.code) for each in reasons] == [("silver", "applies_to")]
