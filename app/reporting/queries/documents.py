"""The documents of a measure, the route of their orders, and what of them is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Subquery, case, func, literal, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.attribution.models import AttributionRun, Credit
from app.attribution.rules import CreditClass
from app.db.paging import Page, page_of
from app.kernel.period import Days
from app.reporting.rules import Measure, Route
from app.revenue.models import Invoice, Order, Payment
from app.revenue.rules import InvoiceKind, OrderState, PaymentKind


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the revenue is looked at."""

    measure: Measure
    days: Days
    currency: str
    route: Route | None = None
    partner_id: UUID | None = None
    credit_class: CreditClass = CreditClass.SOURCED


@cache  # a page asks for a dozen figures over the same few subqueries
def documents(measure: Measure) -> Subquery:
    """Return the documents of a measure: order, day, number, minor with its sign."""
    if measure is Measure.BOOKED:
        wanted = select(
            Order.id.label("order_id"),
            Order.booked_on.label("on_day"),
            Order.number.label("number"),
            Order.total_minor.label("minor"),
        )
    elif measure is Measure.BILLED:
        wanted = select(
            Invoice.order_id.label("order_id"),
            Invoice.issued_on.label("on_day"),
            Invoice.number.label("number"),
            case(
                (Invoice.kind == InvoiceKind.INVOICE, Invoice.amount_minor),
                else_=-Invoice.amount_minor,
            ).label("minor"),
        )
    else:
        wanted = select(
            Invoice.order_id.label("order_id"),
            Payment.received_on.label("on_day"),
            Payment.number.label("number"),
            case(
                (Payment.kind == PaymentKind.PAYMENT, Payment.amount_minor),
                else_=-Payment.amount_minor,
            ).label("minor"),
        ).join(Invoice, Invoice.id == Payment.invoice_id)
    return wanted.subquery("document")


@cache
def routes() -> Subquery:
    """Return, for each order with a partner's credit, whether it is sourced and influenced."""
    is_ours = Credit.partner_id.isnot(None)
    return (
        select(
            Credit.order_id,
            func.bool_or(Credit.credit_class == CreditClass.SOURCED).label("is_sourced"),
            func.bool_or(Credit.credit_class == CreditClass.INFLUENCED).label("is_influenced"),
        )
        .join(AttributionRun, AttributionRun.id == Credit.run_id)
        .where(AttributionRun.is_current, is_ours)
        .group_by(Credit.order_id)
        .subquery("route")
    )


@cache
def route() -> ColumnElement[str]:
    """Return the route of an order, as a column."""
    return case(
        (routes().c.order_id.is_(None), literal(Route.DIRECT.value)),
        (routes().c.is_sourced, literal(Route.SOURCED.value)),
        else_=literal(Route.ASSISTED.value),
    )


def among(asked: Asked, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Return ``columns`` over what is asked for: of its documents, their routes and orders."""
    document = documents(asked.measure)
    wanted = (
        select(*columns)
        .select_from(document)
        .join(Order, Order.id == document.c.order_id)
        .outerjoin(routes(), routes().c.order_id == Order.id)
        .where(Order.state == OrderState.BOOKED, Order.currency == asked.currency)
        .where(document.c.on_day >= asked.days.start, document.c.on_day < asked.days.until)
    )
    if asked.route is not None:
        wanted = wanted.where(route() == asked.route.value)
    if asked.partner_id is not None:
        credited = (
            select(Credit.order_id)
            .join(AttributionRun, AttributionRun.id == Credit.run_id)
            .where(AttributionRun.is_current, Credit.partner_id == asked.partner_id)
            .where(Credit.credit_class == asked.credit_class)
        )
        wanted = wanted.where(Order.id.in_(credited))
    return wanted


@lru_cache(maxsize=64)
def _rows(asked: Asked) -> Select[*tuple[Any, ...]]:
    """Return the documents behind a number, newest first, as a statement for a list."""
    document = documents(asked.measure)
    wanted = among(
        asked,
        document.c.number,
        document.c.on_day,
        document.c.minor,
        route().label("route"),
        Order.id.label("order_id"),
        Order.number.label("order_number"),
        Order.currency,
        Account.name.label("account"),
    ).outerjoin(Account, Account.id == Order.account_id)
    return wanted.order_by(document.c.on_day.desc(), document.c.number.desc())


def page_of_rows(session: Session, asked: Asked, number: int) -> Page:
    """Return one page of the documents behind a number."""
    return page_of(session, _rows(asked), number)


def all_rows(session: Session, asked: Asked) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return every document behind a number, for a file."""
    return session.execute(_rows(asked)).all()
