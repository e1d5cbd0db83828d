"""One topic after the other, each figure worked out by hand."""

from decimal import Decimal

import pytest

from tests.revenue.recognition.build import column, exact, number, revenue, run

UNIT = {"round_to": "unit"}
YEARLY = {"granularity": "year"} | UNIT


def event(kind, on, **keys):
    return {"type": kind, "on": on, **keys}


def invoice(on, amount, **keys):
    return event("invoice", on, amount=amount, **keys)


def test_a_phone_sold_below_its_price_leaves_a_contract_asset_that_the_bills_consume():
    document = {
        "transaction_price": 1200,
        "obligations": {
            "phone": {"ssp": 600, "on": "2026-01-01"},
            "service": {"ssp": 1200, "pattern": "monthly", "start": "2026-01-01", "months": 24},
        },
        "billing": {"first_on": "2026-01-31", "every": "month", "count": 24},
    }

    assert revenue(document, "phone")["2026-01"] == 400
    assert column(document, "contract_asset")["2026-01"] == Decimal("383.33")
    assert column(document, "contract_asset")["2027-12"] == 0


def test_a_material_right_that_is_used_goes_into_the_renewal():
    document = {
        "transaction_price": 1000,
        "obligations": {
            "year 1": {"ssp": 1000, "pattern": "monthly", "start": "2026-01-01", "months": 12},
            "right": {"material_right": {"price_without": 1000, "price": 600, "likelihood": "60%"}},
        },
        "events": [
            event(
                "modification",
                "2027-01-01",
                treatment="prospective",
                price_change=600,
                add=[
                    {"id": "year 2", "ssp": 1000, "pattern": "monthly", "start": "2027-01-01"}
                    | {"months": 12}
                ],
                change=[{"id": "right", "remove": True}],
            )
        ],
    }

    # 1,000 : 240 of 1,000 is 806.45 : 193.55; the right joins the 600 of the renewal.
    assert sum(revenue(document, "year 1").values()) == Decimal("806.45")
    assert sum(revenue(document, "year 2").values()) == Decimal("793.55")


def test_seats_that_are_given_up_lower_what_remains():
    document = {
        "obligations": [
            {
                "id": "seats",
                "price": 1200,
                "pattern": "monthly",
                "start": "2026-01-01",
                "months": 12,
            }
        ],
        "events": [
            event(
                "modification",
                "2026-07-01",
                price_change=-300,
                change=[{"id": "seats", "end": "2026-12-31"}],
            )
        ],
    }

    found = revenue(document)
    assert (found["2026-06"], found["2026-07"]) == (100, 50)
    assert sum(found.values()) == 900


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


def test_a_changed_estimate_of_returns_is_caught_up():
    document = UNIT | {
        "obligations": [
            {
                "id": "p",
                "quantity": 100,
                "unit_price": 100,
                "unit_cost": 60,
                "on": "2026-01-31",
                "returns": {"expected_quantity": 3, "recovery_cost": 5},
            }
        ],
        "events": [
            invoice("2026-01-31", 10000),
            event("estimate", "2026-02-10", expected_returns=5),
            event("return", "2026-03-10", quantity=6),
        ],
    }

    assert list(revenue(document).values()) == [9700, -200, -100]
    assert list(column(document, "refund_liability").values()) == [300, 500, 0]
    assert list(column(document, "return_asset").values()) == [165, 275, 0]
    assert column(document, "receivable")["2026-03"] == 9400


def test_a_restocking_fee_is_kept_of_what_comes_back():
    document = UNIT | {
        "obligations": [
            {
                "id": "p",
                "quantity": 100,
                "unit_price": 100,
                "on": "2026-01-31",
                "returns": {"rate": "5%", "restocking_fee": 10},
            }
        ],
        "events": [invoice("2026-01-31", 10000), event("return", "2026-02-10", quantity=5)],
    }

    assert list(revenue(document).values()) == [9550, 0]
    assert column(document, "refund_liability")["2026-01"] == 450
    assert column(document, "receivable")["2026-02"] == 9550


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


def test_a_loss_that_is_expected_is_provided_for():
    document = YEARLY | {
        "transaction_price": 4500000,
        "obligations": [{"id": "bridge", "pattern": "cost_to_cost", "expected_cost": 4000000}],
        "events": [
            event("cost", "2026-12-31", amount=1000000),
            event("estimate", "2027-12-31", expected_cost=4556250),
            event("cost", "2027-12-31", amount=1916000),
        ],
    }

    assert list(revenue(document).values()) == [1125000, 1755000]
    assert number(run(document)["periods"][1]["loss_provision"]) == 20250


def test_where_progress_cannot_be_measured_revenue_is_cost_until_the_end():
    document = YEARLY | {
        "transaction_price": 500,
        "obligations": [{"id": "work", "pattern": "cost_recovery"}],
        "events": [
            event("cost", "2026-06-30", amount=120),
            event("cost", "2027-06-30", amount=180),
            event("delivery", "2028-06-30"),
        ],
    }

    assert list(revenue(document).values()) == [120, 180, 200]


