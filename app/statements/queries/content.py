"""The whole content of a statement as data: what is hashed, and what its JSON file holds."""

from collections.abc import Sequence
from typing import Any

from app.statements.models import Statement, StatementLine

Data = dict[str, Any]
FORMAT = "tandem-statement/1"
_SUMS = ("opening", "earned", "adjustments", "clawbacks", "paid", "closing", "held")


def document(statement: Statement, lines: Sequence[StatementLine]) -> Data:
    """Return the whole content of a statement, the same for page, PDF, JSON file and hash."""
    return {
        "format": FORMAT,
        "statement": {
            "number": statement.number,
            "period": {
                "start": statement.period_start.isoformat(),
                "until": statement.period_until.isoformat(),
            },
            "currency": statement.currency,
            "issued_at": statement.issued_at,
            "dispute_until": statement.dispute_until,
            **{f"{name}_minor": getattr(statement, f"{name}_minor") for name in _SUMS},
            "corrects": statement.corrects_id,
            "note": statement.note,
            "snapshot": statement.snapshot,
        },
        "lines": [_line(line) for line in lines],
    }


def _line(line: StatementLine) -> Data:
    return {
        "position": line.position,
        "kind": line.kind.value,
        "plan": line.plan_name,
        "title": line.title,
        "order": line.order_number,
        "customer": line.customer_name,
        "earned_on": line.earned_on.isoformat(),
        "payable_on": line.payable_on and line.payable_on.isoformat(),
        "base_minor": line.base_minor,
        "amount_minor": line.amount_minor,
        "why": line.sentence,
        "trace": line.because,
    }
