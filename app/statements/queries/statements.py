"""Statements and their lines: one, lists, what is on a partner's earnings page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased, joinedload

from app.access.rules import Actor
from app.kernel.errors import NotFound
from app.partners.models import Partner
from app.statements.models import Payout, Statement, StatementLine

_correction = aliased(Statement)
_COLUMNS = (
    Statement.id,
    Statement.number,
    Statement.period_start,
    Statement.currency,
    Statement.opening_minor,
    Statement.earned_minor,
    Statement.adjustments_minor,
    Statement.clawbacks_minor,
    Statement.paid_minor,
    Statement.closing_minor,
    Statement.held_minor,
    Statement.issued_at,
    Statement.dispute_until,
    Statement.corrects_id,
    Statement.partner_id,
    Statement.period_id,
    Partner.name.label("partner_name"),
    Payout.state.label("payout_state"),
    Payout.number.label("payout_number"),
    Payout.id.label("payout_id"),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which statements are listed."""

    search: str = ""
    currency: str = ""
    period_id: UUID | None = None
    partner_id: UUID | None = None


def visible_to(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the statements that ``actor`` may see: the vendor all, a partner its own reach."""
    found = select(Statement)
    return found if actor.is_vendor else found.where(Statement.partner_id.in_(actor.partner_ids))


def statement(session: Session, statement_id: UUID, *, actor: Actor) -> Statement:
    """Return one statement with its partner and the company that issued it.

    :raises NotFound: if there is none that ``actor`` may see
    """
    wanted = visible_to(actor).where(Statement.id == statement_id)
    found: Statement | None = session.scalars(
        wanted.options(joinedload(Statement.partner), joinedload(Statement.entity))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def issued(session: Session, period_id: UUID, partner_id: UUID, currency: str) -> Statement | None:
    """Return the statement that was issued for a period, partner and currency."""
    return session.scalars(
        select(Statement).where(
            Statement.period_id == period_id,
            Statement.partner_id == partner_id,
            Statement.currency == currency,
            Statement.corrects_id.is_(None),
        )
    ).one_or_none()


def statements_of(session: Session, period_id: UUID) -> Sequence[Statement]:
    """Return the statements of a period, without corrections, in order of their numbers."""
    wanted = select(Statement).where(
        Statement.period_id == period_id, Statement.corrects_id.is_(None)
    )
    return session.scalars(wanted.order_by(Statement.number)).all()


def lines(session: Session, found: Statement) -> Sequence[StatementLine]:
    """Return the lines of a statement in order; a correction shows those of what it corrects."""
    root = found.corrects_id or found.id
    wanted = select(StatementLine).where(StatementLine.statement_id == root)
    return session.scalars(wanted.order_by(StatementLine.position)).all()


def line(session: Session, line_id: UUID, *, actor: Actor) -> StatementLine:
    """Return one line of a statement.

    :raises NotFound: if there is none that ``actor`` may see
    """
    wanted = select(StatementLine).where(StatementLine.id == line_id)
    if not actor.is_vendor:
        wanted = wanted.where(StatementLine.partner_id.in_(actor.partner_ids))
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def correction_of(session: Session, statement_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """Return the newest statement that corrects another: id and number."""
    wanted = select(Statement.id, Statement.number).where(Statement.corrects_id == statement_id)
    return session.execute(wanted.order_by(Statement.issued_at.desc()).limit(1)).one_or_none()


def number_of(session: Session, statement_id: UUID | None) -> str:
    """Return the number of a statement; empty where there is none."""
    if statement_id is None:
        return ""
    wanted = select(Statement.number).where(Statement.id == statement_id)
    return session.scalar(wanted) or ""


@lru_cache(maxsize=128)
def listing(actor: Actor, filters: Filters) -> Select[*tuple[Any, ...]]:
    """Return the statement behind a list of statements, newest first, with their payouts."""
    rows = (
        select(*_COLUMNS)
        .join(Partner, Partner.id == Statement.partner_id)
        .outerjoin(Payout, Payout.statement_id == Statement.id)
        .order_by(Statement.period_start.desc(), Partner.name, Statement.currency, Statement.number)
    )
    if not actor.is_vendor:
        rows = rows.where(Statement.partner_id.in_(actor.partner_ids))
    return rows.where(*_conditions(filters))


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.search:
        said = filters.search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        found.append(or_(Partner.name.ilike(f"%{said}%"), Statement.number.ilike(f"%{said}%")))
    if filters.currency:
        found.append(Statement.currency == filters.currency)
    if filters.period_id is not None:
        found.append(Statement.period_id == filters.period_id)
    if filters.partner_id is not None:
        found.append(Statement.partner_id == filters.partner_id)
    return found


def latest_of(session: Session, partner_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return a partner's last statement in each currency, as rows of the list."""
    return session.execute(_LATEST, {"partner_id": partner_id}).all()


_LATEST = (
    select(*_COLUMNS)
    .ext(distinct_on(Statement.currency))
    .join(Partner, Partner.id == Statement.partner_id)
    .outerjoin(Payout, Payout.statement_id == Statement.id)
    .where(Statement.partner_id == bindparam("partner_id"), Statement.corrects_id.is_(None))
    .order_by(Statement.currency, Statement.period_start.desc())
)
