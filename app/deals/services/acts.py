"""What every act on a registration shares: whose it is, the move, the row of who and why."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.deals import queries
from app.deals.models import Decision, Registration
from app.deals.rules import LIFECYCLE, ClosingCode, DealAct
from app.jobs.services import enqueue
from app.kernel.errors import FieldError, Forbidden, Invalid


class NotYourRegistration(Forbidden):
    """It belongs to another organisation, which this actor may see but not act for."""

    code = "deal.not_yours"


def own(session: Session, registration_id: UUID, *, actor: Actor) -> Registration:
    """Return a registration of the actor's own organisation, locked.

    :raises NotFound: where there is none that the actor may see
    :raises NotYourRegistration: if it belongs to another organisation
    """
    registration = queries.one(session, registration_id, actor=actor, lock=True)
    if registration.partner_id != actor.partner_id:
        raise NotYourRegistration("Only the organisation that made this registration can do that.")
    return registration


def move(
    session: Session,
    registration: Registration,
    act: DealAct,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Move a registration along its lifecycle and keep who did it, when and why.

    :raises TransitionRefused: if its state does not allow ``act``
    """
    registration.state = LIFECYCLE.next(registration.state, act)
    note(session, registration, act, actor=actor, at=at, reason=reason)


def note(
    session: Session,
    registration: Registration,
    act: DealAct,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> Decision:
    """Keep that something was done to a registration, for its timeline."""
    code: ClosingCode | None = registration.closing_code if act is DealAct.REJECT else None
    row = Decision(
        registration_id=registration.id,
        partner_id=registration.partner_id,
        act=act,
        by_id=actor.user_id,
        at=at,
        reason=reason,
        closing_code=code,
    )
    session.add(row)
    return row


def tell(session: Session, registration: Registration, letter: str) -> None:
    """Have ``letter`` written about a registration once this transaction commits."""
    enqueue(session, "deals.tell", registration_id=str(registration.id), letter=letter)


def constraint_of(refused: IntegrityError) -> str:
    """Return the name of the constraint by which the database refused a row."""
    diagnosis = getattr(refused.orig, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def needed(reason: str, sentence: str) -> str:
    """Return ``reason`` if it says anything.

    :raises Invalid: if it does not
    """
    if not reason.strip():
        raise Invalid.fields(FieldError("reason", sentence, "deal.reason_missing"))
    return reason.strip()
