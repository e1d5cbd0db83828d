"""Commission periods: one, all of them, the next act, and what was calculated in one."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, select, union
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.incentives.models import Accrual
from app.incentives.rules import AccrualKind
from app.kernel.errors import NotFound
from app.kernel.period import Days
from app.partners.models import Partner
from app.statements.models import CommissionPeriod, Statement
from app.statements.rules import PeriodState


def period(session: Session, period_id: UUID, *, lock: bool = False) -> CommissionPeriod:
    """Return one period; ``lock`` keeps others from moving it.

    :raises NotFound: if there is none
    """
    wanted = select(CommissionPeriod).where(CommissionPeriod.id == period_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def days(found: CommissionPeriod) -> Days:
    """Return the days of a period."""
    return Days(found.start, found.until)


def period_at(session: Session, start: date) -> CommissionPeriod | None:
    """Return the period that starts on ``start``."""
    wanted = select(CommissionPeriod).where(CommissionPeriod.start == start)
    return session.scalars(wanted).one_or_none()


def last_period(session: Session) -> CommissionPeriod | None:
    """Return the latest period."""
    wanted = select(CommissionPeriod).order_by(CommissionPeriod.start.desc()).limit(1)
    return session.scalars(wanted).one_or_none()


def period_before(session: Session, found: CommissionPeriod) -> CommissionPeriod | None:
    """Return the period that ends where this one starts."""
    wanted = select(CommissionPeriod).where(CommissionPeriod.until == found.start)
    return session.scalars(wanted).one_or_none()


def period_for_adjustments(session: Session) -> CommissionPeriod | None:
    """Return the first period that still takes lines, locked; None where none is open."""
    wanted = select(CommissionPeriod).where(
        CommissionPeriod.state.in_((PeriodState.OPEN, PeriodState.CALCULATED))
    )
    return session.scalars(
        wanted.order_by(CommissionPeriod.start).limit(1).with_for_update()
    ).one_or_none()


def periods(session: Session) -> Sequence[CommissionPeriod]:
    """Return every period, newest first."""
    return session.scalars(select(CommissionPeriod).order_by(CommissionPeriod.start.desc())).all()


def to_issue(session: Session, start: date) -> list[tuple[UUID, str]]:
    """Return each partner and currency that gets a statement for the period from ``start``.

    Those with a line in it, and those whose last statement carries a balance on.
    """
    with_lines = select(Accrual.partner_id, Accrual.currency).where(Accrual.period_start == start)
    last = (
        select(Statement.partner_id, Statement.currency, Statement.closing_minor)
        .ext(distinct_on(Statement.partner_id, Statement.currency))
        .where(Statement.period_start < start, Statement.corrects_id.is_(None))
        .order_by(Statement.partner_id, Statement.currency, Statement.period_start.desc())
        .subquery()
    )
    carried = select(last.c.partner_id, last.c.currency).where(last.c.closing_minor != 0)
    rows = session.execute(union(with_lines, carried))
    return sorted(((row[0], row[1]) for row in rows), key=lambda row: (str(row[0]), row[1]))


def _sum_of(kind: AccrualKind) -> Any:
    amount = func.sum(Accrual.amount_minor).filter(Accrual.kind == kind)
    return func.coalesce(amount, 0).label(kind.value)


@cache
def calculated_sums() -> Select[*tuple[Any, ...]]:
    """Return the statement that sums lines by month and currency: kinds, total, partners, lines."""
    return (
        select(
            Accrual.period_start,
            Accrual.currency,
            *(_sum_of(kind) for kind in AccrualKind),
            func.sum(Accrual.amount_minor).label("total"),
            func.count(Accrual.partner_id.distinct()).label("partners"),
            func.count().label("lines"),
        )
        .group_by(Accrual.period_start, Accrual.currency)
        .order_by(Accrual.period_start, Accrual.currency)
    )


def sums_by_month(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what was calculated in each month and currency."""
    return session.execute(calculated_sums()).all()


def sums_of(session: Session, start: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what was calculated in one month, by currency."""
    return session.execute(_sums(), {"start": start}).all()


@cache
def _sums() -> Select[*tuple[Any, ...]]:
    return calculated_sums().where(Accrual.period_start == bindparam("start"))


def sums_by_partner(
    session: Session, start: date, before: date | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return each partner's sums of a month by currency, and its total of the month ``before``."""
    return session.execute(_sums_by_partner(), {"start": start, "before": before}).all()


@cache
def _sums_by_partner() -> Select[*tuple[Any, ...]]:
    now, then = (Accrual.period_start == bindparam(name) for name in ("start", "before"))

    def total(name: str, *conditions: Any) -> Any:
        amount = func.sum(Accrual.amount_minor).filter(*conditions)
        return func.coalesce(amount, 0).label(name)

    return (
        select(
            Partner.id.label("partner_id"),
            Partner.name.label("partner_name"),
            Accrual.currency,
            func.count().filter(now).label("lines"),
            *(total(kind.value, now, Accrual.kind == kind) for kind in AccrualKind),
            total("total", now),
            total("before", then),
        )
        .join(Partner, Partner.id == Accrual.partner_id)
        .where(now | then)
        .group_by(Partner.id, Partner.name, Accrual.currency)
        .order_by(Partner.name, Accrual.currency)
    )
