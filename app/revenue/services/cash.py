"""Take payments on a bill, and pay back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.db.numbering import next_reference
from app.ledger.services import record
from app.revenue import queries
from app.revenue.models import Invoice, Payment
from app.revenue.rules import Entry, PaymentKind, check_amount, check_day
from app.revenue.services.bills import locked_bill

SERIES = {PaymentKind.PAYMENT: "PY", PaymentKind.REFUND: "RF"}


def record_payment(
    session: Session, invoice_id: UUID, *, entry: Entry, actor: Actor, at: datetime
) -> Payment:
    """Record cash that came in on a bill.

    :raises NotFound: if there is no such invoice
    :raises NotAnInvoice: if it is a credit note
    :raises Invalid: if the amount is more than is open, or the day cannot be
    """
    bill = locked_bill(session, invoice_id)
    left = queries.invoice_balance(session, invoice_id).open
    check_amount(entry.amount, left, bill.currency, what="pay on this invoice")
    check_day(entry.on, today=at.date(), after=bill.issued_on, what="the invoice")
    return _record(session, bill, PaymentKind.PAYMENT, entry, actor=actor, at=at)


def record_refund(
    session: Session, invoice_id: UUID, *, entry: Entry, actor: Actor, at: datetime
) -> Payment:
    """Record cash that went back to the customer.

    :raises NotFound: if there is no such invoice
    :raises NotAnInvoice: if it is a credit note
    :raises Invalid: if the amount is more than came in, or the day cannot be
    """
    bill = locked_bill(session, invoice_id)
    left = queries.invoice_balance(session, invoice_id).refundable
    check_amount(entry.amount, left, bill.currency, what="refund on this invoice")
    check_day(entry.on, today=at.date(), after=bill.issued_on, what="the invoice")
    return _record(session, bill, PaymentKind.REFUND, entry, actor=actor, at=at)


_EVENT = {
    PaymentKind.PAYMENT: "revenue.payment.received",
    PaymentKind.REFUND: "revenue.payment.refunded",
}


def _record(
    session: Session,
    bill: Invoice,
    kind: PaymentKind,
    entry: Entry,
    *,
    actor: Actor,
    at: datetime,
) -> Payment:
    payment = add_payment(session, bill, kind, entry, at=at)
    tell(session, payment, bill, actor=actor, at=at)
    return payment


def add_payment(
    session: Session, bill: Invoice, kind: PaymentKind, entry: Entry, *, at: datetime
) -> Payment:
    """Write a payment or refund that was checked before."""
    payment = Payment(
        number=next_reference(session, SERIES[kind], entry.on.year),
        kind=kind,
        invoice_id=bill.id,
        currency=entry.amount.currency,
        amount_minor=entry.amount.minor,
        received_on=entry.on,
        reference=entry.reference,
        source=entry.source,
        source_id=entry.source_id,
        created_at=at,
    )
    session.add(payment)
    session.flush()
    return payment


def tell(session: Session, payment: Payment, bill: Invoice, *, actor: Actor, at: datetime) -> None:
    """Leave the ledger entry of a payment or refund."""
    record(
        session, _EVENT[payment.kind], subject=payment, actor=actor, at=at,
        number=payment.number, invoice=bill.number, order_id=str(bill.order_id),
        amount_minor=payment.amount_minor, currency=payment.currency,
        received_on=payment.received_on.isoformat(),
    )  # fmt: skip
