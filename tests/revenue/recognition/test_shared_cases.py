"""Published cases in plain words, each told as a document; figures are read from the file."""

from decimal import Decimal
from fractions import Fraction

import pytest

from app.kernel.errors import Invalid
from app.kernel.money import round_half_away
from tests.revenue.recognition.build import allocated, column, exact, number, result, revenue, run
from tests.revenue.recognition.shared import NEEDS_DATA, load, numbers

UNIT = {"round_to": "unit"}


CASES = load("cases.json")


def ex33(case, expected):
    document = {
        "transaction_price": case["transaction_price"],
        "obligations": case["ssp"],
    }

    assert allocated(document | UNIT) == numbers(expected["rounded_to_unit"])
    assert exact(document) == {key: Fraction(value) for key, value in expected["exact"].items()}


def ex34b(case, expected):
    low, high = case["ssp"]["D"].split(",")[0].split("..")
    bundle = case["observable_bundle"]
    document = UNIT | {
        "transaction_price": case["transaction_price"],
        "obligations": {key: case["ssp"][key] for key in "ABC"}
        | {"D": {"residual": True, "ssp_range": [low, high]}},
        "discounts": [{"obligations": bundle["items"], "price": bundle["price"]}],
    }

    found = allocated(document)
    assert found == numbers(expected["allocation"])
    assert found["D"] == expected["residual_D"]


def kpmg_bundle(case, expected):
    document = {
        "obligations": case["ssp"],
        "discounts": [{"obligations": list(case["ssp"]), "amount": case["discount"]}],
    }

    shares = exact(document)
    assert shares == {key: Fraction(value) for key, value in expected["exact"].items()}
    cents = {key: Decimal(round_half_away(share * 100)) / 100 for key, share in shares.items()}
    assert cents == numbers(expected["two_decimals"])
    assert sum(allocated(document).values()) == 80
    assert allocated(document | UNIT) == numbers(expected["printed_by_source"])


def ex35b(case, expected):
    royalty = case["royalty_earned_first_month"]
    document = UNIT | {
        "transaction_price": {
            "fixed": case["fixed_X"],
            "variable": [{"id": "royalty", "kind": "royalty", "rate": case["royalty_rate_Y"]}],
        },
        "obligations": {
            "X": {"ssp": case["ssp"]["X"], "on": "2026-04-01"},
            "Y": {"ssp": case["ssp"]["Y"], "on": "2026-01-01"},
        },
        "events": [
            {
                "type": "royalty",
                "on": "2026-01-31",
                "sales": str(number(royalty) / number(case["royalty_rate_Y"])),
            }
        ],
    }

    assert allocated(document) == numbers(expected["fixed_allocation"])
    variable = run(document)["transaction_price"]["variable"][0]
    assert variable["included"] == str(royalty)
    wanted = numbers(expected["royalty_first_month_allocation"])
    assert numbers(variable["allocation"]) == wanted
    assert revenue(document, "Y")["2026-01"] == 167 + wanted["Y"]
    assert revenue(document, "X")["2026-01"] == 0


def oss_allocation(case, expected):
    document = {
        "transaction_price": case["transaction_price"],
        "obligations": [{"ssp": each} for each in case["ssp"]],
    }

    assert list(allocated(document).values()) == [number(each) for each in expected["allocation"]]


def oss_error(case, expected):
    document = {
        "transaction_price": case["transaction_price"],
        "obligations": [{"ssp": each} for each in case["ssp"]],
    }

    with pytest.raises(Invalid) as refusal:
        run(document)
    assert expected["error"] in refusal.value.sentence


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


def bundle_bc(case, expected):
    document = {
        "obligations": case["ssp"],
        "discounts": [{"obligations": list(case["ssp"]), "price": case["bundle_price"]}],
    }

    rows = run(document)["allocation"]["obligations"]
    assert {r["obligation"]: number(r["discount"]) for r in rows} == numbers(
        expected["discount_share"]
    )
    assert allocated(document) == numbers(expected["allocation"])


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
    "ifrs15-ex33": ex33,
    "ifrs15-ex34-B": ex34b,
    "kpmg-telco-bundle": kpmg_bundle,
    "ifrs15-ex35-B": ex35b,
    "oss-alloc-2": oss_allocation,
    "oss-alloc-error": oss_error,
    "ifrs15-ex5-B": ex5b,
    "ifrs15-ex8": ex8,
    "ifrs15-ex22-scaled": ex22,
    "ifrsbuddy-datatech": datatech,
    "ifrs15-ex29": ex29,
    "ifrs15-ex28": ex28,
    "ifrs15-ex32": ex32,
    "ifrs15-ex52": ex52,
    "kpmg-loyalty-10B": kpmg_loyalty,
    "ifrs15-ex45": agent,
    "ifrs15-ex48": agent,
    "ifrs15-ex37": ex37,
    "public-bundle-BC": bundle_bc,
    "oss-poc-7000": percent_complete,
    "oss-milestone": milestones,
}


@NEEDS_DATA
@pytest.mark.parametrize("name", CASES)
def test_a_published_case_comes_out_as_printed(name):
    TOLD[name](CASES[name]["inputs"], CASES[name]["expected"])
