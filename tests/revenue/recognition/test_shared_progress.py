"""Published cases of progress, rights and costs, each told as a document."""

import pytest

from tests.revenue.recognition.build import allocated, column, number, result, revenue, run
from tests.revenue.recognition.shared import NEEDS_DATA, load, numbers

UNIT = {"round_to": "unit"}
CASES = load("cases.json")


def ex32(case, expected):
    committed, invoiced = case["committed_purchases"], case["invoiced_month1"]
    document = UNIT | {
        "transaction_price": {
            "fixed": committed,
            "payable_to_customer": [{"amount": case["upfront_payment"], "paid_on": "2026-01-01"}],
        },
        "obligations": [{"id": "goods", "pattern": "output", "expected_quantity": committed}],
        "events": [
            {"type": "output", "on": "2026-01-31", "quantity": invoiced},
            {"type": "invoice", "on": "2026-01-31", "amount": invoiced},
        ],
    }

    found = run(document)
    assert number(found["transaction_price"]["total"]) == expected["transaction_price"]
    assert number(found["periods"][0]["revenue"]) == expected["revenue_month1"]
    lowered = invoiced - number(found["periods"][0]["revenue"])
    assert lowered / invoiced == number(expected["reduction_rate"])
    assert number(found["periods"][0]["customer_payment_asset"]) == 1_300_000


def loyalty(allocation, redeemed, estimates):
    events = []
    for year, (units, expected) in enumerate(zip(redeemed, estimates, strict=True), start=2025):
        events.append({"type": "redemption", "on": f"{year}-12-31", "cumulative": units})
        events[-1]["obligation"] = "points"
        if year > 2025:
            events.append({"type": "estimate", "on": f"{year}-12-31", "obligation": "points"})
            events[-1]["expected_quantity"] = expected
    points = {"pattern": "redemption", "expected_quantity": estimates[0]}
    return UNIT | {
        "granularity": "year",
        "transaction_price": allocation["price"],
        "obligations": {
            key: {"ssp": ssp} | (points if key == "points" else {"on": "2025-01-01"})
            for key, ssp in allocation["ssp"].items()
        },
        "events": events,
        "billing": {"first_on": "2025-01-01"},
    }


def ex52(case, expected):
    prices = {"products": case["ssp_products"], "points": case["ssp_points"]}
    document = loyalty(
        {"price": case["sales"], "ssp": prices},
        case["redeemed_cumulative"],
        case["expected_redemptions"],
    )

    assert allocated(document) == numbers(expected["allocation"])
    first, second = revenue(document, "points").values()
    assert (first, second) == (
        expected["revenue_points_period1"],
        expected["revenue_points_period2"],
    )
    assert column(document, "contract_liability")["2026"] == expected["liability_end_period2"]


def kpmg_loyalty(case, expected):
    allocation = {"price": case["points_allocation"], "ssp": {"points": 1}}
    document = loyalty(allocation, case["redeemed_cumulative"], case["expected"])

    assert list(revenue(document).values()) == [number(e) for e in expected["revenue_points"]]


def agent(case, expected):
    price = case.get("customer_price", case.get("voucher_price"))
    document = {
        "obligations": [
            {
                "id": "sale",
                "price": price,
                "control": {
                    "primarily_responsible": False,
                    "inventory_risk": case.get("buys_vouchers_in_advance", False),
                    "sets_price": False,
                },
                "commission_rate": case["commission_rate"],
                "on": "2026-01-15",
            }
        ]
    }

    assert result(document).document.obligations[0].role == expected["role"]
    assert revenue(document) == {"2026-01": expected["revenue"]}
    assert column(document, "payable_to_supplier")["2026-01"] == price - expected["revenue"]


def ex37(case, expected):
    document = {
        "costs": [
            {
                "id": "commission",
                "amount": case["commission"],
                "contract_years": case["contract_years"],
                "renewal_years": case["expected_customer_term_years"] - case["contract_years"],
            }
        ]
    }

    cost = run(document)["contract_costs"][0]
    assert cost["amortisation_months"] == expected["amortisation_years"] * 12
    assert number(cost["amortisation_per_year"]) == number(expected["amortisation_per_year"])


def percent_complete(case, expected):
    document = {
        "transaction_price": case["price"],
        "obligations": [
            {
                "id": "work",
                "pattern": "percent_complete",
                "recognised_before": case["recognised_before"],
            }
        ],
        "events": [{"type": "progress", "on": "2026-01-31", "percent": case["percent_complete"]}],
    }

    assert revenue(document) == {"2026-01": expected["revenue"]}


def milestones(case, expected):
    steps = [{"percent": percent} for percent in case["percentages"]]
    for number_, place in enumerate(case["done"], start=1):
        steps[place]["on"] = f"2026-0{number_}-28"
    document = {
        "transaction_price": case["price"],
        "obligations": [{"id": "work", "pattern": "milestones", "milestones": steps}],
    }

    assert sum(revenue(document).values()) == expected["revenue"]


TOLD = {
    "ifrs15-ex32": ex32,
    "ifrs15-ex52": ex52,
    "kpmg-loyalty-10B": kpmg_loyalty,
    "ifrs15-ex45": agent,
    "ifrs15-ex48": agent,
    "ifrs15-ex37": ex37,
    "oss-poc-7000": percent_complete,
    "oss-milestone": milestones,
}


@NEEDS_DATA
@pytest.mark.parametrize("name", TOLD)
def test_a_published_case_comes_out_as_printed(name):
    TOLD[name](CASES[name]["inputs"], CASES[name]["expected"])
