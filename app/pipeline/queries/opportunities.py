"""One opportunity and what belongs to it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select, true
from sqlalchemy.orm import Session, joinedload

from app.access.rules import Actor
from app.kernel.errors import NotFound
from app.pipeline.models import Opportunity, OpportunityLine, Participant
from app.pipeline.rules import Facts, ParticipantState

ENGAGED = (ParticipantState.INVITED, ParticipantState.ACCEPTED)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on opportunities that ``actor`` may see: partners, those they were
    asked into and did not decline.
    """
    if actor.is_vendor:
        return true()
    own = select(Participant.opportunity_id).where(
        Participant.partner_id.in_(actor.partner_ids), Participant.state.in_(ENGAGED)
    )
    return Opportunity.id.in_(own)


def visible_to(actor: Actor) -> Select[Opportunity]:
    """Return the opportunities that ``actor`` may see."""
    return select(Opportunity).where(seen_by(actor))


def disclosed_to(actor: Actor) -> ColumnElement[bool]:
    """Return whether ``actor`` may read who the customer is: the vendor, and who accepted."""
    if actor.is_vendor:
        return true()
    accepted = select(Participant.id).where(
        Participant.opportunity_id == Opportunity.id,
        Participant.partner_id.in_(actor.partner_ids),
        Participant.state == ParticipantState.ACCEPTED,
    )
    return accepted.exists()


def one(session: Session, opportunity_id: UUID, *, actor: Actor, lock: bool = False) -> Opportunity:
    """Return an opportunity with its account, family, owner and registration.

    :raises NotFound: where there is none, or none that ``actor`` may see
    """
    wanted = visible_to(actor).where(Opportunity.id == opportunity_id)
    for part in (Opportunity.account, Opportunity.family, Opportunity.owner):
        wanted = wanted.options(joinedload(part))
    wanted = wanted.options(joinedload(Opportunity.registration))
    if lock:
        wanted = wanted.with_for_update(of=Opportunity).execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def lines(session: Session, opportunity_id: UUID) -> Sequence[OpportunityLine]:
    """Return the product lines in their order, with their products."""
    return session.scalars(
        select(OpportunityLine)
        .where(OpportunityLine.opportunity_id == opportunity_id)
        .options(joinedload(OpportunityLine.product))
        .order_by(OpportunityLine.position)
    ).all()


def participants(session: Session, opportunity_id: UUID) -> Sequence[Participant]:
    """Return the parts in an opportunity that the reader may see, with the partners."""
    return session.scalars(
        select(Participant)
        .where(Participant.opportunity_id == opportunity_id)
        .options(joinedload(Participant.partner))
        .order_by(Participant.invited_at, Participant.id)
    ).all()


def participation(
    session: Session, opportunity_id: UUID, participant_id: UUID, *, actor: Actor
) -> Participant:
    """Return one part of the actor's own partner, locked.

    :raises NotFound: where there is none, or it is another partner's
    """
    found = session.scalar(
        select(Participant)
        .where(
            Participant.id == participant_id,
            Participant.opportunity_id == opportunity_id,
            Participant.partner_id == actor.partner_id,
        )
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found


def part_of(
    session: Session, opportunity_id: UUID, partner_id: UUID, role: str
) -> Participant | None:
    """Return a partner's part in one role, whatever its state."""
    return session.scalar(
        select(Participant).where(
            Participant.opportunity_id == opportunity_id,
            Participant.partner_id == partner_id,
            Participant.role == role,
        )
    )


def has_accepted(session: Session, opportunity_id: UUID, *, actor: Actor) -> bool:
    """Return whether the actor's own partner takes part."""
    found = select(Participant.id).where(
        Participant.opportunity_id == opportunity_id,
        Participant.partner_id == actor.partner_id,
        Participant.state == ParticipantState.ACCEPTED,
    )
    return session.scalar(found.limit(1)) is not None


def criteria_facts(session: Session, opportunity: Opportunity, today: date) -> Facts:
    """Return what the exit criteria look at, in two statements."""
    count, total = session.execute(
        select(func.count(), func.coalesce(func.sum(OpportunityLine.amount_minor), 0)).where(
            OpportunityLine.opportunity_id == opportunity.id
        )
    ).one()
    states = session.scalars(
        select(Participant.state).where(Participant.opportunity_id == opportunity.id)
    ).all()
    return facts_of(opportunity, today, lines=(count, int(total)), states=states)


def facts_of(
    opportunity: Opportunity,
    today: date,
    *,
    lines: tuple[int, int],
    states: Sequence[ParticipantState],
) -> Facts:
    """Return what the exit criteria look at; ``lines`` is their number and sum in minor units."""
    return Facts(
        today=today,
        amount_minor=opportunity.amount_minor,
        close_on=opportunity.close_on,
        decision_on=opportunity.decision_on,
        next_step=opportunity.next_step,
        problem=opportunity.problem,
        lines=lines[0],
        lines_minor=lines[1],
        accepted=sum(state is ParticipantState.ACCEPTED for state in states),
        engaged=sum(state in ENGAGED for state in states),
    )


def reopened_as(session: Session, opportunity_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """Return id and number of the opportunity that reopens this one."""
    return session.execute(
        select(Opportunity.id, Opportunity.number)
        .where(Opportunity.reopens_id == opportunity_id)
        .order_by(Opportunity.opened_at.desc())
        .limit(1)
    ).one_or_none()


def of_registration(session: Session, registration_id: UUID, *, actor: Actor) -> UUID:
    """Return the opportunity that was started from a registration.

    :raises NotFound: where there is none, or none that ``actor`` may see
    """
    wanted = select(Opportunity.id).where(
        Opportunity.registration_id == registration_id, seen_by(actor)
    )
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def number_of(session: Session, opportunity_id: UUID | None, *, actor: Actor) -> str:
    """Return the number of an opportunity; empty where ``actor`` may not see it."""
    wanted = select(Opportunity.number).where(Opportunity.id == opportunity_id, seen_by(actor))
    return (session.scalar(wanted) or "") if opportunity_id is not None else ""
