"""Hold the rows of a file against what is stored, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.errors import Invalid
from app.revenue.queries import imports as stored
from app.revenue.queries.imports import KnownBill, KnownOrder
from app.revenue.rules import InvoiceBalance, InvoiceKind, PaymentKind, check_amount, check_day
from app.revenue.rules.imports import ImportKind, InvoiceRow, PaymentRow
from app.revenue.rules.reading import Manner

Rowed = PaymentRow | InvoiceRow


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a file comes from, how it is read, and the day on which it is looked at."""

    kind: ImportKind
    source: str
    manner: Manner
    today: date
    lock: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """One row that can be taken: the order and the bill it belongs to, stored or of this file."""

    row: Rowed
    order_id: UUID
    bill_id: UUID | None = None
    bill_row: str = ""


class NotTaken(Exception):
    """A row cannot be taken, because of one of its fields."""

    def __init__(self, name: str, value: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name, self.value, self.sentence = name, value, sentence


def refuse_again(row: Rowed, first: int) -> None:
    """Refuse a row whose identifier an earlier line has."""
    if first != row.line:
        sentence = f"Line {first} has the same identifier."
        raise NotTaken("source_id", row.source_id, sentence)


class Payments:
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
            raise NotTaken("invoice", row.invoice, "There is no invoice of this number.")
        known = self.before.get(row.source_id)
        if known is not None:
            _refuse_other(row, known, known.invoice_id == bill.id)
            return None
        if not bill.stands:
            raise NotTaken("invoice", row.invoice, "The order of this invoice was cancelled.")
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


class Invoices:
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
            raise NotTaken("order", row.order, "There is no order of this number.")
        known = self.before.get(row.source_id)
        if known is not None:
            _refuse_other(row, known, known.order_id == order.id)
            return None
        if not order.stands:
            raise NotTaken("order", row.order, "This order was cancelled.")
        if row.kind is InvoiceKind.CREDIT_NOTE:
            return self._note(row, order)
        return self._bill(row, order)

    def _bill(self, row: InvoiceRow, order: KnownOrder) -> Paper:
        with _Cells(row, "issued_on"):
            left = order.balance.unbilled
            check_amount(row.amount, left, order.currency, what="bill on this order")
            check_day(row.on, today=self.today, after=order.booked_on, what="the booking")
        if row.due_on is not None and row.due_on < row.on:
            raise NotTaken("due_on", row.due_on.isoformat(), "It is due before it is issued.")
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
            raise NotTaken("corrects", row.corrects, sentence)
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
        raise NotTaken("source_id", row.source_id, sentence)


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
            raise NotTaken(name, value, problem.sentence) from None
