"""Ecosystem revenue: documents of a measure, the route of their orders, each partner's credit."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, Select, Subquery, case, cast, func, literal, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.attribution.models import AttributionRun, Credit
from app.attribution.rules import CreditClass
from app.db.paging import Page, page_of
from app.kernel.money import allocate
from app.kernel.period import Days
from app.partners.models import Partner
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
def _documents(measure: Measure) -> Subquery:
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
def _routes() -> Subquery:
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


def _route(routes: Subquery) -> Any:
    return case(
        (routes.c.order_id.is_(None), literal(Route.DIRECT.value)),
        (routes.c.is_sourced, literal(Route.SOURCED.value)),
        else_=literal(Route.ASSISTED.value),
    )


def _of(asked: Asked, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Return ``columns`` over the documents asked for; use document, route and the order."""
    document, routes = _documents(asked.measure), _routes()
    shown = [column(document, routes) if callable(column) else column for column in columns]
    wanted = (
        select(*shown)
        .select_from(document)
        .join(Order, Order.id == document.c.order_id)
        .outerjoin(routes, routes.c.order_id == Order.id)
        .where(Order.state == OrderState.BOOKED, Order.currency == asked.currency)
        .where(document.c.on_day >= asked.days.start, document.c.on_day < asked.days.until)
    )
    if asked.route is not None:
        wanted = wanted.where(_route(routes) == asked.route.value)
    if asked.partner_id is not None:
        credited = (
            select(Credit.order_id)
            .join(AttributionRun, AttributionRun.id == Credit.run_id)
            .where(AttributionRun.is_current, Credit.partner_id == asked.partner_id)
            .where(Credit.credit_class == asked.credit_class)
        )
        wanted = wanted.where(Order.id.in_(credited))
    return wanted


@dataclass(frozen=True, slots=True)
class MonthRoute:
    """What one route brought in one month; ``influenced_minor`` is the part partners influenced."""

    month: date
    route: Route
    minor: int
    influenced_minor: int
    documents: int


def by_month(session: Session, asked: Asked) -> list[MonthRoute]:
    """Return the sums by month and route, months in order."""
    wanted = _of(
        asked,
        lambda d, _r: cast(func.date_trunc("month", d.c.on_day), Date).label("month"),
        lambda _d, r: _route(r).label("route"),
        lambda d, _r: func.sum(d.c.minor).label("minor"),
        lambda d, r: func.sum(case((r.c.is_influenced, d.c.minor), else_=0)).label("influenced"),
        lambda _d, _r: func.count().label("documents"),
    )
    rows = session.execute(wanted.group_by("month", "route").order_by("month", "route"))
    return [
        MonthRoute(row.month, Route(row.route), int(row.minor), int(row.influenced), row.documents)
        for row in rows
    ]


def ladder(session: Session, asked: Asked) -> dict[Measure, int]:
    """Return the sum of each measure over the same orders' documents in the period."""
    sums = {}
    for measure in Measure:
        same = Asked(
            measure, asked.days, asked.currency, asked.route, asked.partner_id, asked.credit_class
        )
        total = _of(same, lambda d, _r: func.coalesce(func.sum(d.c.minor), 0))
        sums[measure] = int(session.scalar(total) or 0)
    return sums


def rows_of(asked: Asked) -> Select[*tuple[Any, ...]]:
    """Return the documents behind a number, newest first, as a statement for a list."""
    wanted = _of(
        asked,
        lambda d, _r: d.c.number.label("number"),
        lambda d, _r: d.c.on_day.label("on_day"),
        lambda d, _r: d.c.minor.label("minor"),
        lambda _d, r: _route(r).label("route"),
        Order.id.label("order_id"),
        Order.number.label("order_number"),
        Order.currency,
        Account.name.label("account"),
    ).outerjoin(Account, Account.id == Order.account_id)
    return wanted.order_by(_newest(wanted, "on_day").desc(), _newest(wanted, "number").desc())


