"""Published cases of allocation, each told as a document; figures are read from the file."""

from decimal import Decimal
from fractions import Fraction

import pytest

from app.kernel.errors import Invalid
from app.kernel.money import round_half_away
from tests.revenue.recognition.build import allocated, exact, number, revenue, run
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


TOLD = {
    "ifrs15-ex33": ex33,
    "ifrs15-ex34-B": ex34b,
    "kpmg-telco-bundle": kpmg_bundle,
    "ifrs15-ex35-B": ex35b,
    "oss-alloc-2": oss_allocation,
    "oss-alloc-error": oss_error,
    "public-bundle-BC": bundle_bc,
}


@NEEDS_DATA
@pytest.mark.parametrize("name", TOLD)
def test_a_published_case_comes_out_as_printed(name):
    TOLD[name](CASES[name]["inputs"], CASES[name]["expected"])
