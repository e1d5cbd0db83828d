"""Partners taking part: invite, accept, decline; and notes, shared or internal."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.jobs.services import enqueue
from app.kernel.errors import Conflict, FieldError, Forbidden, Invalid
from app.ledger.services import record
from app.partners.models import Partner
from app.partners.rules import PartnerState
from app.pipeline import queries
from app.pipeline.models import InternalNote, Opportunity, Participant, SharedNote
from app.pipeline.rules import (
    LONGEST_NOTE,
    PARTICIPATION,
    ParticipantAct,
    ParticipantRole,
    ParticipantState,
)
from app.pipeline.services.acts import find_open, needed, refuse_onlookers, touch


class InvitedBefore(Conflict):
    """The partner was invited in this role already."""

    code = "pipeline.invited_before"


class NobodyToSign(Forbidden):
    """Notes are written by people; the system has none to sign with."""

    code = "pipeline.nobody_to_sign"


def invite(
    session: Session,
    opportunity_id: UUID,
    *,
    partner_id: UUID,
    role: ParticipantRole,
    actor: Actor,
    at: datetime,
) -> Participant:
    """Ask a partner to take part in one role; one that declined can be asked again.

    :raises OpportunityClosed: if it is launched or lost
    :raises InvitedBefore: if it was asked in this role and has not declined
    :raises Invalid: if the partner cannot be invited
    """
    opportunity = find_open(session, opportunity_id, actor=actor)
    partner = session.get(Partner, partner_id)
    if partner is None or partner.state not in (PartnerState.ACTIVE, PartnerState.ONBOARDING):
        error = FieldError("partner_id", "Choose one of the list.", "pipeline.partner")
        raise Invalid.fields(error)
    part = queries.part_of(session, opportunity.id, partner_id, role)
    if part is not None and part.state is not ParticipantState.DECLINED:
        raise InvitedBefore(f"{partner.name} was invited in this role already.")
    if part is None:
        part = Participant(opportunity_id=opportunity.id, partner_id=partner_id, role=role)
    part.state, part.invited_at, part.answered_at = ParticipantState.INVITED, at, None
    session.add(part)
    _keep(session, "invited", opportunity, part, actor=actor, at=at)
    enqueue(session, "pipeline.tell_invited", participant_id=str(part.id))
    return part


def accept(
    session: Session, opportunity_id: UUID, participant_id: UUID, *, actor: Actor, at: datetime
) -> Participant:
    """Accept a part for the actor's own partner; from now on it knows the customer.

    :raises NotFound: where there is no such invitation of the actor's partner
    :raises TransitionRefused: if it was answered before
    """
    return _answer(session, opportunity_id, participant_id, ParticipantAct.ACCEPT, actor, at)


def decline(
    session: Session, opportunity_id: UUID, participant_id: UUID, *, actor: Actor, at: datetime
) -> Participant:
    """Decline a part for the actor's own partner.

    :raises NotFound: where there is no such invitation of the actor's partner
    :raises TransitionRefused: if it was answered before
    """
    return _answer(session, opportunity_id, participant_id, ParticipantAct.DECLINE, actor, at)


def add_shared_note(
    session: Session, opportunity_id: UUID, *, text: str, actor: Actor, at: datetime
) -> SharedNote:
    """Write a note for the other side: the vendor's reaches all who take part, a partner's the
    vendor alone.

    :raises NotTakingPart: if the actor's partner has not accepted
    :raises Invalid: if nothing is said
    """
    opportunity = queries.one(session, opportunity_id, actor=actor)
    refuse_onlookers(session, opportunity, actor=actor)
    said = _said(text, actor)
    note = SharedNote(opportunity_id=opportunity.id, at=at, partner_id=actor.partner_id, **said)
    session.add(note)
    session.flush()
    record(session, "pipeline.note.shared", subject=note, actor=actor, at=at,
           opportunity_id=str(opportunity.id))  # fmt: skip
    touch(session, opportunity.id, at)
    return note


def add_internal_note(
    session: Session, opportunity_id: UUID, *, text: str, actor: Actor, at: datetime
) -> InternalNote:
    """Write a note that only the vendor's people read.

    :raises Invalid: if nothing is said
    """
    opportunity = queries.one(session, opportunity_id, actor=actor)
    note = InternalNote(opportunity_id=opportunity.id, at=at, **_said(text, actor))
    session.add(note)
    session.flush()
    record(session, "pipeline.note.kept", subject=note, actor=actor, at=at,
           opportunity_id=str(opportunity.id))  # fmt: skip
    touch(session, opportunity.id, at)
    return note


def _said(text: str, actor: Actor) -> dict[str, Any]:
    said = needed(text, "Write something first.", "text")
    if len(said) > LONGEST_NOTE:
        sentence = f"At most {LONGEST_NOTE} characters."
        raise Invalid.fields(FieldError("text", sentence, "pipeline.text"))
    if actor.user_id is None:
        raise NobodyToSign("Only people write notes.")
    return {"text": said, "by_id": actor.user_id}


def _answer(
    session: Session,
    opportunity_id: UUID,
    participant_id: UUID,
    act: ParticipantAct,
    actor: Actor,
    at: datetime,
) -> Participant:
    opportunity = find_open(session, opportunity_id, actor=actor)
    part = queries.participation(session, opportunity.id, participant_id, actor=actor)
    part.state = PARTICIPATION.next(part.state, act)
    part.answered_at = at
    touch(session, opportunity.id, at)
    _keep(session, part.state.value, opportunity, part, actor=actor, at=at)
    enqueue(session, "pipeline.tell_owner", participant_id=str(part.id))
    return part


def _keep(
    session: Session,
    event: str,
    opportunity: Opportunity,
    part: Participant,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    session.flush()
    record(
        session, f"pipeline.participant.{event}", subject=part, actor=actor, at=at,
        partner_id=part.partner_id, opportunity_id=str(opportunity.id), role=part.role.value,
    )  # fmt: skip
