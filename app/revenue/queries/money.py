"""Booked, billed and collected, by month and at a day: the same facts as the events, summed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, case, cast, func, select
from sqlalchemy.orm import Session

from app.revenue.models import Invoice, Order, Payment
from app.revenue.rules import InvoiceKind, OrderBalance, OrderState, PaymentKind


@dataclass(frozen=True, slots=True)
class Rung:
    """One month and currency: bookings, bills less credit notes, payments less refunds."""

    month: date
    currency: str
    booked_minor: int = 0
    billed_minor: int = 0
    collected_minor: int = 0


_Key = tuple[date, str]


def ladder(session: Session, *, start: date, until: date) -> list[Rung]:
    """Return the months in [``start``, ``until``) with anything in them, by month and currency."""
    sums: dict[_Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    for place, rows in enumerate(
        (_booked(session, start, until), _billed(session, start, until),
         _collected(session, start, until))
    ):  # fmt: skip
        for month, currency, minor in rows:
            sums[month, currency][place] += int(minor)
    return [Rung(*key, *amounts) for key, amounts in sorted(sums.items())]


def _month(day: Any) -> ColumnElement[date]:
    return cast(func.date_trunc("month", day), Date)


def _booked(session: Session, start: date, until: date) -> Iterable[Any]:
    month = _month(Order.booked_on).label("month")
    return session.execute(
        select(month, Order.currency, func.sum(Order.total_minor))
        .where(Order.state == OrderState.BOOKED)
        .where(Order.booked_on >= start, Order.booked_on < until)
        .group_by(month, Order.currency)
    )


def _billed(session: Session, start: date, until: date) -> Iterable[Any]:
    month = _month(Invoice.issued_on).label("month")
    is_bill = Invoice.kind == InvoiceKind.INVOICE
    signed = case((is_bill, Invoice.amount_minor), else_=-Invoice.amount_minor)
    return session.execute(
        select(month, Invoice.currency, func.sum(signed))
        .where(Invoice.issued_on >= start, Invoice.issued_on < until)
        .group_by(month, Invoice.currency)
    )


def _collected(session: Session, start: date, until: date) -> Iterable[Any]:
    month = _month(Payment.received_on).label("month")
    is_in = Payment.kind == PaymentKind.PAYMENT
    signed = case((is_in, Payment.amount_minor), else_=-Payment.amount_minor)
    return session.execute(
        select(month, Payment.currency, func.sum(signed))
        .where(Payment.received_on >= start, Payment.received_on < until)
        .group_by(month, Payment.currency)
    )


def standing_at(session: Session, order_id: UUID, on: date) -> OrderBalance:
    """Return what was booked, billed and collected on an order at the end of ``on``."""
    total = session.scalar(
        select(Order.total_minor).where(Order.id == order_id, Order.booked_on <= on)
    )
    bills = session.execute(
        select(Invoice.kind, func.sum(Invoice.amount_minor))
        .where(Invoice.order_id == order_id, Invoice.issued_on <= on)
        .group_by(Invoice.kind)
    )
    cash = session.execute(
        select(Payment.kind, func.sum(Payment.amount_minor))
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .where(Invoice.order_id == order_id, Payment.received_on <= on)
        .group_by(Payment.kind)
    )
    sums = {str(kind.value): int(minor) for kind, minor in [*bills, *cash]}
    kinds = (*InvoiceKind, *PaymentKind)
    return OrderBalance(int(total or 0), *(sums.get(kind.value, 0) for kind in kinds))
