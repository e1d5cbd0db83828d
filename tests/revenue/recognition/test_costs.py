"""Contract costs: each figure worked out by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.reading import DocumentRefused
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


IMPAIRED = {"id": "c", "amount": 12000, "incurred_on": "2026-01-01", "contract_years": 4}
LOSS = event("impairment", "2027-12-31", recoverable_amount=4000)


def rows_of(cost, *events, **keys):
    document = YEARLY | keys | {"costs": cost, "events": [*events]}
    return run(document)["contract_costs"][0]["schedule"]


@pytest.mark.parametrize(
    ("said", "back", "closing"),
    [
        ({"recoverable_amount": 3500}, "1000", "3000"),  # unimpaired it would be 3000
        ({"recoverable_amount": 2600}, "600", "2600"),
        ({"recoverable_amount": 1500}, "0", "2000"),
        ({"amount": 400}, "400", "2400"),
        ({"amount": 5000}, "1000", "3000"),
        ({"remaining_consideration": 3000, "remaining_costs": 500}, "500", "2500"),
    ],
)
def test_an_impairment_is_taken_back_up_to_what_would_be_without_it(said, back, closing):
    rows = rows_of(
        IMPAIRED, LOSS, event("impairment_reversal", "2028-12-31", **said), standard="IFRS 15"
    )

    assert (rows[2].get("reversed", "0"), rows[2]["closing"]) == (back, closing)
    assert (rows[3]["amortised"], rows[3]["closing"]) == (closing, "0")


def test_what_is_taken_back_is_a_credit_of_the_impairment():
    document = YEARLY | {"standard": "ifrs_15", "costs": IMPAIRED}
    back = event("impairment_reversal", "2028-12-31", amount=400)
    postings = run(document | {"events": [LOSS, back]})["postings"]

    (entry,) = [
        each
        for each in postings
        if (each["period"], each["account"]) == ("2028", "impairment_of_contract_costs")
    ]
    assert entry["credit"] == "400"


@pytest.mark.parametrize(
    ("standard", "before", "sentence"),
    [
        ({"standard": "asc_606"}, [LOSS], "ASC 340-40-35-6 does not let an impairment be taken"),
        ({}, [LOSS], "under IFRS 15 (15.104) alone: say standard ifrs_15"),
        ({"standard": "ifrs_15"}, [], "Nothing was impaired before that"),
    ],
)
def test_an_impairment_is_taken_back_only_under_ifrs(standard, before, sentence):
    back = event("impairment_reversal", "2028-12-31", amount=400)

    with pytest.raises(DocumentRefused) as refusal:
        rows_of(IMPAIRED, *before, back, **standard)
    assert sentence in refusal.value.sentence


@given(
    amount=st.integers(1, 10**6),
    months=st.integers(2, 60),
    loss=st.integers(0, 10**6),
    back=st.integers(0, 10**6),
)
def test_a_cost_ends_at_nothing_whatever_was_impaired_and_taken_back(amount, months, loss, back):
    document = {
        "standard": "ifrs_15",
        "costs": {
            "id": "c", "amount": str(Decimal(amount) / 100), "incurred_on": "2026-01-15",
            "contract_months": months,
        },
        "events": [
            event("impairment", "2026-02-20", amount=str(Decimal(loss) / 100)),
            event("impairment_reversal", "2026-02-27", amount=str(Decimal(back) / 100)),
        ],
    }  # fmt: skip
    (cost,) = run(document)["contract_costs"]

    assert number(cost["schedule"][-1]["closing"]) == 0
    assert all(number(row["closing"]) >= 0 for row in cost["schedule"])
