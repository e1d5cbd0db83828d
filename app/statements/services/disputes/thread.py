"""A partner's objection to a line: raised, taken up, talked about."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.db.numbering import next_reference
from app.statements import queries
from app.statements.models import Dispute, DisputeMessage
from app.statements.rules import ANSWER_DAYS, DISPUTE, OPEN_DISPUTES, DisputeAct, DisputeState
from app.statements.services.disputes.refusals import (
    LARGEST,
    DisputeTooLate,
    LineDisputedAlready,
    NotYourDispute,
    needed,
    refused,
)
from app.statements.services.disputes.traces import enter, of_vendor, tell


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
    said = needed(reason, "reason", "Say what is wrong with this line.")
    if expected_minor == line.amount_minor or abs(expected_minor) > LARGEST:
        message = "Give the amount that you expect; it differs from the one on the line."
        raise refused("expected", message)
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
    enter(session, dispute, "statements.dispute.raised", actor=actor, at=at,
           expected_minor=expected_minor, amount_minor=line.amount_minor)  # fmt: skip
    tell(session, dispute, "raised")
    return dispute


def take_up(session: Session, dispute_id: UUID, *, actor: Actor, at: datetime) -> Dispute:
    """Begin to look into a dispute.

    :raises TransitionRefused: if it was taken up
    """
    dispute = of_vendor(session, dispute_id, actor)
    dispute.state = DISPUTE.next(dispute.state, DisputeAct.TAKE_UP)
    enter(session, dispute, "statements.dispute.reviewing", actor=actor, at=at)
    return dispute


def ask(session: Session, dispute_id: UUID, *, text: str, actor: Actor, at: datetime) -> Dispute:
    """Ask the partner for more; the clock waits for the answer.

    :raises DisputeRefused: if nothing is asked
    :raises TransitionRefused: if it is not in review
    """
    said = needed(text, "text", "Say what you need to know.")
    dispute = of_vendor(session, dispute_id, actor)
    dispute.state = DISPUTE.next(dispute.state, DisputeAct.ASK)
    _say(session, dispute, said, actor=actor, at=at)
    enter(session, dispute, "statements.dispute.asked", actor=actor, at=at)
    tell(session, dispute, "asked")
    return dispute


def answer(session: Session, dispute_id: UUID, *, text: str, actor: Actor, at: datetime) -> Dispute:
    """Answer what was asked; the clock starts anew.

    :raises NotYourDispute: if the actor is not of the partner
    :raises DisputeRefused: if nothing is said
    :raises TransitionRefused: if nothing was asked
    """
    said = needed(text, "text", "Write your answer.")
    dispute = queries.dispute(session, dispute_id, actor=actor, lock=True)
    if actor.partner_id != dispute.partner_id:
        raise NotYourDispute("Only the partner can answer.")
    dispute.state = DISPUTE.next(dispute.state, DisputeAct.ANSWER)
    dispute.answer_due_at = at + timedelta(days=ANSWER_DAYS)
    _say(session, dispute, said, actor=actor, at=at)
    enter(session, dispute, "statements.dispute.answered", actor=actor, at=at)
    tell(session, dispute, "answered")
    return dispute


def say(session: Session, dispute_id: UUID, *, text: str, actor: Actor, at: datetime) -> Dispute:
    """Add a message to the thread of an open dispute, from either side.

    :raises DisputeRefused: if nothing is said, or it is decided
    """
    said = needed(text, "text", "Write a message.")
    dispute = queries.dispute(session, dispute_id, actor=actor, lock=True)
    if dispute.state not in OPEN_DISPUTES:
        raise refused("text", "This dispute is decided; nothing can be added.")
    _say(session, dispute, said, actor=actor, at=at)
    tell(session, dispute, "answered" if not actor.is_vendor else "asked")
    return dispute


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
