"""Letters about taking part; and the check of rivals, which every process loads with its jobs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.deals.services import RIVAL_CHECKS
from app.identity.models import User
from app.jobs.registry import job
from app.mail.services import post
from app.pipeline.models import Opportunity, Participant
from app.pipeline.services import open_opportunities

T = TypeVar("T", Opportunity, Participant)

if open_opportunities not in RIVAL_CHECKS:
    RIVAL_CHECKS.append(open_opportunities)


@job("pipeline.tell_invited")
def tell_invited(session: Session, *, at: datetime, participant_id: str) -> None:
    """Write to the people of an invited partner; the customer is not named."""
    part, opportunity = _about(session, participant_id)
    team = select(User).where(User.partner_id == part.partner_id, User.is_active)
    _write(session, "invited", session.scalars(team).all(), part, opportunity, at=at)


@job("pipeline.tell_owner")
def tell_owner(session: Session, *, at: datetime, participant_id: str) -> None:
    """Write to the owner of an opportunity how a partner answered."""
    part, opportunity = _about(session, participant_id)
    owner = session.get(User, opportunity.owner_id) if opportunity.owner_id is not None else None
    readers = [owner] if owner is not None and owner.is_active else []
    _write(session, "answered", readers, part, opportunity, at=at)


def _about(session: Session, participant_id: str) -> tuple[Participant, Opportunity]:
    part = _loaded(session, Participant, UUID(participant_id), Participant.partner)
    opportunity = _loaded(session, Opportunity, part.opportunity_id, Opportunity.family)
    return part, opportunity


def _loaded(session: Session, kind: type[T], row_id: UUID, part: Any) -> T:
    return session.get_one(kind, row_id, options=[joinedload(part)], populate_existing=True)


def _write(
    session: Session,
    letter: str,
    readers: Sequence[User],
    part: Participant,
    opportunity: Opportunity,
    *,
    at: datetime,
) -> None:
    for person in readers:
        post(
            session,
            to=person.email,
            template=f"pipeline/mail/{letter}",
            at=at,
            partner_id=person.partner_id,
            name=person.name,
            part=part,
            opportunity=opportunity,
            path=f"/pipeline/{opportunity.id}",
            locale=person.locale,
            zone=person.zone,
        )
