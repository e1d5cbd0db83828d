"""Seal what was recorded every few seconds, and once an hour whatever committed very late."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.jobs.registry import scheduled
from app.ledger import services


@scheduled("ledger.seal", every=timedelta(seconds=5))
def seal(session: Session, *, at: datetime) -> None:
    """Seal waiting entries and sign the new head; whoever waits for a receipt may enqueue it."""
    services.seal(session, at=at)


@scheduled("ledger.sweep", every=timedelta(hours=1))
def sweep(session: Session, *, at: datetime) -> None:
    """Seal waiting entries of any age."""
    services.sweep(session, at=at)
