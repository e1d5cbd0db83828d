"""One order with everything on it, and one invoice."""

from typing import Any
from uuid import UUID

from flask import current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.kernel.clock import today
from app.ledger import queries as ledger
from app.revenue import queries
from app.revenue.models import Invoice
from app.revenue.rules import InvoiceBalance, InvoiceKind, state_of
from app.revenue.views import bp
from app.revenue.views.lists import standing
from app.web.respond import page

_CREDITS_ARE_SHOWN_AT = "/attribution/orders/"


@bp.get("/orders/<uuid:order_id>")
@requires(Permission.ORDER_VIEW)
def order(order_id: UUID) -> ResponseReturnValue:
    """Show an order: lines, bills, cash, what is open, who gets credit, what happened."""
    session = current_session()
    found = queries.order(session, order_id)
    bills = queries.invoices_of(session, order_id)
    return page(
        "revenue/order.html",
        order=found,
        lines=queries.lines_of(session, order_id),
        balance=queries.order_balance(session, order_id),
        bills=[(row, *standing(row, today())) for row in bills],
        payments=queries.payments_of(session, order_id=order_id),
        credits_url=_credits_url(order_id),
        history=_history(session, "sales_order", order_id),
    )


@bp.get("/invoices/<uuid:invoice_id>")
@requires(Permission.ORDER_VIEW)
def invoice(invoice_id: UUID) -> ResponseReturnValue:
    """Show an invoice or credit note."""
    session = current_session()
    found = queries.invoice(session, invoice_id)
    return page(
        "revenue/invoice.html",
        bill=found,
        is_bill=found.kind is InvoiceKind.INVOICE,
        corrects=queries.invoice(session, found.corrects_id) if found.corrects_id else None,
        notes=_credit_notes(session, found),
        payments=queries.payments_of(session, invoice_id=invoice_id),
        history=_history(session, "invoice", invoice_id),
        **_standing(session, found),
    )


def _credit_notes(session: Session, found: Invoice) -> list[Any]:
    every = queries.invoices_of(session, found.order_id)
    return [row for row in every if row.corrects_id == found.id]


def _standing(session: Session, found: Invoice) -> dict[str, Any]:
    if found.kind is not InvoiceKind.INVOICE:
        return {"balance": InvoiceBalance(found.amount_minor), "state": found.kind}
    balance = queries.invoice_balance(session, found.id)
    return {"balance": balance, "state": state_of(balance, found.due_on, today())}


def _credits_url(order_id: UUID) -> str:
    """Return where the credits of an order are shown, where the reader may see them."""
    if not the_actor().may(Permission.ATTRIBUTION_VIEW):
        return ""
    rules = current_app.url_map.iter_rules()
    is_there = any(rule.rule.startswith(f"{_CREDITS_ARE_SHOWN_AT}<") for rule in rules)
    return f"{_CREDITS_ARE_SHOWN_AT}{order_id}" if is_there else ""


def _history(session: Session, kind: str, subject_id: UUID) -> list[dict[str, Any]]:
    events = ledger.timeline(session, kind, subject_id, limit=50)
    return [{"at": event.at, "what": event.what} for event in reversed(events)]
