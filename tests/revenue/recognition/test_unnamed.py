"""Events that name no obligation are of the only one that they can be of; else it must be said."""

import pytest

from app.kernel.reading import DocumentRefused
from tests.revenue.recognition.build import revenue, run

PLAN = {"id": "plan", "ssp": 600, "pattern": "monthly", "start": "2026-01-01", "months": 12}
DONE = {"id": "goods", "ssp": 600, "on": "2026-01-31"}


def event(kind, on="2026-03-31", **keys):
    return {"type": kind, "on": on, **keys}


@pytest.mark.parametrize(
    ("obligation", "told", "earned"),
    [
        ({"pattern": "redemption", "expected_quantity": 100}, event("redemption", quantity=25), 25),
        ({"pattern": "usage", "expected_quantity": 100}, event("usage", quantity=25), 25),
        ({"pattern": "output", "expected_quantity": 100}, event("output", quantity=25), 25),
        ({"pattern": "input", "expected_quantity": 100}, event("input", cumulative=25), 25),
        ({"pattern": "cost_to_cost", "expected_cost": 80}, event("cost", amount=20), 25),
        ({"pattern": "cost_recovery"}, event("cost", amount=20), 20),
        ({"pattern": "percent_complete"}, event("progress", percent=25), 25),
        (
            {"pattern": "milestones", "milestones": [25, 75]},
            event("milestone", milestone="1"),
            25,
        ),
        ({"pattern": "milestones", "milestones": [25, 75]}, event("milestone", milestone=1), 25),
        ({"quantity": 4}, event("delivery", quantity=1), 25),
        ({}, event("delivery"), 100),
        ({"pattern": "usage", "expected_quantity": 9}, event("expiry"), 100),
    ],
)
def test_what_only_one_can_be_meant_by_need_not_be_named(obligation, told, earned):
    document = {
        "transaction_price": 1300,
        "obligations": [PLAN, DONE, {"id": "it", "ssp": 100, **obligation}],
    }
    named = document | {"events": [told | {"obligation": "it"}]}

    assert revenue(document | {"events": [told]}, "it")["2026-03"] == earned
    assert run(document | {"events": [told]}) == run(named)


@pytest.mark.parametrize(
    ("name", "value", "obligation"),
    [
        ("expected_cost", 50, {"pattern": "cost_to_cost", "expected_cost": 80}),
        ("expected_quantity", 50, {"pattern": "usage", "expected_quantity": 100}),
        ("return_rate", "10%", {"quantity": 10, "returns": {"rate": "20%"}}),
        ("expected_returns", 1, {"quantity": 10, "returns": {"expected_quantity": 2}}),
    ],
)
def test_an_estimate_is_of_the_only_obligation_that_has_such(name, value, obligation):
    document = {
        "transaction_price": 1300,
        "obligations": [PLAN, DONE, {"id": "it", "ssp": 100, **obligation}],
    }
    told = event("estimate", **{name: value})
    named = told | {"obligation": "it"}

    assert run(document | {"events": [told]}) == run(document | {"events": [named]})


def test_the_milestone_says_of_which_obligation_it_is():
    steps = [{"id": "plans", "percent": 40}, {"id": "walls", "percent": 60}]
    document = {
        "transaction_price": 200,
        "obligations": [
            {"id": "house", "ssp": 100, "pattern": "milestones", "milestones": steps},
            {"id": "barn", "ssp": 100, "pattern": "milestones", "milestones": [50, 50]},
        ],
        "events": [event("milestone", milestone="walls")],
    }

    assert revenue(document, "house") == {"2026-03": 60}


@pytest.mark.parametrize(
    ("obligations", "told"),
    [
        ([{"id": "a", "ssp": 1}, {"id": "b", "ssp": 1}], event("delivery")),
        (
            [
                {"id": "a", "ssp": 1, "pattern": "usage", "expected_quantity": 9},
                {"id": "b", "ssp": 1, "pattern": "redemption", "expected_quantity": 9},
            ],
            event("usage", quantity=1),
        ),
        ([{"id": "a", "ssp": 1, "on": "2026-01-01"}, {"id": "b", "ssp": 1, "on": "2026-01-01"}],
         event("progress", percent=5)),
    ],
)  # fmt: skip
def test_where_several_can_be_meant_it_must_be_said_which(obligations, told):
    document = {"transaction_price": 2, "obligations": obligations, "events": [told]}

    with pytest.raises(DocumentRefused) as refusal:
        run(document)

    assert refusal.value.sentence == (
        "events[0]: “obligation” is missing: say which one, “a” or “b”."
    )


def test_what_a_modification_adds_can_be_meant_from_its_day_on():
    added = {
        "transaction_price": 100,
        "obligations": [{"id": "a", "quantity": 10}],
        "events": [
            event("delivery", "2026-01-31", quantity=5),
            event("modification", "2026-02-01", price_change=7, add=[{"id": "b", "ssp": 7}]),
        ],
    }

    assert revenue(added)["2026-01"] == 50
    with pytest.raises(DocumentRefused, match="say which one, “a” or “b”"):
        run(added | {"events": added["events"] + [event("delivery", quantity=1)]})


def test_an_invoice_is_of_the_only_obligation_that_is_earned_as_invoiced():
    document = {
        "obligations": [{"id": "hours", "pattern": "as_invoiced"}],
        "events": [event("invoice", amount=70), event("credit_note", "2026-04-30", amount=20)],
    }

    assert revenue(document) == {"2026-03": 70, "2026-04": -20}


def test_a_change_is_of_the_only_obligation():
    change = {"add_quantity": 20}
    document = {
        "obligations": [{"id": "units", "quantity": 100, "unit_price": 10}],
        "events": [
            event("delivery", "2026-01-31", quantity=40),
            event("modification", "2026-02-01", price_change=160, change=[change]),
            event("delivery", "2026-02-28", quantity=80),
        ],
    }

    assert revenue(document) == {"2026-01": 400, "2026-02": 760}
