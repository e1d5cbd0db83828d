"""Seal what was recorded every few seconds, and once an hour whatever committed very late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from app.jobs.registry import scheduled, witness
from app.ledger import services


@scheduled("ledger.seal", every=timedelta(seconds=5))
def seal(session: Session, *, at: datetime) -> None:
    """Seal waiting entries and sign the new head; whoever waits for a receipt may enqueue it."""
    services.seal(session, at=at)


@scheduled("ledger.sweep", every=timedelta(hours=1))
def sweep(session: Session, *, at: datetime) -> None:
    """Seal waiting entries of any age."""
    services.sweep(session, at=at)


@dataclass(slots=True)
class _Job:
    """A job as the ledger names it: its own id is a word, the ledger's are UUIDs."""

    id: UUID
    __tablename__: str = "job_run"


@witness
def record_decision(
    session: Session, act: str, *, job_id: str, actor: services.Who, at: datetime
) -> None:
    """Record that somebody took a parked job up again, or gave it up."""
    subject = _Job(uuid5(NAMESPACE_URL, f"job:{job_id}"))
    services.record(session, act, subject=subject, actor=actor, at=at, job=job_id)
