"""A statement as CSV, Excel and JSON: the same lines in the same order as on paper."""

import json
from collections.abc import Sequence
from typing import Any

from app.kernel.format import label
from app.kernel.money import Money
from app.ledger.rules.canonical import plain
from app.statements import queries
from app.statements.models import Statement, StatementLine
from app.statements.rules import OF_BALANCES
from app.web.exports import Sheet, csv_bytes, xlsx_bytes

LINES_HEAD = (
    "Line", "Kind", "Plan", "Component", "Order", "Customer", "Earned on", "Payable on",
    "Base", "Amount", "Currency", "Why this amount", "Waits for",
)  # fmt: skip
_SUMS = (
    ("Opening balance", "opening_minor", 1),
    ("Earned", "earned_minor", 1),
    ("Adjustments", "adjustments_minor", 1),
    ("Taken back", "clawbacks_minor", -1),
    ("Paid", "paid_minor", -1),
    ("Closing balance", "closing_minor", 1),
    ("Of which held", "held_minor", 1),
)


def sums(statement: Statement) -> list[tuple[str, Money]]:
    """Return the balance sheet of a statement: what is taken off is negative."""
    return [
        (name, Money(sign * getattr(statement, column), statement.currency))
        for name, column, sign in _SUMS
    ]


def line_rows(statement: Statement, lines: Sequence[StatementLine]) -> list[tuple[Any, ...]]:
    """Return the lines as rows under ``LINES_HEAD``."""
    currency, waits = statement.currency, waits_for(statement, lines)
    return [
        (
            line.position,
            label(line.kind),
            line.plan_name,
            line.title,
            line.order_number,
            line.customer_name,
            line.earned_on,
            line.payable_on,
            Money(line.base_minor, currency),
            Money(line.amount_minor, currency),
            currency,
            line.sentence,
            waits.get(str(line.accrual_id), ""),
        )
        for line in lines
    ]


def waits_for(statement: Statement, lines: Sequence[StatementLine]) -> dict[str, str]:
    """Return what each line waited for when the statement was issued, by its commission line.

    Where nothing of a line's own blocks it, it is what stood in the way of the whole balance.
    """
    snapshot = statement.snapshot
    own = {each["line"]: each["words"] for each in snapshot.get("held", ())}
    if statement.paid_minor:
        return own
    last = snapshot["stops"][-1:]  # of lines first, then of the balance
    of_all = [each["words"] for each in last if each["code"] in OF_BALANCES]
    return {str(line.accrual_id): words for line in lines for words in of_all} | own


def statement_csv(statement: Statement, lines: Sequence[StatementLine]) -> bytes:
    """Return the lines as CSV."""
    return csv_bytes(LINES_HEAD, line_rows(statement, lines))


def statement_xlsx(statement: Statement, lines: Sequence[StatementLine]) -> bytes:
    """Return a workbook: the sums, then the lines."""
    head = ("", f"Statement {statement.number}")
    sheets = (
        Sheet("Summary", head, sums(statement)),
        Sheet("Lines", LINES_HEAD, line_rows(statement, lines)),
    )
    return xlsx_bytes(sheets, created_at=statement.issued_at)


def statement_json(statement: Statement, lines: Sequence[StatementLine]) -> bytes:
    """Return the whole content with its hash and the number of its ledger entry.

    The hash is SHA-256 over the canonical JSON (RFC 8785) of format, statement and lines.
    """
    content = plain(queries.document(statement, lines))
    sealed = {"content_hash": statement.content_hash, "ledger_entry": statement.receipt_entry_id}
    return json.dumps({**content, **sealed}, ensure_ascii=False, indent=1).encode()
