"""What a file would write, held against what is stored; looked at and taken by the same code."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.errors import Invalid
from app.revenue.queries import imports as stored
from app.revenue.queries.imports import KnownBill, KnownOrder
from app.revenue.rules import InvoiceBalance, InvoiceKind, PaymentKind, check_amount, check_day
from app.revenue.rules.imports import (
    COLUMNS,
    SAMPLE,
    ImportKind,
    InvoiceRow,
    PaymentRow,
    Report,
    invoice_row,
    payment_row,
)
from app.revenue.rules.reading import Manner, Problem, read_table
from app.revenue.rules.reading.report import shown

Rowed = PaymentRow | InvoiceRow


@dataclass(frozen=True, slots=True)
class Paper:
    """One row that can be taken: the order and the bill it belongs to, stored or of this file."""

    row: Rowed
    order_id: UUID
    bill_id: UUID | None = None
    bill_row: str = ""


@dataclass(slots=True)
class Plan:
    """What would be written, and the report that goes with it."""

    report: Report
    papers: list[Paper] = field(default_factory=list)

    @property
    def hash(self) -> str:
        """A digest of everything that would be written and said."""
        said = [self.report.as_document(), [str(paper) for paper in self.papers]]
        text = json.dumps(said, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class _NotTaken(Exception):
    """A row cannot be taken, because of one of its fields."""

    def __init__(self, name: str, value: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name, self.value, self.sentence = name, value, sentence


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a file comes from, how it is read, and the day on which it is looked at."""

    kind: ImportKind
    source: str
    manner: Manner
    today: date
    lock: bool = False


def plan_of(session: Session, content: bytes, asked: Asked) -> Plan:
    """Return what ``content`` would write; nothing is written here.

    :raises FileRefused: if it cannot be read as a table with the columns wanted
    """
    table = read_table(content, COLUMNS[asked.kind])
    report = Report(encoding=table.encoding, notes=list(table.notes))
    report.rows = len(table.rows) + len(table.problems)
    report.complain(table.problems)
    parse: Callable[..., Any] = payment_row if asked.kind is ImportKind.PAYMENTS else invoice_row
    parsed = [parse(row, asked.manner) for row in table.rows]
    for problems in parsed:
        if isinstance(problems, list):
            report.complain(problems)
    plan = Plan(report)
    good = [row for row in parsed if not isinstance(row, list)]
    for paper in _papers(session, good, asked, report):
        plan.papers.append(paper)
        _count(report, paper.row)
    if not table.is_whole:
        report.notes.append("The file ends in the middle of a quoted cell; it is not complete.")
    report.problems.sort(key=lambda problem: problem.line)
    return plan


def _count(report: Report, row: Rowed) -> None:
    report.good += 1
    sign = -1 if row.kind in (PaymentKind.REFUND, InvoiceKind.CREDIT_NOTE) else 1
    report.totals[row.amount.currency] += sign * row.amount.minor
    if len(report.sample) < SAMPLE:
        about = row.invoice if isinstance(row, PaymentRow) else row.order
        report.sample.append(
            {"line": row.line, "source_id": shown(row.source_id), "about": shown(about),
             "kind": row.kind.value, "minor": row.amount.minor, "currency": row.amount.currency,
             "on": row.on.isoformat()}
        )  # fmt: skip


def _papers(
    session: Session, rows: Sequence[Any], asked: Asked, report: Report
) -> Iterator[Paper]:
    """Yield the rows that can be taken, in the order of the file; report the others."""
    judge = _Payments if asked.kind is ImportKind.PAYMENTS else _Invoices
    against = judge(session, rows, asked)
    seen: dict[str, int] = {}
    for row in rows:
        try:
            _refuse_again(row, seen.setdefault(row.source_id, row.line))
            paper = against.paper(row)
        except _NotTaken as no:
            report.complain([Problem.of(row.line, no.name, no.value, no.sentence)])
        else:
            if paper is None:
                report.unchanged += 1
            else:
                yield paper


def _refuse_again(row: Rowed, first: int) -> None:
    """Refuse a row whose identifier an earlier line has."""
    if first != row.line:
        sentence = f"Line {first} has the same identifier."
        raise _NotTaken("source_id", row.source_id, sentence)


