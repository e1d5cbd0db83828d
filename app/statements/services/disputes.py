"""A partner's objection to a line: raised, talked about, accepted or declined."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM, Actor
from app.db.numbering import next_reference
from app.incentives.services import adjust
from app.jobs.services import enqueue
from app.kernel.errors import Conflict, FieldError, Forbidden, Invalid
from app.ledger.services import record
from app.statements import queries
from app.statements.models import Dispute, DisputeMessage
from app.statements.rules import (
    ANSWER_DAYS,
    DISPUTE,
    OPEN_DISPUTES,
    DisputeAct,
    DisputeState,
)

DISPUTE_JOB = "statements.tell_of_dispute"
LARGEST = 10**13
"""No expected amount may exceed this many minor units."""


class DisputeTooLate(Conflict):
    """The days in which the lines of a statement can be disputed are over."""

    code = "dispute.too_late"


class LineDisputedAlready(Conflict):
    """A dispute about the line waits for its decision."""

    code = "dispute.open_already"


class DisputeRefused(Invalid):
    """Something is missing: a reason, an answer, another amount."""

    code = "dispute.refused"


class NotYourDispute(Forbidden):
    """The act belongs to the other side."""

    code = "dispute.not_yours"


class NoOpenPeriod(Conflict):
    """No period is open that could take the adjustment."""

    code = "dispute.no_open_period"


def raise_dispute(
    session: Session, line_id: UUID, *, reason: str, expected_minor: int, actor: Actor, at: datetime
) -> Dispute:
    """Object to a line of a statement, with a reason and the amount expected, in minor units.

    :raises NotFound: if there is no such line of the actor's partner
    :raises DisputeTooLate: after the dispute window of the statement
    :raises LineDisputedAlready: while another dispute about the line is open
    :raises DisputeRefused: if the reason is missing, or the amount is the one on the line
    """
    line = queries.line(session, line_id, actor=actor)
    statement = queries.statement(session, line.statement_id, actor=actor)
    if actor.partner_id != line.partner_id:
        raise NotYourDispute("Only the partner whose statement it is can dispute a line.")
    if at >= statement.dispute_until:
        raise DisputeTooLate("The time to dispute the lines of this statement is over.")
    if queries.open_dispute_of(session, line_id) is not None:
        raise LineDisputedAlready("A dispute about this line is open already.")
    said = _needed(reason, "reason", "Say what is wrong with this line.")
    if expected_minor == line.amount_minor or abs(expected_minor) > LARGEST:
        message = "Give the amount that you expect; it differs from the one on the line."
        raise _refused("expected", message)
    dispute = Dispute(
        number=next_reference(session, "DI", at.year),
        line_id=line.id,
        statement_id=statement.id,
        partner_id=line.partner_id,
        state=DisputeState.SUBMITTED,
        reason=said,
        expected_minor=expected_minor,
        currency=statement.currency,
        raised_by=actor.user_id,
        raised_at=at,
        answer_due_at=at + timedelta(days=ANSWER_DAYS),
        decision="",
    )
    session.add(dispute)
    session.flush()
    _enter(session, dispute, "statements.dispute.raised", actor=actor, at=at,
           expected_minor=expected_minor, amount_minor=line.amount_minor)  # fmt: skip
    _tell(session, dispute, "raised")
    return dispute


def take_up(session: Session, dispute_id: UUID, *, actor: Actor, at: datetime) -> Dispute:
    """Begin to look into a dispute.

    :raises TransitionRefused: if it was taken up
    """
    dispute = _of_vendor(session, dispute_id, actor)
    dispute.state = DISPUTE.next(dispute.state, DisputeAct.TAKE_UP)
    _enter(session, dispute, "statements.dispute.reviewing", actor=actor, at=at)
    return dispute


def ask(session: Session, dispute_id: UUID, *, text: str, actor: Actor, at: datetime) -> Dispute:
    """Ask the partner for more; the clock waits for the answer.

    :raises DisputeRefused: if nothing is asked
    :raises TransitionRefused: if it is not in review
    """
    said = _needed(text, "text", "Say what you need to know.")
    dispute = _of_vendor(session, dispute_id, actor)
    dispute.state = DISPUTE.next(dispute.state, DisputeAct.ASK)
    _say(session, dispute, said, actor=actor, at=at)
    _enter(session, dispute, "statements.dispute.asked", actor=actor, at=at)
    _tell(session, dispute, "asked")
    return dispute


def answer(session: Session, dispute_id: UUID, *, text: str, actor: Actor, at: datetime) -> Dispute:
    """Answer what was asked; the clock starts anew.

    :raises NotYourDispute: if the actor is not of the partner
    :raises DisputeRefused: if nothing is said
    :raises TransitionRefused: if nothing was asked
    """
    said = _needed(text, "text", "Write your answer.")
    dispute = queries.dispute(session, dispute_id, actor=actor, lock=True)
    if actor.partner_id != dispute.partner_id:
        raise NotYourDispute("Only the partner can answer.")
    dispute.state = DISPUTE.next(dispute.state, DisputeAct.ANSWER)
    dispute.answer_due_at = at + timedelta(days=ANSWER_DAYS)
    _say(session, dispute, said, actor=actor, at=at)
    _enter(session, dispute, "statements.dispute.answered", actor=actor, at=at)
    _tell(session, dispute, "answered")
    return dispute


def say(session: Session, dispute_id: UUID, *, text: str, actor: Actor, at: datetime) -> Dispute:
    """Add a message to the thread of an open dispute, from either side.

    :raises DisputeRefused: if nothing is said, or it is decided
    """
    said = _needed(text, "text", "Write a message.")
    dispute = queries.dispute(session, dispute_id, actor=actor, lock=True)
    if dispute.state not in OPEN_DISPUTES:
        raise _refused("text", "This dispute is decided; nothing can be added.")
    _say(session, dispute, said, actor=actor, at=at)
    _tell(session, dispute, "answered" if not actor.is_vendor else "asked")
    return dispute


def accept(
    session: Session,
    dispute_id: UUID,
    *,
    text: str,
    actor: Actor,
    at: datetime,
    granted_minor: int | None = None,
) -> Dispute:
    """Accept a dispute: the line becomes what was expected, by an adjustment in the open period.

    ``granted_minor`` is another amount that the line should have had, in minor units.

    :raises DisputeRefused: if no decision is written, or nothing would change
    :raises TransitionRefused: if it is not in review
    :raises NoOpenPeriod: if no period takes the adjustment
    """
    said = _needed(text, "text", "Write the decision that the partner reads.")
    dispute = _of_vendor(session, dispute_id, actor)
    dispute.state = DISPUTE.next(dispute.state, DisputeAct.ACCEPT)
    line = dispute.line
    right = dispute.expected_minor if granted_minor is None else granted_minor
    if right == line.amount_minor or abs(right) > LARGEST:
        raise _refused("granted", "This amount is the one on the line already.")
    period = queries.period_for_adjustments(session)
    if period is None:
        raise NoOpenPeriod("Open the next period first; it carries the adjustment.")
    adjustment = adjust(
        session, line.accrual_id, minor=right - line.amount_minor, period_start=period.start,
        key=f"dispute:{dispute.number}", actor=SYSTEM, at=at,
        words=f"Dispute {dispute.number} was accepted: {said}",
    )  # fmt: skip
    dispute.adjustment_id = adjustment.id
    _decide(session, dispute, said, "statements.dispute.accepted", actor=actor, at=at)
    return dispute


def decline(
    session: Session, dispute_id: UUID, *, text: str, actor: Actor, at: datetime
) -> Dispute:
    """Decline a dispute with a written reason.

    :raises DisputeRefused: if no reason is written
    :raises TransitionRefused: if it is not in review
    """
    said = _needed(text, "text", "Write the reason that the partner reads.")
    dispute = _of_vendor(session, dispute_id, actor)
    dispute.state = DISPUTE.next(dispute.state, DisputeAct.DECLINE)
    _decide(session, dispute, said, "statements.dispute.declined", actor=actor, at=at)
    return dispute


def close_dispute(session: Session, dispute_id: UUID, *, actor: Actor, at: datetime) -> Dispute:
    """Close a decided dispute.

    :raises TransitionRefused: if it is not decided
    """
    dispute = _of_vendor(session, dispute_id, actor)
    dispute.state = DISPUTE.next(dispute.state, DisputeAct.CLOSE)
    _enter(session, dispute, "statements.dispute.closed", actor=actor, at=at)
    return dispute


def _of_vendor(session: Session, dispute_id: UUID, actor: Actor) -> Dispute:
    if not actor.is_vendor:
        raise NotYourDispute("The vendor decides on a dispute.")
    return queries.dispute(session, dispute_id, actor=actor, lock=True)


def _decide(
    session: Session, dispute: Dispute, said: str, name: str, *, actor: Actor, at: datetime
) -> None:
    dispute.decision, dispute.decided_at, dispute.decided_by = said, at, actor.user_id
    _enter(session, dispute, name, actor=actor, at=at)
    _tell(session, dispute, "decided")


def _say(session: Session, dispute: Dispute, said: str, *, actor: Actor, at: datetime) -> None:
    session.add(
        DisputeMessage(
            dispute_id=dispute.id,
            partner_id=dispute.partner_id,
            by_id=actor.user_id,
            at=at,
            text=said,
        )
    )


def _enter(
    session: Session, dispute: Dispute, name: str, *, actor: Actor, at: datetime, **facts: int
) -> None:
    record(session, name, subject=dispute, actor=actor, at=at, partner_id=dispute.partner_id,
           number=dispute.number, **facts)  # fmt: skip


def _tell(session: Session, dispute: Dispute, letter: str) -> None:
    enqueue(session, DISPUTE_JOB, dispute_id=dispute.id, letter=letter)


def _needed(text: str, field: str, message: str) -> str:
    if not text.strip():
        raise _refused(field, message)
    return text.strip()


def _refused(field: str, message: str) -> DisputeRefused:
    return DisputeRefused(message, errors=(FieldError(field, message, DisputeRefused.code),))
