"""Contract costs: each figure worked out by hand."""

import pytest

from tests.revenue.recognition.build import number, run

UNIT = {"round_to": "unit"}
YEARLY = {"granularity": "year"} | UNIT


def event(kind, on, **keys):
    return {"type": kind, "on": on, **keys}


def invoice(on, amount, **keys):
    return event("invoice", on, amount=amount, **keys)


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
