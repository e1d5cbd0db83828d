"""What was said and done about an opportunity: notes, next steps, changes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.identity.models import User
from app.partners.models import Partner
from app.pipeline.models import InternalNote, NextStep, SharedNote, StageChange


def shared_notes(
    session: Session, opportunity_id: UUID, *, actor: Actor
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the shared notes that ``actor`` may read, newest first: at, text, who, of_partner."""
    wanted = (
        select(
            SharedNote.at, SharedNote.text, User.name.label("who"), Partner.name.label("of_partner")
        )
        .outerjoin(User, User.id == SharedNote.by_id)
        .outerjoin(Partner, Partner.id == SharedNote.partner_id)
        .where(SharedNote.opportunity_id == opportunity_id)
        .order_by(SharedNote.at.desc(), SharedNote.id)
        .limit(200)
    )
    if not actor.is_vendor:
        own = SharedNote.partner_id.in_(actor.partner_ids)
        wanted = wanted.where(own | SharedNote.partner_id.is_(None))
    return session.execute(wanted).all()


def internal_notes(session: Session, opportunity_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the notes of the vendor's people, newest first: at, text, who."""
    return session.execute(
        select(InternalNote.at, InternalNote.text, User.name.label("who"))
        .outerjoin(User, User.id == InternalNote.by_id)
        .where(InternalNote.opportunity_id == opportunity_id)
        .order_by(InternalNote.at.desc(), InternalNote.id)
        .limit(200)
    ).all()


def next_steps(
    session: Session, opportunity_id: UUID, *, actor: Actor
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the next steps once named that ``actor`` may read, newest first: at, text, who."""
    wanted = (
        select(NextStep.at, NextStep.text, User.name.label("who"))
        .outerjoin(User, User.id == NextStep.by_id)
        .where(NextStep.opportunity_id == opportunity_id)
        .order_by(NextStep.at.desc(), NextStep.id)
        .limit(50)
    )
    if not actor.is_vendor:
        own = NextStep.partner_id.in_(actor.partner_ids)
        wanted = wanted.where(own | NextStep.partner_id.is_(None))
    return session.execute(wanted).all()


def stage_changes(session: Session, opportunity_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the changes of an opportunity, newest first, with who made them."""
    return session.execute(
        select(
            StageChange.at,
            StageChange.from_stage,
            StageChange.to_stage,
            StageChange.currency,
            StageChange.amount_minor,
            StageChange.close_on,
            StageChange.reason,
            User.name.label("who"),
        )
        .outerjoin(User, User.id == StageChange.by_id)
        .where(StageChange.opportunity_id == opportunity_id)
        .order_by(StageChange.at.desc(), StageChange.position.desc())
        .limit(500)
    ).all()
