"""Published cases of modifications, estimates and financing, each told as a document."""

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.revenue.recognition.build import number, revenue, run
from tests.revenue.recognition.shared import NEEDS_DATA, load, numbers

UNIT = {"round_to": "unit"}
CASES = load("cases.json")


def ex5b(case, expected):
    credit = case["credit_for_defects_per_delivered_unit"] * case["delivered"]
    document = {
        "obligations": [{"id": "product", "quantity": case["units"], "unit_price": case["price"]}],
        "events": [
            {"type": "delivery", "on": "2026-01-31", "quantity": case["delivered"]},
            {
                "type": "modification",
                "on": "2026-02-01",
                "price_change": case["additional_units"] * case["additional_price"],
                "change": [{"id": "product", "add_quantity": case["additional_units"]}],
                "credit": credit,
            },
        ],
    }

    found = run(document)["changes"][0]
    assert found["kind"] == "prospective"
    assert found["remaining_consideration"] == f"{expected['remaining_consideration']}.00"
    assert found["remaining_quantity"] == str(expected["remaining_units"])
    assert Fraction(found["per_unit"]) == Fraction(expected["blended_exact"])
    assert found["per_unit_rounded"] == str(expected["blended_price_per_remaining_unit"])
    assert revenue(document)["2026-02"] == -expected["credit_reduces_revenue_of_delivered_units"]


def ex8(case, expected):
    document = UNIT | {
        "granularity": "year",
        "transaction_price": {
            "fixed": case["consideration"],
            "variable": [
                {
                    "id": "bonus",
                    "kind": "bonus",
                    "amount": case["bonus"],
                    "included": not case["bonus_initially_excluded"],
                }
            ],
        },
        "obligations": [
            {
                "id": "building",
                "pattern": "cost_to_cost",
                "expected_cost": case["expected_costs"],
                "round_progress_to": "0.1%",
            }
        ],
        "events": [
            {"type": "cost", "on": "2025-12-31", "amount": case["costs_year1"]},
            {
                "type": "modification",
                "on": "2026-01-31",
                "price_change": case["modification_price_increase"],
                "change": [
                    {
                        "id": "building",
                        "expected_cost": case["expected_costs"]
                        + case["modification_cost_increase"],
                    }
                ],
            },
            {"type": "estimate", "on": "2026-01-31", "included": case["bonus_now_included"]},
        ],
    }

    found = run(document)
    first, second = found["revenue"]
    wanted = expected["year1"]
    assert number(Fraction(first["progress"]) * 10) == number(wanted["progress"]) * 10
    assert number(first["amount"]) == wanted["revenue"]
    assert number(found["periods"][0]["cost_of_sales"]) == wanted["costs"]
    assert number(found["periods"][0]["gross_profit"]) == wanted["gross_profit"]
    assert number(found["transaction_price"]["total"]) == expected["modified_transaction_price"]
    assert Fraction(second["progress"]) == Fraction(number(expected["progress_after"]))
    assert number(second["catch_up"]) == expected["catch_up_revenue"]
    unrounded = {"id": "building", "pattern": "cost_to_cost"}
    unrounded["expected_cost"] = case["expected_costs"]
    document |= {"obligations": [unrounded], "round_to": "minor"}
    assert revenue(document)["2026"] == Decimal("91463.41")


def ex22(case, expected):
    count = case["contracts"]
    document = UNIT | {
        "obligations": [
            {
                "id": "product",
                "quantity": count,
                "unit_price": case["price"],
                "unit_cost": case["cost"],
                "returns": {"expected_quantity": count - case["expected_not_returned"]},
                "on": "2026-01-31",
            }
        ],
        "events": [{"type": "invoice", "on": "2026-01-31", "amount": count * case["price"]}],
    }

    period = run(document)["periods"][0]
    wanted = {key: period[key] for key in ("revenue", "refund_liability", "return_asset")}
    assert numbers(wanted) == numbers(expected)


def datatech(case, expected):
    document = UNIT | {
        "granularity": "quarter",
        "obligations": [
            {
                "id": "units",
                "unit_price": case["price"],
                "price_tiers": [{"over": 600, "unit_price": case["price_if_over_600_units"]}],
                "expected_quantity": 600 if not case["q1_estimate_over_threshold"] else 601,
            }
        ],
        "events": [
            {"type": "delivery", "on": "2026-03-31", "quantity": case["q1_units"]},
            {
                "type": "estimate",
                "on": "2026-04-01",
                "expected_quantity": 601 if case["q2_estimate_over_threshold"] else 600,
            },
            {"type": "delivery", "on": "2026-06-30", "quantity": case["q2_units"]},
        ],
    }

    assert list(revenue(document).values()) == [expected["q1_revenue"], expected["q2_revenue"]]


def ex29(case, expected):
    document = {
        "granularity": "year",
        "financing": {
            "rate": case["rate"],
            "payments": [{"on": "2026-01-01", "amount": case["cash_received"]}],
            "transfer_on": f"{2026 + case['years']}-01-01",
        },
    }

    interest = [number(each["interest"]) for each in run(document)["financing"]["schedule"]]
    assert interest[:2] == [
        number(expected["interest_year1"]),
        number(expected["interest_year2"]),
    ]
    whole = run(document | UNIT)["financing"]
    assert number(whole["interest_total"]) == expected["interest_total"]
    assert number(whole["cash_selling_price"]) == expected["revenue_at_transfer"]
    with_obligation = (
        document
        | UNIT
        | {
            "obligations": [{"id": "asset", "on": "2028-01-01"}],
        }
    )
    assert revenue(with_obligation)["2028"] == expected["revenue_at_transfer"]


def ex28(case, expected):
    def financed(**instalments):
        return UNIT | {
            "financing": {
                "compounding": "monthly",
                "instalments": {
                    "first_on": "2026-01-31",
                    "count": case["instalments"],
                    "every": "month",
                }
                | instalments,
                "transfer_on": "2026-01-01",
            },
        }

    exactly = {"principal": case["stated_price"], "rate": case["contract_rate"]}
    own = financed(**exactly)
    own["financing"]["rate"] = case["contract_rate"]
    market = financed(**exactly)
    market["financing"]["rate"] = case["market_rate"]
    rounded = financed(amount=case["instalment"])
    rounded["financing"]["rate"] = case["market_rate"]

    rounded["round_to"] = "minor"

    prices = [
        number(run(each)["financing"]["cash_selling_price"]) for each in (own, market, rounded)
    ]
    wanted = [expected["case_A_revenue"], expected["case_B_revenue"], Decimal("848346.53")]
    assert prices == wanted


TOLD = {
    "ifrs15-ex5-B": ex5b,
    "ifrs15-ex8": ex8,
    "ifrs15-ex22-scaled": ex22,
    "ifrsbuddy-datatech": datatech,
    "ifrs15-ex29": ex29,
    "ifrs15-ex28": ex28,
}


@NEEDS_DATA
@pytest.mark.parametrize("name", TOLD)
def test_a_published_case_comes_out_as_printed(name):
    TOLD[name](CASES[name]["inputs"], CASES[name]["expected"])
