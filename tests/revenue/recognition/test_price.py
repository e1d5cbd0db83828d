"""Price and allocation: each figure worked out by hand."""

import pytest

from tests.revenue.recognition.build import column, exact, number, revenue, run

UNIT = {"round_to": "unit"}
YEARLY = {"granularity": "year"} | UNIT


def event(kind, on, **keys):
    return {"type": kind, "on": on, **keys}


def invoice(on, amount, **keys):
    return event("invoice", on, amount=amount, **keys)


def test_a_payment_to_the_customer_promised_later_is_caught_up():
    document = UNIT | {
        "transaction_price": 1000,
        "obligations": [{"id": "goods", "quantity": 10}],
        "events": [
            event("delivery", "2026-01-31", quantity=4),
            event("promise_to_customer", "2026-02-10", amount=100, fair_value_received=50),
            event("payment_to_customer", "2026-03-01", amount=50),
            event("delivery", "2026-03-31", quantity=6),
        ],
    }

    assert list(revenue(document).values()) == [400, -20, 570]
    assert column(document, "payable_to_customer")["2026-02"] == 20
    assert column(document, "customer_payment_asset")["2026-03"] == 0


def test_a_payment_for_something_distinct_reduces_nothing():
    document = UNIT | {
        "transaction_price": {
            "fixed": 1000,
            "payable_to_customer": [{"amount": 100, "fair_value_received": 120}],
        },
        "obligations": [{"id": "goods", "on": "2026-01-31"}],
    }

    assert revenue(document) == {"2026-01": 1000}


def test_a_rebate_is_owed_until_it_is_credited():
    document = {
        "obligations": [{"id": "goods", "unit_price": 10}],
        "transaction_price": {
            "variable": [{"id": "r", "kind": "rebate", "rate": "5%", "obligations": ["goods"]}]
        },
        "events": [
            event("delivery", "2026-01-31", quantity=200),
            invoice("2026-01-31", 2000, id="I"),
            event("credit_note", "2026-02-15", invoice="I", amount=100),
        ],
    }

    assert revenue(document) == {"2026-01": 1900, "2026-02": 0}
    assert list(column(document, "refund_liability").values()) == [100, 0]
    assert list(column(document, "receivable").values()) == [2000, 1900]


def test_prices_that_fall_only_for_further_units_reduce_nothing_before():
    document = {
        "obligations": [
            {
                "id": "units",
                "unit_price": 10,
                "price_tiers": [{"over": 100, "unit_price": 8}, {"over": 200, "unit_price": 5}],
                "tiers_apply": "prospective",
            }
        ],
        "events": [
            event("usage", "2026-01-31", quantity=150),
            event("usage", "2026-02-28", quantity=100),
        ],
    }

    assert list(revenue(document).values()) == [1400, 650]


@pytest.mark.parametrize(
    ("constraint", "included"),
    [
        ({"reversal_probability": "0.1"}, 10000),
        ({"reversal_probability": "0.25"}, 0),
        ({"reversal_probability": "0.4", "reversal_threshold": "0.5"}, 10000),
        ({"constrained_to": 2500}, 2500),
        ({"included": False}, 0),
    ],
)
def test_the_constraint_lowers_what_is_counted(constraint, included):
    variable = {"id": "v", "amount": 10000} | constraint
    document = UNIT | {
        "transaction_price": {"fixed": 0, "variable": [variable]},
        "obligations": [{"id": "a"}],
    }

    price = run(document)["transaction_price"]
    assert number(price["total"]) == included
    assert number(price["variable"][0]["estimated"]) == 10000


@pytest.mark.parametrize(
    ("method", "level", "included"),
    [
        ("expected_value", None, 110),
        ("most_likely_amount", None, 100),
        ("expected_value", "50%", 100),
        ("expected_value", "80%", 0),
        ("most_likely_amount", "30%", 100),
    ],
)
def test_outcomes_make_an_estimate(method, level, included):
    outcomes = [
        {"amount": 0, "probability": "25%"},
        {"amount": 100, "probability": "45%"},
        {"amount": 200, "probability": "25%"},
        {"amount": 300, "probability": "5%"},
    ]
    variable = {"id": "v", "outcomes": outcomes, "method": method}
    if level:
        variable["highly_probable"] = level
    document = UNIT | {
        "transaction_price": {"fixed": 0, "variable": [variable]},
        "obligations": [{"id": "a"}],
    }

    assert number(run(document)["transaction_price"]["total"]) == included


def test_a_penalty_is_constrained_upwards():
    outcomes = [{"amount": 0, "probability": "60%"}, {"amount": 100, "probability": "40%"}]
    document = UNIT | {
        "transaction_price": {
            "fixed": 1000,
            "variable": [
                {"id": "p", "kind": "penalty", "outcomes": outcomes, "highly_probable": "75%"}
            ],
        },
        "obligations": [{"id": "a"}],
    }

    assert number(run(document)["transaction_price"]["total"]) == 900


def test_a_range_of_prices_gives_its_middle_unless_the_stated_price_fits():
    obligations = {
        "in": {"ssp_range": [80, 120], "price": 90},
        "out": {"ssp": {"low": 80, "high": 120}, "price": 150},
        "cost": {"cost_plus_margin": {"cost": 50, "margin": "20%"}, "price": 60},
    }

    assert exact({"obligations": obligations}) == {"in": 108, "out": 120, "cost": 72}


def test_several_residuals_share_what_is_left_by_their_prices():
    obligations = {
        "a": 100,
        "b": {"residual": True, "ssp": 30},
        "c": {"residual": True, "ssp": 10},
    }

    assert exact({"transaction_price": 180, "obligations": obligations}) == {
        "a": 100,
        "b": 60,
        "c": 20,
    }
