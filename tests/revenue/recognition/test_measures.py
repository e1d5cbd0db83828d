"""Progress, goods that come back, losses: each figure worked out by hand."""

from tests.revenue.recognition.build import column, number, revenue, run

UNIT = {"round_to": "unit"}
YEARLY = {"granularity": "year"} | UNIT


def event(kind, on, **keys):
    return {"type": kind, "on": on, **keys}


def invoice(on, amount, **keys):
    return event("invoice", on, amount=amount, **keys)


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


def test_what_is_received_before_there_is_a_contract_is_a_liability():
    document = {
        "contract": {"criteria_met_on": "2026-03-01"},
        "transaction_price": 1000,
        "obligations": [{"id": "a", "on": "2026-01-15"}],
        "events": [event("payment", "2026-01-10", amount=50)],
    }

    assert list(column(document, "contract_liability").values()) == [50, 50, 0]
    assert revenue(document) == {"2026-03": 1000}


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
