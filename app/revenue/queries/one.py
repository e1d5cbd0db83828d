"""One order or invoice and what belongs to it."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from app.catalogue.models import Product
from app.kernel.errors import NotFound
from app.revenue.models import Invoice, LegalEntity, Order, OrderLine, Payment
from app.revenue.queries.balances import credited_by_invoice, paid_by_invoice


def order(session: Session, order_id: UUID, *, lock: bool = False) -> Order:
    """Return an order with its account, opportunity, entity and fulfilling partner.

    :raises NotFound: where there is none that the reader may see
    """
    wanted = _ORDER
    if lock:
        wanted = wanted.with_for_update(of=Order).execution_options(populate_existing=True)
    found = session.scalar(wanted, {"order_id": order_id})
    if found is None:
        raise NotFound
    return found


_ORDER = (
    select(Order)
    .where(Order.id == bindparam("order_id"))
    .options(joinedload(Order.account), joinedload(Order.opportunity))
    .options(joinedload(Order.entity), joinedload(Order.fulfilled_by))
)


def order_of_opportunity(session: Session, opportunity_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """Return id and number of the order booked from an opportunity."""
    return session.execute(
        select(Order.id, Order.number).where(Order.opportunity_id == opportunity_id)
    ).one_or_none()


def invoice(session: Session, invoice_id: UUID) -> Invoice:
    """Return an invoice or credit note with its order and the order's account.

    :raises NotFound: where there is none that the reader may see
    """
    found = session.scalar(
        select(Invoice)
        .where(Invoice.id == invoice_id)
        .options(joinedload(Invoice.order).joinedload(Order.account))
    )
    if found is None:
        raise NotFound
    return found


def lines_of(session: Session, order_id: UUID) -> Sequence[OrderLine]:
    """Return the lines of an order with their products and families."""
    return session.scalars(_LINES, {"order_id": order_id}).all()


_LINES = (
    select(OrderLine)
    .where(OrderLine.order_id == bindparam("order_id"))
    .options(joinedload(OrderLine.product).joinedload(Product.family))
    .order_by(OrderLine.position)
)


def invoices_of(session: Session, order_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the invoices and credit notes of an order by day, with what was credited and paid."""
    return session.execute(_invoices(), {"order_id": order_id}).all()


@cache
def _invoices() -> Select[*tuple[Any, ...]]:
    paid, credited = paid_by_invoice(), credited_by_invoice()
    return (
        select(
            Invoice.id, Invoice.number, Invoice.kind, Invoice.corrects_id, Invoice.currency,
            Invoice.amount_minor, Invoice.issued_on, Invoice.due_on,
            func.coalesce(credited.c.credited, 0).label("credited"),
            func.coalesce(paid.c.paid, 0).label("paid"),
            func.coalesce(paid.c.refunded, 0).label("refunded"),
        )
        .outerjoin(paid, paid.c.invoice_id == Invoice.id)
        .outerjoin(credited, credited.c.corrects_id == Invoice.id)
        .where(Invoice.order_id == bindparam("order_id"))
        .order_by(Invoice.issued_on, Invoice.number)
    )  # fmt: skip


def payments_of(
    session: Session, *, order_id: UUID | None = None, invoice_id: UUID | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the payments and refunds of an order or of one invoice, by day."""
    wanted = _PAYMENTS
    if order_id is not None:
        wanted = wanted.where(Invoice.order_id == order_id)
    if invoice_id is not None:
        wanted = wanted.where(Payment.invoice_id == invoice_id)
    return session.execute(wanted).all()


_PAYMENTS = (
    select(
        Payment.id, Payment.number, Payment.kind, Payment.currency, Payment.amount_minor,
        Payment.received_on, Payment.reference, Payment.invoice_id,
        Invoice.number.label("invoice_number"),
    )
    .join(Invoice, Invoice.id == Payment.invoice_id)
    .order_by(Payment.received_on, Payment.number)
)  # fmt: skip


def entities(session: Session) -> Sequence[LegalEntity]:
    """Return the vendor's companies by code."""
    return session.scalars(select(LegalEntity).order_by(LegalEntity.code)).all()


def entity(session: Session, entity_id: UUID) -> LegalEntity:
    """Return one company of the vendor.

    :raises NotFound: where there is none
    """
    found = session.get(LegalEntity, entity_id)
    if found is None:
        raise NotFound
    return found
