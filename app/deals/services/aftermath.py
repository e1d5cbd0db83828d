"""After a decision: withdraw, appeal, ask for longer protection, convert."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.deals import queries
from app.deals.models import Extension, Registration
from app.deals.rules import LIFECYCLE, DealAct, DealState, ExtensionState
from app.deals.services.acts import constraint_of, move, needed, own, tell
from app.deals.services.clock import start_clock, stop_clock
from app.deals.services.protection import close_request, prolong, release
from app.kernel.errors import Conflict
from app.ledger.services import record

_ONE_PENDING = "uq_extension_one_pending"


class AppealedBefore(Conflict):
    """A rejection can be appealed once."""

    code = "deal.appealed_before"


class NotProtected(Conflict):
    """Only an approved registration has protection to make longer."""

    code = "deal.not_protected"


class ExtensionPending(Conflict):
    """A request for longer protection waits for its answer."""

    code = "deal.extension_pending"


class NoExtensionLeft(Conflict):
    """The tier allows no further extension."""

    code = "deal.no_extension_left"


class NothingAsked(Conflict):
    """No request for longer protection waits for an answer."""

    code = "deal.nothing_asked"


def withdraw(
    session: Session, registration_id: UUID, *, actor: Actor, at: datetime, reason: str = ""
) -> Registration:
    """Take a registration back; its customer becomes free for others.

    :raises TransitionRefused: if its state does not allow it
    """
    registration = own(session, registration_id, actor=actor)
    was_approved = registration.state is DealState.APPROVED
    move(session, registration, DealAct.WITHDRAW, actor=actor, at=at, reason=reason.strip())
    stop_clock(registration)
    record(
        session, "deal.registration.withdrawn", subject=registration, actor=actor, at=at,
        partner_id=registration.partner_id,
    )  # fmt: skip
    if was_approved:
        close_request(session, registration, at=at)
        release(session, registration, actor=actor, at=at)
    tell(session, registration, "withdrawn")
    return registration


def appeal(
    session: Session, registration_id: UUID, *, reason: str, actor: Actor, at: datetime
) -> Registration:
    """Ask a channel lead to look at a rejection again; possible once.

    :raises AppealedBefore: if that was done before
    :raises TransitionRefused: if it is not rejected
    :raises Invalid: if no reason is given
    """
    registration = own(session, registration_id, actor=actor)
    LIFECYCLE.next(registration.state, DealAct.APPEAL)
    if registration.appealed_at is not None:
        raise AppealedBefore("This rejection was appealed before; the second decision stands.")
    said = needed(reason, "Say why the decision should be looked at again.")
    move(session, registration, DealAct.APPEAL, actor=actor, at=at, reason=said)
    registration.appealed_at = at
    start_clock(session, registration, at=at)
    record(
        session, "deal.registration.appealed", subject=registration, actor=actor, at=at,
        partner_id=registration.partner_id,
    )  # fmt: skip
    tell(session, registration, "appealed")
    return registration


def ask_extension(
    session: Session, registration_id: UUID, *, why: str, actor: Actor, at: datetime
) -> Extension:
    """Ask for longer protection, by as many days as the tier gives.

    :raises NotProtected: if the registration is not approved
    :raises ExtensionPending: if a request waits
    :raises NoExtensionLeft: if the tier allows no more
    :raises Invalid: if no reason is given
    """
    registration = own(session, registration_id, actor=actor)
    if registration.state is not DealState.APPROVED:
        raise NotProtected("Only the protection of an approved registration can be made longer.")
    said = needed(why, "Say why more time is needed.")
    _refuse_more(session, registration)
    request = Extension(
        registration_id=registration.id,
        partner_id=registration.partner_id,
        state=ExtensionState.REQUESTED,
        days=registration.partner.tier.extension_days,
        why=said,
        asked_at=at,
    )
    try:
        with session.begin_nested():
            session.add(request)
            session.flush()
    except IntegrityError as refused:
        if constraint_of(refused) != _ONE_PENDING:
            raise
        raise ExtensionPending("A request for longer protection already waits.") from None
    _keep(session, registration, request, "deal.extension.requested", actor=actor, at=at)
    tell(session, registration, "extension_asked")
    return request


def answer_extension(
    session: Session,
    registration_id: UUID,
    *,
    granted: bool,
    answer: str,
    actor: Actor,
    at: datetime,
) -> Extension:
    """Grant or refuse longer protection; a refusal gives its reason.

    :raises NothingAsked: if no request waits
    :raises ProtectionOver: if the protection has run out meanwhile
    :raises Invalid: if it is refused without a reason
    """
    registration = queries.one(session, registration_id, actor=actor, lock=True)
    request = queries.pending_extension(session, registration.id, lock=True)
    if request is None:
        raise NothingAsked("No request for longer protection waits for an answer.")
    request.answer = answer.strip() if granted else needed(answer, "Give the partner a reason.")
    request.state = ExtensionState.GRANTED if granted else ExtensionState.REFUSED
    request.answered_at, request.answered_by = at, actor.user_id
    if granted:
        prolong(session, registration, request.days, actor=actor, at=at)
    event = f"deal.extension.{request.state}"
    _keep(session, registration, request, event, actor=actor, at=at)
    tell(session, registration, f"extension_{request.state}")
    return request


def convert(session: Session, registration_id: UUID, *, actor: Actor, at: datetime) -> Registration:
    """Note that an opportunity was started from an approved registration; protection runs on.

    :raises TransitionRefused: if it is not approved
    """
    registration = queries.one(session, registration_id, actor=actor, lock=True)
    move(session, registration, DealAct.CONVERT, actor=actor, at=at)
    close_request(session, registration, at=at)
    record(
        session, "deal.registration.converted", subject=registration, actor=actor, at=at,
        partner_id=registration.partner_id, number=registration.number,
    )  # fmt: skip
    return registration


def _refuse_more(session: Session, registration: Registration) -> None:
    before = queries.extensions(session, registration.id)
    if any(one.state is ExtensionState.REQUESTED for one in before):
        raise ExtensionPending("A request for longer protection already waits.")
    granted = sum(one.state is ExtensionState.GRANTED for one in before)
    allowed = registration.partner.tier.extensions
    if granted >= allowed:
        times = "once" if allowed == 1 else f"{allowed} times"
        sentence = f"Your tier allows protection to be made longer {times}."
        raise NoExtensionLeft(sentence if allowed else "Your tier allows no longer protection.")


def _keep(
    session: Session,
    registration: Registration,
    request: Extension,
    event: str,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    record(
        session, event, subject=request, actor=actor, at=at,
        partner_id=registration.partner_id, registration_id=registration.id, days=request.days,
    )  # fmt: skip
