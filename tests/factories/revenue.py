"""Orders, invoices and payments."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM
from app.db.numbering import next_reference
from app.deals.rules import DealType
from app.jobs.registry import job, kinds
from app.kernel.money import Money
from app.revenue import services
from app.revenue.models import Invoice, LegalEntity, Order, OrderLine, Payment
from app.revenue.rules import Entry
from tests.factories.accounts import make_account
from tests.factories.catalogue import make_product
from tests.factories.clockwork import NOON, unique

BOOKED_ON = date(2026, 2, 2)


def make_entity(session: Session, **over: Any) -> LegalEntity:
    """Return a company of the vendor that keeps its books in euro."""
    values = {"code": f"E{unique()}", "name": "Northwind GmbH", "country": "DE", "currency": "EUR"}
    entity = LegalEntity(**{**values, **over})
    session.add(entity)
    session.flush()
    return entity


def make_order(session: Session, *amounts: int, **over: Any) -> Order:
    """Return an order with a line for each amount (by default one of 1,000.00), each of a product
    family of its own.
    """
    amounts = amounts or (100_000,)
    products = over.pop("products", None) or [make_product(session) for _ in amounts]
    values: dict[str, Any] = {"currency": "EUR", "booked_on": BOOKED_ON, "created_at": NOON}
    values |= {"deal_type": DealType.NEW_BUSINESS, "total_minor": sum(amounts), **over}
    if "entity_id" not in values:
        values["entity_id"] = make_entity(session).id
    if "account_id" not in values:
        values["account_id"] = make_account(session).id
    order = Order(number=next_reference(session, "SO", values["booked_on"].year), **values)
    session.add(order)
    session.flush()
    for place, (amount, product) in enumerate(zip(amounts, products, strict=True), 1):
        line = {"product_id": product.id, "position": place, "quantity": 1}
        session.add(OrderLine(order_id=order.id, amount_minor=amount, **line))
    session.flush()
    return order


def entry(minor: int, currency: str = "EUR", **over: Any) -> Entry:
    """Return what is written on a paper of the first of March."""
    return Entry(Money(minor, currency), **{"on": date(2026, 3, 1), **over})


def make_invoice(session: Session, order: Order, minor: int | None = None, **over: Any) -> Invoice:
    """Return a bill for an order, whole unless ``minor`` says otherwise."""
    minor = order.total_minor if minor is None else minor
    said = entry(minor, order.currency, **{"on": max(order.booked_on, BOOKED_ON), **over})
    return services.issue_invoice(session, order.id, entry=said, actor=SYSTEM, at=NOON)


def make_payment(
    session: Session, invoice: Invoice, minor: int | None = None, **over: Any
) -> Payment:
    """Return a payment of an invoice, whole unless ``minor`` says otherwise."""
    minor = invoice.amount_minor if minor is None else minor
    said = entry(minor, invoice.currency, **{"on": max(invoice.issued_on, BOOKED_ON), **over})
    return services.record_payment(session, invoice.id, entry=said, actor=SYSTEM, at=NOON)


def register_credit_job() -> None:
    """Let an order be booked where nobody above registered the job that credits it."""
    if services.CREDIT_JOB not in {kind.name for kind in kinds()}:
        job(services.CREDIT_JOB)(_nothing)


def _nothing(_session: Session, **_arguments: Any) -> None:
    """Do nothing."""
