"""Revenue, balances and postings by period, as data."""

from typing import Any

from app.revenue.recognition.accounts import entries
from app.revenue.recognition.grain import Grain, exact_text
from app.revenue.recognition.position import Position
from app.revenue.recognition.result import Line, Result, Row

Data = dict[str, Any]


def line_data(row: Row, line: Line, grain: Grain) -> Data:
    """Return one posting of revenue."""
    found: Data = {
        "period": row.label,
        "obligation": line.obligation,
        "amount": grain.text(line.amount),
        "to_date": grain.text(line.cumulative),
    }
    if line.progress is not None:
        found["progress"] = exact_text(line.progress)
    if line.catch_up:
        found["catch_up"] = grain.text(line.catch_up)
    if line.earlier:
        found["of_earlier_periods"] = grain.text(line.earlier)
    if not row.is_open:
        found["closed"] = True
    return found


_BALANCES = (
    "receivable", "contract_asset", "contract_liability", "refund_liability", "return_asset",
    "customer_payment_asset", "payable_to_customer",
)  # fmt: skip


def period_data(row: Row, grain: Grain) -> Data:
    """Return revenue, movements and closing balances of one period."""
    before, after = row.before, row.after
    found: Data = {
        "period": row.label,
        "start": row.days.start.isoformat(),
        "end": row.ends_on.isoformat(),
        "revenue": grain.text(row.revenue),
        "revenue_to_date": grain.text(after.revenue),
        "deferred_change": grain.text(deferred(after) - deferred(before)),
        "roll_forward": _roll_forward(before, after, grain),
    }
    for name in _BALANCES:
        found[name] = grain.text(getattr(after, name))
    found["rpo"] = grain.text(row.remaining.total)
    found["crpo"] = grain.text(row.remaining.current)
    found |= _flows(before, after, grain)
    if row.provision:
        found["loss_provision"] = grain.text(row.provision)
    if not row.is_open:
        found["closed"] = True
    return found


def deferred(at: Position) -> int:
    """Return contract liability less contract asset."""
    return at.contract_liability - at.contract_asset - at.financed


def _roll_forward(before: Position, after: Position, grain: Grain) -> Data:
    """Return how contract liability less contract asset moved.

    Opening, plus what is billed and interest, less the rest, is closing.
    """
    moves = {
        "opening": deferred(before),
        "billed": after.billed - before.billed,
        "interest": after.interest - before.interest,
        "recognised": after.revenue - before.revenue,
        "collected_for_others": after.passed_on - before.passed_on,
        "payments_to_customer": after.paid_out - before.paid_out,
        "to_refund_liability": after.refund_liability - before.refund_liability,
        "closing": deferred(after),
    }
    always = ("opening", "billed", "recognised", "closing")
    return {key: grain.text(each) for key, each in moves.items() if each or key in always}


def _flows(before: Position, after: Position, grain: Grain) -> Data:
    """Return movements that not every contract has."""
    interest = after.interest - before.interest
    cost = after.cost_of_sales - before.cost_of_sales
    revenue = after.revenue - before.revenue
    moves = {
        "received": after.received - before.received,
        "customer_balance_change": before.applied - after.applied,
        "interest_expense": max(interest, 0),
        "interest_income": max(-interest, 0),
        "payable_to_supplier": after.passed_on - before.passed_on,
        "cost_of_sales": cost,
    }
    found = {key: grain.text(each) for key, each in moves.items() if each}
    if cost or after.cost_of_sales:
        found["gross_profit"] = grain.text(revenue - cost)
    return found


def postings_data(result: Result) -> list[Data]:
    """Return what each account moved by, period by period."""
    grain, found = result.document.grain, []
    previous: Row | None = None
    for row in result.rows:
        for each in entries(row, previous):
            line = {"period": row.label, "account": each.account}
            side, amount = ("debit", each.debit) if each.debit else ("credit", each.credit)
            found.append(line | {side: grain.text(amount)})
        previous = row
    return found
