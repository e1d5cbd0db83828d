"""Sums over documents: by month and route, of each measure; what is not attributed yet."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Select, case, cast, func, select
from sqlalchemy.orm import Session

from app.attribution.models import AttributionRun
from app.reporting.queries.documents import Asked, among, documents, route, routes
from app.reporting.rules import Measure, Route
from app.revenue.models import Order
from app.revenue.rules import OrderState


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
    return [
        MonthRoute(row.month, Route(row.route), int(row.minor), int(row.influenced), row.documents)
        for row in session.execute(_monthly(asked))
    ]


@lru_cache(maxsize=64)  # statements depend on what is asked alone
def _monthly(asked: Asked) -> Select[*tuple[Any, ...]]:
    document = documents(asked.measure)
    influenced = case((routes().c.is_influenced, document.c.minor), else_=0)
    wanted = among(
        asked,
        cast(func.date_trunc("month", document.c.on_day), Date).label("month"),
        route().label("route"),
        func.sum(document.c.minor).label("minor"),
        func.sum(influenced).label("influenced"),
        func.count().label("documents"),
    )
    return wanted.group_by("month", "route").order_by("month", "route")


def ladder(session: Session, asked: Asked) -> dict[Measure, int]:
    """Return the sum of each measure over the same orders' documents in the period."""
    return {
        measure: int(session.scalar(_sum(replace(asked, measure=measure))) or 0)
        for measure in Measure
    }


@lru_cache(maxsize=192)
def _sum(asked: Asked) -> Select[int]:
    return among(asked, func.coalesce(func.sum(documents(asked.measure).c.minor), 0))


def unattributed(session: Session, asked: Asked) -> int:
    """Return how many orders behind the numbers have no attribution run yet."""
    return session.scalar(_unattributed(asked)) or 0


@lru_cache(maxsize=64)
def _unattributed(asked: Asked) -> Select[int]:
    ran = select(AttributionRun.order_id).where(AttributionRun.is_current)
    return among(asked, func.count(Order.id.distinct())).where(Order.id.not_in(ran))


_CURRENCIES = (
    select(Order.currency, func.min(Order.booked_on), func.max(Order.booked_on))
    .where(Order.state == OrderState.BOOKED)
    .group_by(Order.currency)
    .order_by(func.sum(Order.total_minor).desc())
)


def currencies(session: Session) -> list[tuple[str, date, date]]:
    """Return each currency with orders, the largest first, and its first and last booking day."""
    return [(row[0], row[1], row[2]) for row in session.execute(_CURRENCIES)]
