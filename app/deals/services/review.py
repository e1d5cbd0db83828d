"""The review desk: take up, link the customer, send back, approve, reject."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor, Role
from app.accounts import queries as accounts
from app.deals import queries
from app.deals.models import Registration
from app.deals.rules import ASKABLE_FIELDS, LIFECYCLE, ClosingCode, DealAct, DealState
from app.deals.services.acts import move, needed, note, tell
from app.deals.services.clock import stop_clock
from app.deals.services.conflicts import assess
from app.deals.services.protection import grant
from app.kernel.errors import Conflict, FieldError, Forbidden, Invalid
from app.ledger.services import record


class OwnSubmission(Forbidden):
    """Nobody decides on what they submitted."""

    code = "deal.own_submission"


class AppealNeedsLead(Forbidden):
    """An appeal is decided by a channel lead."""

    code = "deal.appeal_needs_lead"


class NotUnderReview(Conflict):
    """The registration is not under review."""

    code = "deal.not_under_review"


def take_up(session: Session, registration_id: UUID, *, actor: Actor, at: datetime) -> Registration:
    """Begin the review of a submitted registration; its conflicts are looked up anew.

    :raises TransitionRefused: if it does not wait for one
    """
    registration = queries.one(session, registration_id, actor=actor, lock=True)
    move(session, registration, DealAct.TAKE_UP, actor=actor, at=at)
    registration.reviewer_id = actor.user_id
    assess(session, registration, at=at)
    _keep(session, registration, "deal.registration.reviewing", actor=actor, at=at)
    return registration


def link_account(
    session: Session, registration_id: UUID, *, account_id: UUID, actor: Actor, at: datetime
) -> Registration:
    """Decide which account the customer of a registration under review is.

    :raises NotUnderReview: if it is not under review
    :raises NotFound: if there is no such account
    """
    registration = queries.one(session, registration_id, actor=actor, lock=True)
    if registration.state is not DealState.IN_REVIEW:
        raise NotUnderReview("The customer can be decided only during a review.")
    account = accounts.one(session, account_id)
    registration.account_id = account.id
    assess(session, registration, at=at)
    note(session, registration, DealAct.LINK, actor=actor, at=at)
    record(
        session, "deal.registration.linked", subject=registration, actor=actor, at=at,
        account_id=account.id,
    )  # fmt: skip
    return registration


def approve(
    session: Session, registration_id: UUID, *, actor: Actor, at: datetime, reason: str = ""
) -> Registration:
    """Approve a registration under review and protect its customer.

    :raises TransitionRefused: if it is not under review
    :raises OwnSubmission: if the actor submitted it
    :raises AppealNeedsLead: if it was appealed and the actor is no channel lead
    :raises CustomerAlreadyClaimed: if another partner's protection is in force
    """
    registration = _to_decide(session, registration_id, DealAct.APPROVE, actor)
    grant(session, registration, actor=actor, at=at)
    registration.closing_code = None
    _decide(session, registration, DealAct.APPROVE, reason.strip(), actor=actor, at=at)
    stop_clock(registration)
    _keep(session, registration, "deal.registration.approved", actor=actor, at=at)
    tell(session, registration, "approved")
    return registration


def reject(
    session: Session,
    registration_id: UUID,
    *,
    code: ClosingCode,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Registration:
    """Reject a registration under review, with a code and a reason that the partner reads.

    :raises Invalid: if no reason is given
    :raises TransitionRefused: if it is not under review
    :raises OwnSubmission: if the actor submitted it
    :raises AppealNeedsLead: if it was appealed and the actor is no channel lead
    """
    said = needed(reason, "Give the partner a reason.")
    registration = _to_decide(session, registration_id, DealAct.REJECT, actor)
    registration.closing_code = code
    _decide(session, registration, DealAct.REJECT, said, actor=actor, at=at)
    stop_clock(registration)
    _keep(session, registration, "deal.registration.rejected", actor=actor, at=at)
    tell(session, registration, "rejected")
    return registration


def send_back(
    session: Session,
    registration_id: UUID,
    *,
    fields: Sequence[str],
    reason: str,
    actor: Actor,
    at: datetime,
) -> Registration:
    """Send a registration back; only ``fields`` may be changed before it comes again.

    :raises Invalid: if no field or no reason is given
    :raises TransitionRefused: if it is not under review
    """
    said = needed(reason, "Say what you need from the partner.")
    asked = [name for name in ASKABLE_FIELDS if name in fields]
    if not asked:
        message = "Choose at least one field that the partner may change."
        raise Invalid.fields(FieldError("fields", message, "deal.fields_missing"))
    registration = _to_decide(session, registration_id, DealAct.SEND_BACK, actor)
    registration.fields_asked = [*asked, "currency"] if "lines" in asked else asked
    _decide(session, registration, DealAct.SEND_BACK, said, actor=actor, at=at)
    stop_clock(registration)
    _keep(session, registration, "deal.registration.returned", actor=actor, at=at)
    tell(session, registration, "returned")
    return registration


def _to_decide(session: Session, registration_id: UUID, act: DealAct, actor: Actor) -> Registration:
    registration = queries.one(session, registration_id, actor=actor, lock=True)
    LIFECYCLE.next(registration.state, act)
    if actor.user_id is not None and actor.user_id == registration.submitted_by:
        raise OwnSubmission("You submitted this; somebody else decides on it.")
    if registration.appealed_at is not None and actor.role is Role.CHANNEL_MANAGER:
        raise AppealNeedsLead("A channel lead decides on an appeal.")
    return registration


def _decide(
    session: Session,
    registration: Registration,
    act: DealAct,
    reason: str,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    move(session, registration, act, actor=actor, at=at, reason=reason)
    registration.decided_at, registration.reason = at, reason
    registration.reviewer_id = actor.user_id or registration.reviewer_id


def _keep(
    session: Session, registration: Registration, event: str, *, actor: Actor, at: datetime
) -> None:
    code = registration.closing_code
    facts = {"closing_code": code} if code is not None else {}
    record(
        session, event, subject=registration, actor=actor, at=at,
        partner_id=registration.partner_id, number=registration.number, **facts,
    )  # fmt: skip
