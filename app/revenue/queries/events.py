"""What happened to orders, as facts for plans and reports."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Row,
    Select,
    String,
    any_,
    bindparam,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Account
from app.catalogue.models import Family, Product
from app.deals.rules import DealType
from app.revenue.models import Invoice, Order, OrderLine, Payment
from app.revenue.rules import InvoiceKind, OrderState, PaymentKind, split_by_weight


class EventKind(StrEnum):
    """What happened to an order."""

    BOOKED = "booked"
    BILLED = "billed"
    COLLECTED = "collected"
    CREDITED = "credited"
    REFUNDED = "refunded"


_PREFIX = {
    EventKind.BOOKED: "order",
    EventKind.BILLED: "invoice",
    EventKind.COLLECTED: "payment",
    EventKind.CREDITED: "credit_note",
    EventKind.REFUNDED: "refund",
}
_KIND = {
    OrderState.BOOKED.value: EventKind.BOOKED,
    InvoiceKind.INVOICE.value: EventKind.BILLED,
    InvoiceKind.CREDIT_NOTE.value: EventKind.CREDITED,
    PaymentKind.PAYMENT.value: EventKind.COLLECTED,
    PaymentKind.REFUND.value: EventKind.REFUNDED,
}


_GIVEN = any_(bindparam("orders", type_=ARRAY(Order.__table__.c.id.type)))
"""One of the orders asked for, however many they are: one parameter."""


@dataclass(frozen=True, slots=True)
class FamilyPart:
    """The part of an event that belongs to one product family."""

    family_id: UUID
    code: str
    name: str
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to an order; ``minor`` is positive, also for what is taken back.

    ``families`` splits ``minor`` over the order's lines by largest remainder, each event by itself,
    so that an event recorded later never changes the parts of an earlier one. ``reverses`` is the
    key of the bill that a credit note corrects.
    """

    key: str
    kind: EventKind
    on: date
    number: str
    order_id: UUID
    order_number: str
    order_minor: int
    ordered_on: date
    opportunity_id: UUID | None
    account_id: UUID | None
    account_name: str
    currency: str
    minor: int
    deal_type: DealType
    families: tuple[FamilyPart, ...]
    recorded_at: datetime
    reverses: str = ""


def events_between(session: Session, start: date, until: date) -> Iterator[Event]:
    """Yield what happened on the days from ``start`` up to, not including, ``until``, by day."""
    yield from _events(session, start=start, until=until)


def events_of(session: Session, order_ids: Sequence[UUID]) -> Iterator[Event]:
    """Yield everything that happened to the given orders, by day."""
    yield from _events(session, order_ids=order_ids)


def _events(
    session: Session,
    *,
    start: date = date.min,
    until: date = date.max,
    order_ids: Sequence[UUID] | None = None,
) -> Iterator[Event]:
    given: dict[str, Any] = {"start": start, "until": until}
    if order_ids is not None:
        given["orders"] = list(order_ids)
    rows = session.execute(_statement(order_ids is not None), given).all()
    parts = _families(session, {row.order_id for row in rows})
    for row in rows:
        yield _event(row, parts[row.order_id])


@cache
def _statement(of_orders: bool) -> Select[*tuple[Any, ...]]:
    """Return one statement over the three kinds of document, with what is known of the order.

    The orders asked for are said of each kind: said of the whole, every document would be read.
    """
    kinds = ((_bookings(), Order.id), (_bills(), Invoice.order_id), (_cash(), Invoice.order_id))
    parts = [part.where(order == _GIVEN) if of_orders else part for part, order in kinds]
    facts = union_all(*parts).subquery("fact")
    return (
        select(
            facts, Order.number.label("order_number"), Order.total_minor,
            Order.booked_on, Order.opportunity_id, Order.account_id, Order.deal_type,
            Order.currency, Account.name.label("account_name"),
        )
        .join(Order, Order.id == facts.c.order_id)
        .outerjoin(Account, Account.id == Order.account_id)
        .where(Order.state == OrderState.BOOKED)
        .where(facts.c.happened_on >= bindparam("start"), facts.c.happened_on < bindparam("until"))
        .order_by(facts.c.happened_on, facts.c.number)
    )  # fmt: skip


def _bookings() -> Select[*tuple[Any, ...]]:
    return select(
        Order.id.label("order_id"), Order.number, _text(Order.state), null().label("corrects"),
        Order.booked_on.label("happened_on"), Order.total_minor.label("minor"),
        Order.created_at.label("recorded_at"),
    )  # fmt: skip


def _bills() -> Select[*tuple[Any, ...]]:
    corrected = aliased(Invoice)
    return select(
        Invoice.order_id, Invoice.number, _text(Invoice.kind), corrected.number.label("corrects"),
        Invoice.issued_on.label("happened_on"), Invoice.amount_minor.label("minor"),
        Invoice.created_at.label("recorded_at"),
    ).outerjoin(corrected, corrected.id == Invoice.corrects_id)  # fmt: skip


def _cash() -> Select[*tuple[Any, ...]]:
    return select(
        Invoice.order_id, Payment.number, _text(Payment.kind), null().label("corrects"),
        Payment.received_on.label("happened_on"), Payment.amount_minor.label("minor"),
        Payment.created_at.label("recorded_at"),
    ).join(Invoice, Invoice.id == Payment.invoice_id)  # fmt: skip


def _text(column: Any) -> Any:
    return type_coerce(column, String).label("kind")


def _families(
    session: Session, order_ids: set[UUID]
) -> dict[UUID, dict[UUID, tuple[str, str, int]]]:
    """Return for each order its families: code, name and the sum of their lines."""
    found: dict[UUID, dict[UUID, tuple[str, str, int]]] = defaultdict(dict)
    rows = session.execute(_FAMILIES, {"orders": list(order_ids)})
    for order_id, minor, family_id, code, name in rows:
        before = found[order_id].get(family_id, (code, name, 0))[2]
        found[order_id][family_id] = code, name, before + minor
    return found


_FAMILIES = (
    select(OrderLine.order_id, OrderLine.amount_minor, Family.id, Family.code, Family.name)
    .join(Product, Product.id == OrderLine.product_id)
    .join(Family, Family.id == Product.family_id)
    .where(OrderLine.order_id == _GIVEN)
    .order_by(OrderLine.order_id, Family.code)
)


def _event(row: Row[Any], families: dict[UUID, tuple[str, str, int]]) -> Event:
    kind = _KIND[row.kind]
    weights = [weight for _, _, weight in families.values()]
    shares = split_by_weight(row.minor, weights) if weights else []
    return Event(
        key=f"{_PREFIX[kind]}:{row.number}",
        kind=kind,
        on=row.happened_on,
        number=row.number,
        order_id=row.order_id,
        order_number=row.order_number,
        order_minor=row.total_minor,
        ordered_on=row.booked_on,
        opportunity_id=row.opportunity_id,
        account_id=row.account_id,
        account_name=row.account_name or "",
        currency=row.currency,
        minor=row.minor,
        deal_type=row.deal_type,
        families=tuple(
            FamilyPart(family_id, code, name, part)
            for (family_id, (code, name, _)), part in zip(families.items(), shares, strict=True)
        ),
        recorded_at=row.recorded_at,
        reverses=f"invoice:{row.corrects}" if row.corrects else "",
    )
