"""Start an opportunity: from an approved registration, directly, or again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.accounts import queries as accounts
from app.db.numbering import next_reference
from app.deals import queries as deals
from app.deals import services as deal_services
from app.deals.models import Registration, RegistrationLine
from app.kernel.errors import Conflict, Invalid
from app.kernel.money import Money
from app.ledger.services import record
from app.partners.models import Partner
from app.pipeline import queries
from app.pipeline.models import Opportunity, OpportunityLine, Participant
from app.pipeline.rules import (
    CATEGORY_OF,
    FINAL_STAGES,
    Line,
    ParticipantRole,
    ParticipantState,
    Stage,
    Terms,
    complaints,
)
from app.pipeline.services.acts import add_lines, keep_change, keep_step, note


class StillOpen(Conflict):
    """Only a launched or lost opportunity is reopened."""

    code = "pipeline.still_open"


class ReopenedBefore(Conflict):
    """The opportunity was reopened already."""

    code = "pipeline.reopened_before"


def start(
    session: Session, account_id: UUID, *, terms: Terms, actor: Actor, at: datetime
) -> Opportunity:
    """Start an opportunity that no partner registered.

    :raises NotFound: if there is no such account
    :raises Invalid: if something said cannot be
    """
    account = accounts.one(session, account_id)
    wrong = complaints(terms, at.date(), close_before=None)
    if wrong:
        raise Invalid.fields(*wrong)
    opportunity = _new(session, terms, at=at)
    opportunity.account_id, opportunity.customer_name = account.id, account.name
    opportunity.owner_id = terms.owner_id or actor.user_id
    _begin(session, opportunity, terms.next_step, actor=actor, at=at)
    return opportunity


def start_from_registration(
    session: Session, registration_id: UUID, *, actor: Actor, at: datetime
) -> Opportunity:
    """Start the opportunity of an approved registration; its partner is the source.

    :raises NotFound: if there is no such registration
    :raises TransitionRefused: if it is not approved
    """
    registration = deal_services.convert(session, registration_id, actor=actor, at=at)
    opportunity = _new(session, _terms(registration), at=at)
    opportunity.account_id = registration.account_id
    opportunity.customer_name = registration.customer_name
    opportunity.registration_id = registration.id
    partner = session.get_one(Partner, registration.partner_id)
    sells = actor.user_id is not None and actor.is_vendor
    opportunity.owner_id = actor.user_id if sells else partner.manager_id
    _begin(session, opportunity, "", actor=actor, at=at)
    add_lines(session, opportunity, _said(deals.lines(session, registration.id)))
    _take_part(session, opportunity, partner.id, ParticipantRole.SOURCE, actor=actor, at=at)
    return opportunity


def reopen(session: Session, opportunity_id: UUID, *, actor: Actor, at: datetime) -> Opportunity:
    """Start anew what was launched or lost, as a new opportunity linked to the old one.

    Lines and partners that had accepted come along; the close date does not.

    :raises StillOpen: if it is not closed
    :raises ReopenedBefore: if it was reopened already
    """
    before = queries.one(session, opportunity_id, actor=actor, lock=True)
    if before.stage not in FINAL_STAGES:
        raise StillOpen("This opportunity is still open.")
    later = queries.reopened_as(session, before.id)
    if later is not None:
        raise ReopenedBefore(f"It was reopened as {later.number} already.")
    again = _new(session, _terms_again(before), at=at)
    again.account_id, again.customer_name = before.account_id, before.customer_name
    again.owner_id, again.owner_name = before.owner_id, before.owner_name
    again.reopens_id = before.id
    _begin(session, again, "", actor=actor, at=at)
    add_lines(session, again, _said(queries.lines(session, before.id)))
    for part in queries.participants(session, before.id):
        if part.state is ParticipantState.ACCEPTED:
            _take_part(session, again, part.partner_id, part.role, actor=actor, at=at)
    note(session, "reopened", before, actor=actor, at=at, reopened_as=again.number)
    return again


def _new(session: Session, terms: Terms, *, at: datetime) -> Opportunity:
    return Opportunity(
        number=next_reference(session, "OP", at.year),
        title=terms.title,
        family_id=terms.family_id,
        stage=Stage.PROSPECT,
        category=CATEGORY_OF[Stage.PROSPECT],
        currency=terms.amount.currency,
        amount_minor=terms.amount.minor,
        close_on=terms.close_on,
        decision_on=terms.decision_on,
        problem=terms.problem,
        opened_at=at,
        stage_since=at,
        active_at=at,
    )


def _begin(
    session: Session, opportunity: Opportunity, next_step: str, *, actor: Actor, at: datetime
) -> None:
    session.add(opportunity)
    session.flush()
    keep_step(session, opportunity, next_step, actor=actor, at=at)
    keep_change(session, opportunity, None, actor=actor, at=at)
    registration_id = opportunity.registration_id
    facts = {"registration_id": str(registration_id)} if registration_id is not None else {}
    note(session, "started", opportunity, actor=actor, at=at, **facts)


def _take_part(
    session: Session,
    opportunity: Opportunity,
    partner_id: UUID,
    role: ParticipantRole,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    part = Participant(
        opportunity_id=opportunity.id,
        partner_id=partner_id,
        role=role,
        state=ParticipantState.ACCEPTED,
        invited_at=at,
        answered_at=at,
    )
    session.add(part)
    session.flush()
    record(
        session, "pipeline.participant.accepted", subject=part, actor=actor, at=at,
        partner_id=partner_id, opportunity_id=str(opportunity.id), role=role.value,
    )  # fmt: skip


def _said(lines: Sequence[RegistrationLine] | Sequence[OpportunityLine]) -> list[Line]:
    return [Line(line.product_id, line.quantity, line.amount_minor) for line in lines]


def _terms(registration: Registration) -> Terms:
    return Terms(
        title=registration.title,
        amount=Money(registration.amount_minor, registration.currency),
        close_on=registration.expected_close_on,
        problem=registration.problem,
        family_id=registration.family_id,
    )


def _terms_again(before: Opportunity) -> Terms:
    return Terms(
        title=before.title,
        amount=Money(before.amount_minor, before.currency),
        problem=before.problem,
        family_id=before.family_id,
    )
