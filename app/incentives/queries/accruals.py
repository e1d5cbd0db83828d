"""Commission lines that were calculated."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, union
from sqlalchemy.orm import Session

from app.attribution.models import AttributionRun, Credit
from app.incentives.models import Accrual
from app.incentives.rules import GRANTED
from app.partners.models import Partner


def accruals_in(session: Session, partner_id: UUID, period_start: date) -> Sequence[Accrual]:
    """Return a partner's calculated lines of the period that begins on ``period_start``."""
    return session.scalars(
        select(Accrual)
        .where(
            Accrual.partner_id == partner_id,
            Accrual.period_start == period_start,
            Accrual.part != GRANTED,
        )
        .order_by(*_ORDER)
    ).all()


def accruals_before(session: Session, partner_id: UUID, period_start: date) -> Sequence[Accrual]:
    """Return a partner's calculated lines of all periods before the one from ``period_start``."""
    return session.scalars(
        select(Accrual)
        .where(
            Accrual.partner_id == partner_id,
            Accrual.period_start < period_start,
            Accrual.part != GRANTED,
        )
        .order_by(*_ORDER)
    ).all()


_ORDER = (
    Accrual.earned_on, Accrual.plan_code, Accrual.component, Accrual.event_key, Accrual.part,
    Accrual.revision,
)  # fmt: skip


def accruals_of_partner(
    session: Session, partner_id: UUID, *, start: date = date.min, until: date = date.max
) -> Sequence[Accrual]:
    """Return a partner's lines of the periods that begin in [``start``, ``until``)."""
    return session.scalars(
        select(Accrual)
        .where(
            Accrual.partner_id == partner_id,
            Accrual.period_start >= start,
            Accrual.period_start < until,
        )
        .order_by(Accrual.period_start, *_ORDER)
    ).all()


def accruals_of_order(session: Session, order_number: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the lines that an order made, with the partners' names."""
    return session.execute(
        select(Accrual, Partner.name.label("partner_name"))
        .join(Partner, Partner.id == Accrual.partner_id)
        .where(Accrual.order_number == order_number)
        .order_by(Partner.name, *_ORDER)
    ).all()


def totals_of_period(session: Session, period_start: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return count and sum of the lines of a period, by partner, currency and kind."""
    return session.execute(
        select(
            Accrual.partner_id, Accrual.currency, Accrual.kind, func.count().label("count"),
            func.sum(Accrual.amount_minor).label("minor"),
        )
        .where(Accrual.period_start == period_start)
        .group_by(Accrual.partner_id, Accrual.currency, Accrual.kind)
        .order_by(Accrual.partner_id, Accrual.currency, Accrual.kind)
    ).all()  # fmt: skip


def partners_to_calculate(session: Session) -> list[UUID]:
    """Return every partner that is credited for something or ever earned something, by name."""
    credited = (
        select(Credit.partner_id)
        .join(AttributionRun, AttributionRun.id == Credit.run_id)
        .where(AttributionRun.is_current, Credit.partner_id.is_not(None))
    )
    known = union(credited, select(Accrual.partner_id)).subquery()
    found = session.scalars(
        select(Partner.id).where(Partner.id.in_(select(known))).order_by(Partner.name, Partner.id)
    )
    return list(found)
