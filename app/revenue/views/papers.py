"""Bill, credit, collect and refund: four forms over an amount and a day."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.kernel.clock import now, today
from app.kernel.errors import Invalid
from app.kernel.money import Money
from app.revenue import queries, services
from app.revenue.forms import CashForm, CreditNoteForm, InvoiceForm, PaperForm
from app.revenue.models import Invoice, Order
from app.revenue.rules import InvoiceKind, NotAnInvoice
from app.revenue.views import bp
from app.web.respond import flash, form_page, see_other


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of paper: its form, its service, the words around it, what is left of it."""

    form: type[PaperForm]
    do: Callable[..., Any]
    title: str
    said: str
    submit: str
    left: str


BILL = Act(
    InvoiceForm, services.issue_invoice, "Issue an invoice", "Invoice {} is issued.",
    "Issue the invoice", "Left to bill",
)  # fmt: skip
CREDIT = Act(
    CreditNoteForm, services.issue_credit_note, "Issue a credit note", "Credit note {} is issued.",
    "Issue the credit note", "Left to credit",
)  # fmt: skip
PAYMENT = Act(
    CashForm, services.record_payment, "Record a payment", "Payment {} is recorded.",
    "Record the payment", "Open",
)  # fmt: skip
REFUND = Act(
    CashForm, services.record_refund, "Record a refund", "Refund {} is recorded.",
    "Record the refund", "Collected",
)  # fmt: skip


@bp.get("/orders/<uuid:order_id>/invoices/new")
@requires(Permission.ORDER_EDIT)
def new_invoice(order_id: UUID) -> ResponseReturnValue:
    """Show the form of a bill, filled with what is left."""
    return _offer(BILL, order=queries.order(current_session(), order_id))


@bp.post("/orders/<uuid:order_id>/invoices")
@requires(Permission.ORDER_EDIT)
def issue_invoice(order_id: UUID) -> ResponseReturnValue:
    """Issue a bill."""
    return _take(BILL, order=queries.order(current_session(), order_id))


@bp.get("/invoices/<uuid:invoice_id>/credit-note")
@requires(Permission.ORDER_EDIT)
def new_credit_note(invoice_id: UUID) -> ResponseReturnValue:
    """Show the form of a credit note."""
    return _offer(CREDIT, bill=_bill(invoice_id))


@bp.post("/invoices/<uuid:invoice_id>/credit-note")
@requires(Permission.ORDER_EDIT)
def issue_credit_note(invoice_id: UUID) -> ResponseReturnValue:
    """Issue a credit note."""
    return _take(CREDIT, bill=_bill(invoice_id))


@bp.get("/invoices/<uuid:invoice_id>/payment")
@requires(Permission.ORDER_EDIT)
def new_payment(invoice_id: UUID) -> ResponseReturnValue:
    """Show the form of a payment, filled with what is open."""
    return _offer(PAYMENT, bill=_bill(invoice_id))


@bp.post("/invoices/<uuid:invoice_id>/payment")
@requires(Permission.ORDER_EDIT)
def record_payment(invoice_id: UUID) -> ResponseReturnValue:
    """Record a payment."""
    return _take(PAYMENT, bill=_bill(invoice_id))


@bp.get("/invoices/<uuid:invoice_id>/refund")
@requires(Permission.ORDER_EDIT)
def new_refund(invoice_id: UUID) -> ResponseReturnValue:
    """Show the form of a refund."""
    return _offer(REFUND, bill=_bill(invoice_id))


@bp.post("/invoices/<uuid:invoice_id>/refund")
@requires(Permission.ORDER_EDIT)
def record_refund(invoice_id: UUID) -> ResponseReturnValue:
    """Record a refund."""
    return _take(REFUND, bill=_bill(invoice_id))


def _bill(invoice_id: UUID) -> Invoice:
    bill = queries.invoice(current_session(), invoice_id)
    if bill.kind is not InvoiceKind.INVOICE:
        raise NotAnInvoice("This is a credit note; act on the invoice that it corrects.")
    return bill


def _offer(act: Act, *, order: Order | None = None, bill: Invoice | None = None) -> Response:
    subject = _subject(order, bill)
    left = _left(act, subject)
    form = act.form(on=today(), amount=left if left.minor > 0 else None)
    return _show(act, form, subject)


def _take(act: Act, *, order: Order | None = None, bill: Invoice | None = None) -> Response:
    subject = _subject(order, bill)
    form = act.form().in_currency(subject.currency)
    if form.validate():
        try:
            paper = act.do(
                current_session(), subject.id, entry=form.entry, actor=the_actor(), at=now()
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(act.said.format(paper.number))
            return see_other("revenue.order", order_id=_order_of(subject).id)
    return _show(act, form, subject)


def _subject(order: Order | None, bill: Invoice | None) -> Order | Invoice:
    subject = order or bill
    if subject is None:
        raise NotAnInvoice("There is nothing to write on.")
    return subject


def _order_of(subject: Order | Invoice) -> Order:
    return subject if isinstance(subject, Order) else subject.order


def _left(act: Act, subject: Order | Invoice) -> Money:
    session = current_session()
    if isinstance(subject, Order):
        return Money(queries.order_balance(session, subject.id).unbilled, subject.currency)
    balance = queries.invoice_balance(session, subject.id)
    minor = {CREDIT: balance.creditable, PAYMENT: balance.open, REFUND: balance.refundable}[act]
    return Money(minor, subject.currency)


def _show(act: Act, form: PaperForm, subject: Order | Invoice) -> Response:
    is_order = isinstance(subject, Order)
    back_url = (
        url_for("revenue.order", order_id=subject.id)
        if is_order
        else url_for("revenue.invoice", invoice_id=subject.id)
    )
    return form_page(
        "revenue/paper.html",
        form=form.in_currency(subject.currency),
        act=act,
        subject=subject,
        order=_order_of(subject),
        left=_left(act, subject),
        action=url_for("revenue.issue_invoice", order_id=subject.id) if is_order else "",
        back_url=back_url,
    )
