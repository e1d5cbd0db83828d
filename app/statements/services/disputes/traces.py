"""What acts on a dispute begin with and leave behind: its row, an entry in the ledger, a letter."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.jobs.services import enqueue
from app.ledger.services import record
from app.statements import queries
from app.statements.models import Dispute
from app.statements.services.disputes.refusals import NotYourDispute

DISPUTE_JOB = "statements.tell_of_dispute"


def of_vendor(session: Session, dispute_id: UUID, actor: Actor) -> Dispute:
    """Return a dispute, locked, for an act that belongs to the vendor.

    :raises NotYourDispute: if the actor is not of the vendor
    """
    if not actor.is_vendor:
        raise NotYourDispute("The vendor decides on a dispute.")
    return queries.dispute(session, dispute_id, actor=actor, lock=True)


def enter(
    session: Session, dispute: Dispute, name: str, *, actor: Actor, at: datetime, **facts: int
) -> None:
    """Record what happened to a dispute."""
    record(session, name, subject=dispute, actor=actor, at=at, partner_id=dispute.partner_id,
           number=dispute.number, **facts)  # fmt: skip


def tell(session: Session, dispute: Dispute, letter: str) -> None:
    """Write a letter about a dispute to the other side, once this is committed."""
    enqueue(session, DISPUTE_JOB, dispute_id=dispute.id, letter=letter)
