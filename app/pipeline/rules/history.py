"""The pipeline on a past day, rebuilt from stage changes; what stands still today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from app.pipeline.rules.stages import FINAL_STAGES, Stage

STALLED_AFTER = timedelta(days=30)
"""How long without activity before an opportunity counts as stalled."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one opportunity was from a moment on; ``position`` orders changes of one moment."""

    opportunity_id: UUID
    at: datetime
    position: int
    stage: Stage
    currency: str
    amount_minor: int
    close_on: date | None


def end_of(day: date) -> datetime:
    """Return the first moment (UTC) after ``day``."""
    return datetime.combine(day, time(), UTC) + timedelta(days=1)


def as_of(changes: Iterable[Change], day: date) -> dict[UUID, Change]:
    """Return how each opportunity stood at the end of ``day``; those begun later are absent."""
    end = end_of(day)
    found: dict[UUID, Change] = {}
    for change in changes:
        if change.at >= end:
            continue
        known = found.get(change.opportunity_id)
        if known is None or (known.at, known.position) < (change.at, change.position):
            found[change.opportunity_id] = change
    return found


def days_since(since: datetime, at: datetime) -> int:
    """Return the whole days from ``since`` to ``at``, never below zero."""
    return max(0, (at - since).days)


def marks(stage: Stage, active_at: datetime, close_on: date | None, at: datetime) -> list[str]:
    """Return why an open opportunity counts as stalled, in words; nothing where it does not."""
    if stage in FINAL_STAGES:
        return []
    found = []
    if close_on is not None and close_on < at.date():
        found.append("Close date passed")
    if at - active_at > STALLED_AFTER:
        found.append(f"Quiet for {days_since(active_at, at)} days")
    return found
