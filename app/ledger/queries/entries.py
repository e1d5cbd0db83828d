"""What happened to a thing, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from app.ledger.models import LedgerEntry
from app.ledger.names import NAMES
from app.ledger.rules.entries import facts_of

_COLUMNS = (
    LedgerEntry.id,
    LedgerEntry.name,
    LedgerEntry.subject_type,
    LedgerEntry.subject_id,
    LedgerEntry.actor_id,
    LedgerEntry.at,
    LedgerEntry.body,
)
_ABOUT = (
    select(*_COLUMNS)
    .where(LedgerEntry.subject_type == bindparam("subject_type"))
    .where(LedgerEntry.subject_id == bindparam("subject_id"))
    .order_by(LedgerEntry.id.desc())
    .limit(bindparam("most"))
)
"""Built once: most pages of one thing end with its history."""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry as people read it; ``what`` is the sentence of its name."""

    id: int
    name: str
    what: str
    subject_type: str
    subject_id: UUID
    actor_id: UUID | None
    at: datetime
    facts: dict[str, Any]


def timeline(
    session: Session, subject_type: str, subject_id: UUID, *, limit: int = 200
) -> list[Event]:
    """Return the newest ``limit`` entries about one thing, oldest first.

    The row policies decide which of them this session sees.
    """
    given = {"subject_type": subject_type, "subject_id": subject_id, "most": limit}
    return [_event(row) for row in session.execute(_ABOUT, given)][::-1]


def recent(
    session: Session, *, area: str = "", before: int | None = None, limit: int = 50
) -> list[Event]:
    """Return entries, newest first, of one ``area`` (such as deal), below number ``before``."""
    rows = select(*_COLUMNS).limit(limit)
    if area:
        rows = rows.where(LedgerEntry.name.startswith(f"{area}.", autoescape=True))
    rows = rows if before is None else rows.where(LedgerEntry.id < before)
    return [_event(row) for row in session.execute(rows.order_by(LedgerEntry.id.desc()))]


def names_of(session: Session, subject_type: str, subject_id: UUID) -> list[str]:
    """Return the names of all that happened to one thing, in order."""
    about = select(LedgerEntry.name).where(
        LedgerEntry.subject_type == subject_type, LedgerEntry.subject_id == subject_id
    )
    return list(session.scalars(about.order_by(LedgerEntry.id)))


def entry_number(session: Session, name: str, subject_type: str, subject_id: UUID) -> int | None:
    """Return the number of the newest entry of that name about one thing, or None."""
    found = select(LedgerEntry.id).where(
        LedgerEntry.subject_type == subject_type,
        LedgerEntry.subject_id == subject_id,
        LedgerEntry.name == name,
    )
    return session.scalar(found.order_by(LedgerEntry.id.desc()).limit(1))


def _event(row: Row[*tuple[Any, ...]]) -> Event:
    what = NAMES.get(row.name, row.name)
    about = (row.subject_type, row.subject_id, row.actor_id, row.at)
    return Event(row.id, row.name, what, *about, facts_of(row.body))
