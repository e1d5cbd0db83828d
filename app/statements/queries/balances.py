"""What a statement is made of: lines, what was carried on, the months before."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.incentives.models import Accrual, Plan, PlanVersion
from app.partners.models import Partner
from app.statements.models import Statement, StatementLine
from app.statements.queries.gates import Account


def accruals(session: Session, account: Account, start: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the commission lines of one month with the name of their plan, in reading order."""
    return session.execute(
        select(Accrual, Plan.name.label("plan_name"))
        .join(PlanVersion, PlanVersion.id == Accrual.plan_version_id)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .where(
            Accrual.partner_id == account[0],
            Accrual.currency == account[1],
            Accrual.period_start == start,
        )
        .order_by(
            Plan.name,
            Accrual.kind.desc(),
            Accrual.earned_on,
            Accrual.order_number,
            Accrual.component,
            Accrual.event_key,
            Accrual.part,
            Accrual.revision,
        )
    ).all()


def months_before(
    session: Session, account: Account, start: date, since: date
) -> list[Row[*tuple[Any, ...]]]:
    """Return the statements of [``since``, ``start``): month, net earned, paid, closing balance."""
    net = Statement.earned_minor + Statement.adjustments_minor - Statement.clawbacks_minor
    return list(
        session.execute(
            select(
                Statement.period_start,
                net.label("net_minor"),
                Statement.paid_minor,
                Statement.closing_minor,
            )
            .where(
                Statement.partner_id == account[0],
                Statement.currency == account[1],
                Statement.period_start >= since,
                Statement.period_start < start,
                Statement.corrects_id.is_(None),
            )
            .order_by(Statement.period_start)
        )
    )


def carried(session: Session, account: Account, start: date) -> int:
    """Return the closing balance of the last statement before a month, in minor units."""
    found = session.scalar(
        select(Statement.closing_minor)
        .where(
            Statement.partner_id == account[0],
            Statement.currency == account[1],
            Statement.period_start < start,
            Statement.corrects_id.is_(None),
        )
        .order_by(Statement.period_start.desc())
        .limit(1)
    )
    return found or 0


def partner(session: Session, partner_id: UUID) -> Partner:
    """Return the partner a statement is for."""
    return session.scalars(select(Partner).where(Partner.id == partner_id)).one()


def accruals_without_line(session: Session, start: date) -> int:
    """Return how many commission lines of a month stand on no statement."""
    rows = session.scalars(
        select(Accrual.id)
        .outerjoin(StatementLine, StatementLine.accrual_id == Accrual.id)
        .where(Accrual.period_start == start, StatementLine.id.is_(None))
    )
    return len(rows.all())
