"""What was billed, credited, paid and refunded: of one order, of one invoice, of all as a table."""

from collections.abc import Iterable
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Subquery,
    any_,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session

from app.revenue.models import Invoice, Order, Payment
from app.revenue.rules import InvoiceBalance, InvoiceKind, OrderBalance, PaymentKind


def among(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """Return whether ``column`` is one of ``values``, however many they are: one parameter."""
    return cast("ColumnElement[bool]", column == any_(literal(list(values), ARRAY(column.type))))


def _sum_where(amount: Any, condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(amount).filter(condition), 0)


@cache  # these say the same for whoever asks, and lists and pages join several of them
def billed_by_order() -> Subquery:
    """Return for each order with bills: order_id, invoiced, credited."""
    is_bill = Invoice.kind == InvoiceKind.INVOICE
    return (
        select(
            Invoice.order_id,
            _sum_where(Invoice.amount_minor, is_bill).label("invoiced"),
            _sum_where(Invoice.amount_minor, ~is_bill).label("credited"),
        )
        .group_by(Invoice.order_id)
        .subquery("billed")
    )


@cache
def paid_by_order() -> Subquery:
    """Return for each order with payments: order_id, paid, refunded."""
    is_in = Payment.kind == PaymentKind.PAYMENT
    return (
        select(
            Invoice.order_id,
            _sum_where(Payment.amount_minor, is_in).label("paid"),
            _sum_where(Payment.amount_minor, ~is_in).label("refunded"),
        )
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .group_by(Invoice.order_id)
        .subquery("cashed")
    )


@cache
def paid_by_invoice() -> Subquery:
    """Return for each invoice with payments: invoice_id, paid, refunded."""
    is_in = Payment.kind == PaymentKind.PAYMENT
    return (
        select(
            Payment.invoice_id,
            _sum_where(Payment.amount_minor, is_in).label("paid"),
            _sum_where(Payment.amount_minor, ~is_in).label("refunded"),
        )
        .group_by(Payment.invoice_id)
        .subquery("paid")
    )


@cache
def credited_by_invoice() -> Subquery:
    """Return for each invoice with credit notes: corrects_id, credited."""
    return (
        select(Invoice.corrects_id, func.sum(Invoice.amount_minor).label("credited"))
        .where(Invoice.kind == InvoiceKind.CREDIT_NOTE)
        .group_by(Invoice.corrects_id)
        .subquery("credits")
    )


@cache
def order_balances() -> Select[*tuple[Any, ...]]:
    """Return a statement of order id, total, invoiced, credited, paid, refunded."""
    billed, cashed = billed_by_order(), paid_by_order()
    return (
        select(
            Order.id,
            Order.total_minor.label("total"),
            func.coalesce(billed.c.invoiced, 0).label("invoiced"),
            func.coalesce(billed.c.credited, 0).label("credited"),
            func.coalesce(cashed.c.paid, 0).label("paid"),
            func.coalesce(cashed.c.refunded, 0).label("refunded"),
        )
        .outerjoin(billed, billed.c.order_id == Order.id)
        .outerjoin(cashed, cashed.c.order_id == Order.id)
    )


@cache
def invoice_balances() -> Select[*tuple[Any, ...]]:
    """Return a statement of invoice id, amount, credited, paid, refunded; bills only."""
    paid, credited = paid_by_invoice(), credited_by_invoice()
    return (
        select(
            Invoice.id,
            Invoice.amount_minor.label("amount"),
            func.coalesce(credited.c.credited, 0).label("credited"),
            func.coalesce(paid.c.paid, 0).label("paid"),
            func.coalesce(paid.c.refunded, 0).label("refunded"),
        )
        .outerjoin(paid, paid.c.invoice_id == Invoice.id)
        .outerjoin(credited, credited.c.corrects_id == Invoice.id)
        .where(Invoice.kind == InvoiceKind.INVOICE)
    )


def order_balance(session: Session, order_id: UUID) -> OrderBalance:
    """Return what was booked, billed and collected on one order."""
    row = session.execute(_of_order(), {"order_id": order_id}).one()
    return OrderBalance(*map(int, row[1:]))


@cache
def _of_order() -> Select[*tuple[Any, ...]]:
    return order_balances().where(Order.id == bindparam("order_id"))


def invoice_balance(session: Session, invoice_id: UUID) -> InvoiceBalance:
    """Return what was credited and paid on one bill."""
    row = session.execute(_of_invoice(), {"invoice_id": invoice_id}).one()
    return InvoiceBalance(*map(int, row[1:]))


@cache
def _of_invoice() -> Select[*tuple[Any, ...]]:
    return invoice_balances().where(Invoice.id == bindparam("invoice_id"))
