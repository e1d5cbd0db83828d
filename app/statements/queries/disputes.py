"""Disputes and their threads."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from app.access.rules import Actor, Role
from app.identity.models import User
from app.kernel.errors import NotFound
from app.partners.models import Partner
from app.statements.models import Dispute, DisputeMessage, Statement, StatementLine
from app.statements.rules import OPEN_DISPUTES


def visible_disputes(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the disputes that ``actor`` may see: the vendor all, a partner its own reach."""
    found = select(Dispute)
    return found if actor.is_vendor else found.where(Dispute.partner_id.in_(actor.partner_ids))


def dispute(session: Session, dispute_id: UUID, *, actor: Actor, lock: bool = False) -> Dispute:
    """Return one dispute with its line and partner.

    :raises NotFound: if there is none that ``actor`` may see
    """
    wanted = visible_disputes(actor).where(Dispute.id == dispute_id)
    wanted = wanted.options(joinedload(Dispute.line), joinedload(Dispute.partner))
    if lock:
        wanted = wanted.with_for_update(of=Dispute).execution_options(populate_existing=True)
    found: Dispute | None = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def open_dispute_of(session: Session, line_id: UUID) -> Dispute | None:
    """Return the dispute about a line that is not decided yet."""
    wanted = select(Dispute).where(Dispute.line_id == line_id, Dispute.state.in_(OPEN_DISPUTES))
    return session.scalars(wanted).one_or_none()


def disputes_of_statement(
    session: Session, statement_id: UUID
) -> dict[UUID, Row[*tuple[Any, ...]]]:
    """Return the newest dispute of each disputed line of a statement: id, number, state."""
    rows = session.execute(
        select(Dispute.line_id, Dispute.id, Dispute.number, Dispute.state)
        .where(Dispute.statement_id == statement_id)
        .order_by(Dispute.raised_at)
    )
    return {row.line_id: row for row in rows}


def messages(session: Session, dispute_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the thread of a dispute: who, from which side, when, what; oldest first."""
    return session.execute(
        select(
            DisputeMessage.id,
            DisputeMessage.at,
            DisputeMessage.text,
            User.name.label("who"),
            (User.partner_id.is_not(None)).label("is_partner"),
        )
        .join(User, User.id == DisputeMessage.by_id)
        .where(DisputeMessage.dispute_id == dispute_id)
        .order_by(DisputeMessage.at, DisputeMessage.id)
    ).all()


def disputes_listed(actor: Actor, *, only_open: bool = False) -> Select[*tuple[Any, ...]]:
    """Return the statement behind a list of disputes: open ones first, the most urgent on top."""
    is_open = Dispute.state.in_(OPEN_DISPUTES)
    rows = (
        select(
            Dispute.id,
            Dispute.number,
            Dispute.state,
            Dispute.currency,
            Dispute.expected_minor,
            Dispute.raised_at,
            Dispute.answer_due_at,
            Dispute.decided_at,
            is_open.label("is_open"),
            StatementLine.title,
            StatementLine.order_number,
            StatementLine.customer_name,
            StatementLine.amount_minor,
            Statement.id.label("statement_id"),
            Statement.number.label("statement_number"),
            Partner.name.label("partner_name"),
        )
        .join(StatementLine, StatementLine.id == Dispute.line_id)
        .join(Statement, Statement.id == Dispute.statement_id)
        .join(Partner, Partner.id == Dispute.partner_id)
        .order_by(
            case((is_open, 0), else_=1),
            case((is_open, Dispute.answer_due_at), else_=None),
            Dispute.raised_at.desc(),
        )
    )
    if not actor.is_vendor:
        rows = rows.where(Dispute.partner_id.in_(actor.partner_ids))
    return rows.where(is_open) if only_open else rows


def open_disputes(session: Session, *, actor: Actor) -> int:
    """Return how many disputes wait for a decision."""
    return (
        session.scalar(
            select(func.count()).select_from(disputes_listed(actor, only_open=True).subquery())
        )
        or 0
    )


def name_of(session: Session, user_id: UUID | None) -> str:
    """Return somebody's name; empty where there is none."""
    if user_id is None:
        return ""
    return session.scalar(select(User.name).where(User.id == user_id)) or ""


def finance_people(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return whoever decides on disputes: name, email, locale, zone."""
    return session.execute(
        select(User.name, User.email, User.locale, User.zone)
        .where(User.role == Role.FINANCE, User.is_active)
        .order_by(User.email)
    ).all()


def partner_admins(session: Session, partner_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the admins of a partner who may sign in: name, email, locale, zone."""
    return session.execute(
        select(User.name, User.email, User.locale, User.zone)
        .where(User.partner_id == partner_id, User.role == Role.PARTNER_ADMIN, User.is_active)
        .order_by(User.email)
    ).all()
