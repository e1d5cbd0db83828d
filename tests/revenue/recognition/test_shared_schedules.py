"""Published schedules of deferred revenue, each told as a document."""

from decimal import Decimal

import pytest

from tests.revenue.recognition.build import column, number, revenue, run
from tests.revenue.recognition.shared import NEEDS_DATA, load, numbers

SCHEDULES = load("schedules.json")


def scheduled(case, method, **more):
    keys = {key: case[key] for key in ("amount", "start", "end") if key in case}
    return {"schedule": keys | {"method": method} | more}


def erpnext_days(case):
    document = scheduled(case, "daily", remainder="last")

    wanted = {day[:7]: number(amount) for day, amount in case["expected"]}
    assert revenue(document) == wanted
    assert run(document | {"granularity": "day"})["totals"]["revenue"] == case["amount"]


def erpnext_months(case):
    document = {
        "schedule": {
            "amount": case["amount"],
            "start": case["start"],
            "until": case["end"],
            "method": "monthly",
        }
    }

    found = revenue(document)
    assert {period: found.get(period, 0) for period, _ in case["expected"]} == {
        period: number(amount) for period, amount in case["expected"]
    }


def oca(case):
    document = scheduled(
        case, "monthly_prorated", remainder="first", invoice_date=case["invoice_date"]
    )

    found, at = revenue(document), case["invoice_date"][:7]
    later = {period: amount for period, amount in found.items() if period > at and amount}
    assert later == numbers(case["expected_recognised_later"])
    assert sum(each for period, each in found.items() if period <= at) == number(
        case["expected_recognised_at_invoice"]
    )
    deferred = column(document, "contract_liability")
    assert deferred[at] == number(case["expected_deferred_at_invoice"])


OCA_LINES = [
    ("4800.00", "2023-01-07", "2023-03-31"),
    ("120.00", "2023-01-01", "2023-03-31"),
    ("60.00", "2023-02-01", "2023-03-31"),
    ("260.00", "2023-01-01", "2023-02-28"),
    ("113.50", "2022-10-01", "2022-10-15"),
    ("777.00", "2022-12-01", "2023-02-28"),
    ("255.00", "2023-05-01", "2023-05-31"),
    ("2000.00", "2023-01-17", "2023-03-15"),
]
"""The lines of the public test that the totals are taken from."""


def oca_total(case):
    deferred, released = Decimal(0), dict.fromkeys(("2023-02", "2023-03", "2023-05"), Decimal(0))
    for amount, start, end in OCA_LINES:
        line = {"amount": amount, "start": start, "end": end, "invoice_date": "2023-01-15"}
        document = scheduled(line, "monthly_prorated", remainder="first")
        document["schedule"]["invoice_date"] = line["invoice_date"]
        deferred += column(document, "contract_liability")["2023-01"]
        for period in released:
            released[period] += revenue(document).get(period, Decimal(0))

    wanted = {key[:7]: number(amount) for key, amount in case["expected"].items()}
    assert deferred == wanted.pop("2023-01")
    assert released == wanted


def stripe_daily(case):
    _compare(scheduled(case, "daily"), case["expected"])


def stripe_instant(case):
    document = scheduled(case, "instant")

    assert {k: v for k, v in revenue(document).items() if v} == numbers(case["expected"]["revenue"])
    changes = numbers(case["expected"]["deferred_change"])
    assert column(document, "deferred_change") == changes


def stripe_months(case):
    found = revenue(scheduled(case, "monthly"))

    assert {k: v for k, v in found.items() if v} == numbers(case["expected"]["revenue"])


def stripe_credit(case):
    document = {
        "transaction_price": case["amount"],
        "obligations": [
            {"id": "plan", "pattern": "daily", "start": case["start"], "end": case["end"]}
        ],
        "events": [
            {"type": "invoice", "on": "2019-01-15", "id": "I-1", "amount": case["amount"]},
            {"type": "apply_credit", "on": "2019-01-15", "invoice": "I-1", "amount": "11.00"},
            {"type": "payment", "on": "2019-02-09", "invoice": "I-1", "amount": "20.00"},
        ],
    }

    wanted = {key: dict(value) for key, value in case["expected"].items()}
    balance = wanted["2019-01"].pop("customer_balance_as_printed")
    due = {period: number(value.pop("accounts_receivable")) for period, value in wanted.items()}
    _compare(document, wanted)
    periods = run(document)["periods"]
    assert number(periods[0]["customer_balance_change"]) == number(balance)
    receivable = column(document, "receivable")
    assert receivable["2019-01"] == due["2019-01"]
    assert receivable["2019-02"] - receivable["2019-01"] == due["2019-02"]


def _compare(document, wanted):
    assert revenue(document) == {key: number(value["revenue"]) for key, value in wanted.items()}
    assert column(document, "deferred_change") == {
        key: number(value["deferred_change"]) for key, value in wanted.items()
    }


SCHEDULED = {
    "erpnext-days": erpnext_days,
    "erpnext-months-report": erpnext_months,
    "oca-cutoff-A": oca,
    "oca-cutoff-C": oca,
    "oca-cutoff-E": oca,
    "oca-cutoff-G": oca,
    "oca-cutoff-total": oca_total,
    "stripe-monthly-31": stripe_daily,
    "stripe-granularity-ms": stripe_instant,
    "stripe-granularity-month-even": stripe_months,
    "stripe-credit-balance": stripe_credit,
}


@NEEDS_DATA
@pytest.mark.parametrize("name", SCHEDULES)
def test_a_published_schedule_comes_out_as_printed(name):
    SCHEDULED[name](SCHEDULES[name])
