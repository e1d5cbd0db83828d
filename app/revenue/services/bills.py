"""Bill an order, whole or in part, and take part of a bill back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.db.numbering import next_reference
from app.ledger.services import record
from app.revenue import queries
from app.revenue.models import Invoice, Order
from app.revenue.rules import (
    PAYMENT_TERM,
    Entry,
    InvoiceKind,
    NotAnInvoice,
    OrderCancelled,
    OrderState,
    check_amount,
    check_day,
)


def issue_invoice(
    session: Session, order_id: UUID, *, entry: Entry, actor: Actor, at: datetime
) -> Invoice:
    """Issue a bill for what of an order is not billed yet, or part of it.

    :raises NotFound: if there is no such order
    :raises OrderCancelled: if it does not stand
    :raises Invalid: if the amount is more than is left, or the day cannot be
    """
    order = standing_order(session, order_id)
    left = queries.order_balance(session, order_id).unbilled
    check_amount(entry.amount, left, order.currency, what="bill on this order")
    check_day(entry.on, today=at.date(), after=order.booked_on, what="the booking")
    due_on = entry.due_on or entry.on + PAYMENT_TERM
    check_day(due_on, today=due_on, after=entry.on, what="the day of the invoice", field="due_on")
    bill = add_bill(session, order, entry, at=at)
    record(session, "revenue.invoice.issued", subject=bill, actor=actor, at=at, **facts_of(bill))
    return bill


def issue_credit_note(
    session: Session, invoice_id: UUID, *, entry: Entry, actor: Actor, at: datetime
) -> Invoice:
    """Take back all or part of a bill; what was paid beyond the rest can then be refunded.

    :raises NotFound: if there is no such invoice
    :raises NotAnInvoice: if it is a credit note
    :raises Invalid: if the amount is more than is left of it, or the day cannot be
    """
    bill = locked_bill(session, invoice_id)
    left = queries.invoice_balance(session, invoice_id).creditable
    check_amount(entry.amount, left, bill.currency, what="credit on this invoice")
    check_day(entry.on, today=at.date(), after=bill.issued_on, what="the invoice")
    note = add_bill(session, bill.order, entry, at=at, corrects=bill)
    record(
        session, "revenue.invoice.credited", subject=note, actor=actor, at=at,
        invoice=bill.number, **facts_of(note),
    )  # fmt: skip
    return note


def standing_order(session: Session, order_id: UUID) -> Order:
    """Return an order that stands, locked: whoever writes along its chain waits here.

    :raises NotFound: if there is no such order
    :raises OrderCancelled: if it does not stand
    """
    order = queries.order(session, order_id, lock=True)
    if order.state is not OrderState.BOOKED:
        raise OrderCancelled("This order was cancelled; nothing can be written on it.")
    return order


def locked_bill(session: Session, invoice_id: UUID) -> Invoice:
    """Return a bill whose order is locked.

    :raises NotFound: if there is no such invoice
    :raises NotAnInvoice: if it is a credit note
    """
    bill = queries.invoice(session, invoice_id)
    if bill.kind is not InvoiceKind.INVOICE:
        raise NotAnInvoice("This is a credit note; act on the invoice that it corrects.")
    standing_order(session, bill.order_id)
    return bill


def add_bill(
    session: Session, order: Order, entry: Entry, *, at: datetime, corrects: Invoice | None = None
) -> Invoice:
    """Write a bill, or the credit note of one, that was checked before."""
    is_bill = corrects is None
    bill = Invoice(
        number=next_reference(session, "IN" if is_bill else "CN", entry.on.year),
        kind=InvoiceKind.INVOICE if is_bill else InvoiceKind.CREDIT_NOTE,
        order_id=order.id,
        corrects_id=None if corrects is None else corrects.id,
        currency=entry.amount.currency,
        amount_minor=entry.amount.minor,
        issued_on=entry.on,
        due_on=(entry.due_on or entry.on + PAYMENT_TERM) if is_bill else entry.on,
        source=entry.source,
        source_id=entry.source_id,
        created_at=at,
    )
    session.add(bill)
    session.flush()
    return bill


def facts_of(bill: Invoice) -> dict[str, Any]:
    """Return what the ledger keeps of a bill or credit note."""
    return {
        "number": bill.number,
        "order_id": str(bill.order_id),
        "amount_minor": bill.amount_minor,
        "currency": bill.currency,
        "issued_on": bill.issued_on.isoformat(),
    }