class _Payments:
    """Holds payments and refunds against the bills they name."""

    def __init__(self, session: Session, rows: Sequence[PaymentRow], asked: Asked) -> None:
        names = [row.invoice for row in rows]
        self.bills = stored.known_bills(session, asked.source, names, lock=asked.lock)
        ids = [row.source_id for row in rows]
        self.before = stored.imported_payments(session, asked.source, ids)
        self.today = asked.today

    def paper(self, row: PaymentRow) -> Paper | None:
        """Return what would be written; None where it is there already."""
        bill = self.bills.get(row.invoice)
        if bill is None or bill.kind is not InvoiceKind.INVOICE:
            raise _NotTaken("invoice", row.invoice, "There is no invoice of this number.")
        known = self.before.get(row.source_id)
        if known is not None:
            _refuse_other(row, known, known.invoice_id == bill.id)
            return None
        if not bill.stands:
            raise _NotTaken("invoice", row.invoice, "The order of this invoice was cancelled.")
        is_in = row.kind is PaymentKind.PAYMENT
        left = bill.balance.open if is_in else bill.balance.refundable
        word = "pay on this invoice" if is_in else "refund on this invoice"
        with _Cells(row, "received_on"):
            check_amount(row.amount, left, bill.currency, what=word)
            check_day(row.on, today=self.today, after=bill.issued_on, what="the invoice")
        name = "paid" if is_in else "refunded"
        changed = {name: getattr(bill.balance, name) + row.amount.minor}
        bill.balance = replace(bill.balance, **changed)
        return Paper(row, bill.order_id, bill.id)


class _Invoices:
    """Holds bills and credit notes against the orders and bills they name."""

    def __init__(self, session: Session, rows: Sequence[InvoiceRow], asked: Asked) -> None:
        names = [row.order for row in rows]
        self.orders = stored.known_orders(session, asked.source, names, lock=asked.lock)
        corrected = [row.corrects for row in rows if row.corrects]
        self.bills = stored.known_bills(session, asked.source, corrected)
        ids = [row.source_id for row in rows]
        self.before = stored.imported_invoices(session, asked.source, ids)
        self.of_this_file: dict[str, KnownBill] = {}
        self.today = asked.today

    def paper(self, row: InvoiceRow) -> Paper | None:
        """Return what would be written; None where it is there already."""
        order = self.orders.get(row.order)
        if order is None:
            raise _NotTaken("order", row.order, "There is no order of this number.")
        known = self.before.get(row.source_id)
        if known is not None:
            _refuse_other(row, known, known.order_id == order.id)
            return None
        if not order.stands:
            raise _NotTaken("order", row.order, "This order was cancelled.")
        if row.kind is InvoiceKind.CREDIT_NOTE:
            return self._note(row, order)
        return self._bill(row, order)

    def _bill(self, row: InvoiceRow, order: KnownOrder) -> Paper:
        with _Cells(row, "issued_on"):
            left = order.balance.unbilled
            check_amount(row.amount, left, order.currency, what="bill on this order")
            check_day(row.on, today=self.today, after=order.booked_on, what="the booking")
        if row.due_on is not None and row.due_on < row.on:
            raise _NotTaken("due_on", row.due_on.isoformat(), "It is due before it is issued.")
        invoiced = order.balance.invoiced + row.amount.minor
        order.balance = replace(order.balance, invoiced=invoiced)
        self.of_this_file[row.source_id] = KnownBill(
            order.id, row.source_id, order.id, row.kind, order.currency, row.on,
            stands=True, balance=InvoiceBalance(row.amount.minor),
        )  # fmt: skip
        return Paper(row, order.id)

    def _note(self, row: InvoiceRow, order: KnownOrder) -> Paper:
        mine = self.of_this_file.get(row.corrects)
        bill = mine or self.bills.get(row.corrects)
        if bill is None or bill.kind is not InvoiceKind.INVOICE or bill.order_id != order.id:
            sentence = "There is no invoice of this number on the order."
            raise _NotTaken("corrects", row.corrects, sentence)
        with _Cells(row, "issued_on"):
            left = bill.balance.creditable
            check_amount(row.amount, left, order.currency, what="credit on this invoice")
            check_day(row.on, today=self.today, after=bill.issued_on, what="the invoice")
        bill.balance = replace(bill.balance, credited=bill.balance.credited + row.amount.minor)
        credited = order.balance.credited + row.amount.minor
        order.balance = replace(order.balance, credited=credited)
        return Paper(row, order.id, None if mine else bill.id, row.corrects if mine else "")


def _refuse_other(row: Rowed, known: Any, same_owner: bool) -> None:
    """Refuse a row that was imported before with other values."""
    same = (known.kind, known.amount_minor, known.currency, known.on)
    if not same_owner or same != (row.kind, row.amount.minor, row.amount.currency, row.on):
        sentence = "Imported before with other values; what is stored was kept."
        raise _NotTaken("source_id", row.source_id, sentence)


class _Cells:
    """Turns a refusal of the rules into a complaint about a cell."""

    def __init__(self, row: Rowed, day: str) -> None:
        self.row, self.day = row, day

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, problem: BaseException | None, _trace: object) -> None:
        if isinstance(problem, Invalid):
            is_day = any(error.field == "on" for error in problem.errors)
            name = self.day if is_day else "amount"
            value = self.row.on.isoformat() if is_day else str(self.row.amount.amount)
            raise _NotTaken(name, value, problem.sentence) from None
