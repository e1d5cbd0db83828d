"""Modifications, closed periods, financing over time: each figure worked out by hand."""

from decimal import Decimal

from tests.revenue.recognition.build import column, revenue, run

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
