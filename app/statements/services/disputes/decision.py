"""The vendor's word on a dispute: accepted or declined, and in the end closed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM, Actor
from app.incentives.services import adjust
from app.statements import queries
from app.statements.models import Dispute
from app.statements.rules import DISPUTE, DisputeAct
from app.statements.services.disputes.refusals import LARGEST, NoOpenPeriod, needed, refused
from app.statements.services.disputes.traces import enter, of_vendor, tell


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
    said = needed(text, "text", "Write the decision that the partner reads.")
    dispute = of_vendor(session, dispute_id, actor)
    dispute.state = DISPUTE.next(dispute.state, DisputeAct.ACCEPT)
    line = dispute.line
    right = dispute.expected_minor if granted_minor is None else granted_minor
    if right == line.amount_minor or abs(right) > LARGEST:
        raise refused("granted", "This amount is the one on the line already.")
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
    said = needed(text, "text", "Write the reason that the partner reads.")
    dispute = of_vendor(session, dispute_id, actor)
    dispute.state = DISPUTE.next(dispute.state, DisputeAct.DECLINE)
    _decide(session, dispute, said, "statements.dispute.declined", actor=actor, at=at)
    return dispute


def close_dispute(session: Session, dispute_id: UUID, *, actor: Actor, at: datetime) -> Dispute:
    """Close a decided dispute.

    :raises TransitionRefused: if it is not decided
    """
    dispute = of_vendor(session, dispute_id, actor)
    dispute.state = DISPUTE.next(dispute.state, DisputeAct.CLOSE)
    enter(session, dispute, "statements.dispute.closed", actor=actor, at=at)
    return dispute


def _decide(
    session: Session, dispute: Dispute, said: str, name: str, *, actor: Actor, at: datetime
) -> None:
    dispute.decision, dispute.decided_at, dispute.decided_by = said, at, actor.user_id
    enter(session, dispute, name, actor=actor, at=at)
    tell(session, dispute, "decided")
