"""Rows of payment and invoice files, and what comes of a file."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.kernel.errors import Conflict, Invalid
from app.kernel.money import Money
from app.revenue.rules.chain import InvoiceKind, PaymentKind
from app.revenue.rules.reading import Column, Manner, Problem, Reader, Row

MOST_PROBLEMS = 5_000
"""So many complaints are kept of one file; the report says how many there were."""
SAMPLE = 20
_LONGEST_ID, _LONGEST_NUMBER, _LONGEST_REFERENCE = 120, 120, 64


class ImportKind(StrEnum):
    """What a file holds."""

    PAYMENTS = "payments"
    INVOICES = "invoices"
    CRM = "crm"


class ImportState(StrEnum):
    """Whether a file was only looked at, taken, or put away."""

    PREVIEWED = "previewed"
    TAKEN = "taken"
    DISCARDED = "discarded"


class AlreadyDecided(Conflict):
    """The file was taken or put away before."""

    code = "revenue.import_decided"


class HasBadRows(Invalid):
    """Some rows cannot be taken, and nobody chose to take the others alone."""

    code = "revenue.import_has_bad_rows"


class NothingToTake(Invalid):
    """No row of the file brings anything new."""

    code = "revenue.import_nothing_to_take"


PAYMENT_COLUMNS = (
    Column("source_id", ("id", "payment_id", "transaction", "transaction_id")),
    Column("invoice", ("invoice_number", "invoice_no", "invoice_id")),
    Column("amount", ("value", "paid")),
    Column("currency", ("ccy",)),
    Column("received_on", ("date", "paid_on", "value_date", "payment_date")),
    Column("kind", ("type",), required=False),
    Column("reference", ("bank_reference", "remittance"), required=False),
)
INVOICE_COLUMNS = (
    Column("source_id", ("id", "invoice_id", "invoice_number", "invoice_no")),
    Column("order", ("order_number", "order_no", "order_id")),
    Column("amount", ("value", "total")),
    Column("currency", ("ccy",)),
    Column("issued_on", ("date", "invoice_date")),
    Column("due_on", ("due", "due_date"), required=False),
    Column("kind", ("type",), required=False),
    Column("corrects", ("credited_invoice", "original_invoice"), required=False),
)
COLUMNS: dict[ImportKind, Sequence[Column]] = {
    ImportKind.PAYMENTS: PAYMENT_COLUMNS,
    ImportKind.INVOICES: INVOICE_COLUMNS,
}


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment or refund as a file says it."""

    line: int
    source_id: str
    invoice: str
    kind: PaymentKind
    amount: Money
    on: date
    reference: str


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One bill or credit note as a file says it."""

    line: int
    source_id: str
    order: str
    kind: InvoiceKind
    amount: Money
    on: date
    due_on: date | None
    corrects: str


def payment_row(row: Row, manner: Manner) -> PaymentRow | list[Problem]:
    """Return the payment that a row says, or everything that is wrong with it."""
    reader = Reader(row, manner)
    source_id = reader.text("source_id", longest=_LONGEST_ID)
    invoice = reader.text("invoice", longest=_LONGEST_NUMBER)
    kind = reader.choice("kind", {k.value: k for k in PaymentKind}, PaymentKind.PAYMENT)
    amount, on = reader.amount("amount"), reader.day("received_on")
    reference = reader.text("reference", longest=_LONGEST_REFERENCE, required=False)
    if reader.problems or kind is None or amount is None or on is None:
        return reader.problems
    return PaymentRow(row.line, source_id, invoice, kind, amount, on, reference)


def invoice_row(row: Row, manner: Manner) -> InvoiceRow | list[Problem]:
    """Return the bill that a row says, or everything that is wrong with it."""
    reader = Reader(row, manner)
    source_id = reader.text("source_id", longest=_LONGEST_ID)
    order = reader.text("order", longest=_LONGEST_NUMBER)
    kind = reader.choice("kind", {k.value: k for k in InvoiceKind}, InvoiceKind.INVOICE)
    amount, on = reader.amount("amount"), reader.day("issued_on")
    due_on = reader.day("due_on", required=False)
    is_note = kind is InvoiceKind.CREDIT_NOTE
    corrects = reader.text("corrects", longest=_LONGEST_NUMBER, required=is_note)
    if reader.problems or kind is None or amount is None or on is None:
        return reader.problems
    return InvoiceRow(row.line, source_id, order, kind, amount, on, due_on, corrects)


@dataclass(slots=True)
class Report:
    """What a file holds: good rows, rows that are there already, and complaints by line."""

    rows: int = 0
    good: int = 0
    unchanged: int = 0
    bad_lines: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    totals: Counter[str] = field(default_factory=Counter)
    sample: list[dict[str, Any]] = field(default_factory=list)
    encoding: str = ""

    def complain(self, problems: Sequence[Problem]) -> None:
        """Keep complaints, at most :data:`MOST_PROBLEMS` of them; count every bad line."""
        self.bad_lines.update(problem.line for problem in problems)
        room = max(0, MOST_PROBLEMS - len(self.problems))
        self.problems.extend(problems[:room])

    def as_document(self) -> dict[str, Any]:
        """Return the report as JSON keeps it; the same file gives the same document."""
        return {
            "rows": self.rows,
            "good": self.good,
            "unchanged": self.unchanged,
            "bad": len(self.bad_lines),
            "problems": [
                {"line": p.line, "field": p.field, "value": p.value, "sentence": p.sentence,
                 "file": p.file}
                for p in self.problems
            ],
            "notes": list(self.notes),
            "totals": dict(sorted(self.totals.items())),
            "sample": self.sample,
            "encoding": self.encoding,
        }  # fmt: skip