def _newest(statement: Select[*tuple[Any, ...]], name: str) -> Any:
    return next(column for column in statement.selected_columns if column.key == name)


def page_of_rows(session: Session, asked: Asked, number: int) -> Page:
    """Return one page of the documents behind a number."""
    return page_of(session, rows_of(asked), number)


def all_rows(session: Session, asked: Asked) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return every document behind a number, for a file."""
    return session.execute(rows_of(asked)).all()


@dataclass(frozen=True, slots=True)
class PartnerSum:
    """What one partner is credited with in one class; parts of an order add up to it."""

    partner_id: UUID
    name: str
    minor: int
    orders: int


def by_partner(session: Session, asked: Asked) -> list[PartnerSum]:
    """Return each partner's credit in the class asked for, the largest first.

    Every document is split over its order's credits by largest remainder, the vendor's own part
    included, so that cents add up to the documents.
    """
    credits = _credits(session, asked)
    wanted = _of(asked, Order.id, lambda d, _r: d.c.minor).where(Order.id.in_(list(credits)))
    sums: dict[UUID, int] = defaultdict(int)
    orders: dict[UUID, set[UUID]] = defaultdict(set)
    for order_id, minor in session.execute(wanted):
        parties = credits[order_id]
        parts = [minor] if len(parties) == 1 else allocate(minor, [share for _, share in parties])
        for (partner_id, _), part in zip(parties, parts, strict=True):
            if partner_id is not None:
                sums[partner_id] += part
                orders[partner_id].add(order_id)
    names = dict(
        session.execute(select(Partner.id, Partner.name).where(Partner.id.in_(list(sums)))).all()
    )
    found = [PartnerSum(key, names[key], sums[key], len(orders[key])) for key in sums]
    return sorted(found, key=lambda one: (-one.minor, one.name))


def _credits(session: Session, asked: Asked) -> dict[UUID, list[tuple[UUID | None, Fraction]]]:
    """Return the shares of each order in which a partner has a credit of the class."""
    rows = session.execute(
        select(Credit.order_id, Credit.partner_id, Credit.share_numerator, Credit.share_denominator)
        .join(AttributionRun, AttributionRun.id == Credit.run_id)
        .where(AttributionRun.is_current, Credit.credit_class == asked.credit_class)
        .where(Credit.currency == asked.currency)
        .order_by(Credit.order_id, Credit.share_numerator.desc(), Credit.partner_id)
    )
    found: dict[UUID, list[tuple[UUID | None, Fraction]]] = defaultdict(list)
    for order_id, partner_id, numerator, denominator in rows:
        found[order_id].append((partner_id, Fraction(numerator, denominator)))
    return {
        order: parties
        for order, parties in found.items()
        if any(partner is not None for partner, _ in parties)
    }


def unattributed(session: Session, asked: Asked) -> int:
    """Return how many orders behind the numbers have no attribution run yet."""
    ran = select(AttributionRun.order_id).where(AttributionRun.is_current)
    wanted = _of(asked, func.count(Order.id.distinct())).where(Order.id.not_in(ran))
    return session.scalar(wanted) or 0


def currencies(session: Session) -> list[tuple[str, date, date]]:
    """Return each currency with orders, the largest first, and its first and last booking day."""
    rows = session.execute(
        select(Order.currency, func.min(Order.booked_on), func.max(Order.booked_on))
        .where(Order.state == OrderState.BOOKED)
        .group_by(Order.currency)
        .order_by(func.sum(Order.total_minor).desc())
    )
    return [(row[0], row[1], row[2]) for row in rows]


def partners(session: Session) -> list[tuple[UUID, str]]:
    """Return every partner that has a credit, by name."""
    rows = session.execute(
        select(Partner.id, Partner.name)
        .where(Partner.id.in_(select(Credit.partner_id)))
        .order_by(Partner.name)
    )
    return [(row[0], row[1]) for row in rows]