def test_hours_of_work_measure_progress():
    document = {
        "transaction_price": 1000,
        "obligations": [{"id": "w", "pattern": "input", "expected_quantity": 400}],
        "events": [event("input", "2026-01-31", quantity=100)],
    }

    assert revenue(document) == {"2026-01": 250}


def test_cost_gives_a_margin_but_no_progress_where_a_percentage_is_reported():
    document = {
        "transaction_price": 1000,
        "obligations": [{"id": "w", "pattern": "percent_complete"}],
        "events": [
            event("cost", "2026-01-31", amount=90),
            event("progress", "2026-01-31", percent="12.5%"),
        ],
    }

    period = run(document)["periods"][0]
    assert (period["revenue"], period["cost_of_sales"]) == ("125.00", "90.00")


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
        {"amount": "650/3" if False else 200, "probability": "25%"},
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


def test_what_is_received_before_there_is_a_contract_is_a_liability():
    document = {
        "contract": {"criteria_met_on": "2026-03-01"},
        "transaction_price": 1000,
        "obligations": [{"id": "a", "on": "2026-01-15"}],
        "events": [event("payment", "2026-01-10", amount=50)],
    }

    assert list(revenue(document).values()) == []
    document["as_of"] = "2026-03-31"
    assert column(document, "contract_liability")["2026-01"] == 50
    assert revenue(document)["2026-03"] == 1000


def test_an_impairment_writes_a_cost_down_to_what_it_still_brings():
    document = YEARLY | {
        "costs": [{"id": "c", "amount": 12000, "incurred_on": "2026-01-01", "contract_years": 4}],
        "events": [
            event("impairment", "2027-12-31", remaining_consideration=5000, remaining_costs=1000)
        ],
    }

    rows = run(document)["contract_costs"][0]["schedule"]
    assert [row["amortised"] for row in rows] == ["3000", "3000", "2000", "2000"]
    assert [row["impaired"] for row in rows] == ["0", "2000", "0", "0"]
    assert rows[-1]["closing"] == "0"


def test_a_cost_can_be_amortised_with_revenue():
    document = UNIT | {
        "obligations": [{"id": "goods", "quantity": 10, "unit_price": 100}],
        "events": [
            event("delivery", "2026-01-31", quantity=4),
            event("delivery", "2026-02-28", quantity=6),
        ],
        "costs": [
            {"id": "c", "amount": 50, "incurred_on": "2026-01-01", "with_revenue_of": ["goods"]}
        ],
    }

    rows = run(document)["contract_costs"][0]["schedule"]
    assert [row["amortised"] for row in rows] == ["20", "30"]


@pytest.mark.parametrize(
    ("cost", "capitalised"),
    [
        ({"contract_months": 12, "practical_expedient": True}, 0),
        ({"contract_months": 13, "practical_expedient": True}, 100),
        ({"incremental": False, "chargeable_regardless": True, "contract_years": 1}, 100),
        ({"recoverable": False, "contract_years": 1}, 0),
    ],
)
def test_what_makes_a_cost_an_asset(cost, capitalised):
    document = {"costs": [{"id": "c", "amount": 100} | cost]}

    assert number(run(document)["contract_costs"][0]["capitalised"]) == capitalised


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


def test_invoices_are_revenue_where_they_are_what_the_customer_gets():
    document = {
        "obligations": [{"id": "fee", "pattern": "as_invoiced"}],
        "events": [
            invoice("2026-01-31", 500, obligation="fee"),
            invoice("2026-02-28", 700, obligation="fee"),
            event("credit_note", "2026-03-10", amount=100, obligation="fee"),
        ],
    }

    assert list(revenue(document).values()) == [500, 700, -100]
    assert set(column(document, "contract_asset").values()) == {0}


def test_postings_that_stand_in_closed_periods_are_made_up_for():
    document = {
        "closed_until": "2026-02-28",
        "posted": [{"period_end": "2026-01-31", "obligation": "p", "amount": "90.00"}],
        "transaction_price": 1200,
        "obligations": [{"id": "p", "pattern": "monthly", "start": "2026-01-01", "months": 12}],
    }

    found = revenue(document)
    assert (found["2026-01"], found["2026-02"], found["2026-03"]) == (90, 0, 210)
    assert "110.00 of “p” belong to earlier periods" in run(document)["warnings"][0]


def test_a_fiscal_year_is_named_by_the_year_in_which_it_ends():
    document = {
        "granularity": "quarter",
        "fiscal_year_start": 4,
        "schedule": {"amount": 600, "method": "monthly", "start": "2026-01-01", "months": 6},
    }

    assert revenue(document) == {"2026-Q4": 300, "2027-Q1": 300}


def test_a_contract_paid_at_once_and_performed_over_time_bears_interest():
    document = YEARLY | {
        "financing": {"rate": "10%", "payments": [{"on": "2026-01-01", "amount": 1000}]},
        "obligations": [
            {"id": "service", "pattern": "daily", "start": "2026-01-01", "end": "2027-12-31"}
        ],
    }

    # Two equal amounts at the ends of the years, worth 1,000: 1000 / (1/1.1 + 1/1.21) = 576.19.
    assert list(revenue(document).values()) == [576, 576]
    assert list(column(document, "contract_liability").values()) == [524, 0]
    assert column(document, "interest_expense") == {"2026": 100, "2027": 52}
