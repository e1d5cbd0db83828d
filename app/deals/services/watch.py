"""What time brings: warnings, escalations, reminders, the lapse of protection."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access.rules import SYSTEM
from app.deals import queries
from app.deals.models import Protection, Registration
from app.deals.rules import REMIND_BEFORE, DealState
from app.deals.services.acts import tell
from app.deals.services.protection import lapse
from app.ledger.services import record

_AT_THE_DESK = (DealState.SUBMITTED, DealState.IN_REVIEW)
_AT_ONCE = 500


def warn_reviewers(session: Session, *, at: datetime) -> int:
    """Warn of each answer of whose time three quarters have passed, once; return how many."""
    due = (
        update(Registration)
        .where(
            Registration.state.in_(_AT_THE_DESK),
            Registration.warn_at <= at,
            Registration.warned_at.is_(None),
        )
        .values(warned_at=at)
        .returning(Registration)
    )
    late = session.scalars(due).all()
    for registration in late:
        tell(session, registration, "due_soon")
    return len(late)


def escalate(session: Session, *, at: datetime) -> int:
    """Tell the channel leads of each answer that is overdue, once; return how many."""
    due = (
        update(Registration)
        .where(
            Registration.state.in_(_AT_THE_DESK),
            Registration.answer_due_at <= at,
            Registration.escalated_at.is_(None),
        )
        .values(escalated_at=at)
        .returning(Registration)
    )
    late = session.scalars(due).all()
    for registration in late:
        record(
            session, "deal.registration.escalated", subject=registration, actor=SYSTEM, at=at,
            number=registration.number,
        )  # fmt: skip
        tell(session, registration, "overdue")
    return len(late)


def remind_holders(session: Session, *, at: datetime) -> int:
    """Remind each holder of a protection that ends within two weeks, once; return how many."""
    ending = session.scalars(queries.ending_protections(at, at + REMIND_BEFORE)).all()
    told = 0
    for row in ending:
        row.reminded_at = at
        registration = queries.one(session, row.registration_id, actor=SYSTEM)
        if registration.state is DealState.APPROVED:
            tell(session, registration, "ending")
            told += 1
    return told


def lapse_protections(session: Session, *, at: datetime) -> int:
    """See to every protection that has run out; return how many there were."""
    ended = queries.ended_protections(at).limit(_AT_ONCE)
    rows = session.scalars(ended.with_for_update(of=Protection, skip_locked=True)).all()
    return sum(lapse(session, row, at=at) is not None for row in rows)
