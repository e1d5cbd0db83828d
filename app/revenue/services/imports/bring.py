"""Bring a file, take it, or put it away."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.ledger.services import record
from app.revenue.models import Import
from app.revenue.queries import imports as stored
from app.revenue.rules.imports import (
    AlreadyDecided,
    HasBadRows,
    ImportKind,
    ImportState,
    NothingToTake,
)
from app.revenue.rules.reading import PLAIN, DayOrder, DecimalSign, Manner
from app.revenue.services.imports.judge import Asked
from app.revenue.services.imports.plan import Plan, plan_of
from app.revenue.services.imports.write import write


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody brings it."""

    kind: ImportKind
    name: str
    content: bytes
    source: str
    manner: Manner = PLAIN


def bring(session: Session, upload: Upload, *, actor: Actor, at: datetime) -> Import:
    """Keep a file and look at it; nothing of it is taken yet.

    :raises FileRefused: if it cannot be read as a table with the columns wanted
    """
    asked = Asked(upload.kind, upload.source, upload.manner, at.date())
    plan = plan_of(session, upload.content, asked)
    brought = Import(
        kind=upload.kind,
        state=ImportState.PREVIEWED,
        source=upload.source,
        file_name=upload.name[:120],
        sha256=hashlib.sha256(upload.content).hexdigest(),
        content=upload.content,
        manner={"decimal": upload.manner.decimal.value, "days": upload.manner.days.value},
        brought_by=actor.user_id,
        brought_at=at,
    )
    _note(brought, plan)
    session.add(brought)
    session.flush()
    record(
        session, "revenue.import.started", subject=brought, actor=actor, at=at,
        kind=brought.kind.value, sha256=brought.sha256, rows=plan.report.rows,
    )  # fmt: skip
    return brought


def take(session: Session, import_id: UUID, *, good_only: bool, actor: Actor, at: datetime) -> bool:
    """Take the rows of a file: all of them, or the good ones alone where somebody chose so.

    Return False, with nothing taken and the new report kept, where what is stored has changed so
    that something else would come of the file than was looked at.

    :raises AlreadyDecided: if it was taken or put away
    :raises HasBadRows: if some rows are bad and nobody chose to leave them out
    :raises NothingToTake: if no row brings anything new
    """
    brought = _undecided(session, import_id)
    plan = plan_of(session, brought.content or b"", _asked(brought, at))
    if plan.hash != brought.plan_hash:
        _note(brought, plan)
        return False
    if plan.report.bad_lines and not good_only:
        bad = len(plan.report.bad_lines)
        raise HasBadRows(f"{bad} rows cannot be taken. Mend the file, or take the good rows only.")
    if not plan.papers:
        raise NothingToTake("No row of this file brings anything new.")
    write(session, plan, brought.source, actor=actor, at=at)
    _close(brought, ImportState.TAKEN, at)
    _tell(session, brought, actor=actor, at=at, **_outcome(plan))
    return True


def discard(session: Session, import_id: UUID, *, actor: Actor, at: datetime) -> Import:
    """Put a file away without taking any of it.

    :raises AlreadyDecided: if it was taken or put away
    """
    brought = _undecided(session, import_id)
    _close(brought, ImportState.DISCARDED, at)
    _tell(session, brought, actor=actor, at=at, taken=0)
    return brought


def _undecided(session: Session, import_id: UUID) -> Import:
    brought = stored.one_import(session, import_id, lock=True)
    if brought.state is not ImportState.PREVIEWED:
        raise AlreadyDecided(f"This file was {brought.state.value} before.")
    return brought


def _asked(brought: Import, at: datetime) -> Asked:
    manner = Manner(DecimalSign(brought.manner["decimal"]), DayOrder(brought.manner["days"]))
    return Asked(brought.kind, brought.source, manner, at.date(), lock=True)


def _note(brought: Import, plan: Plan) -> None:
    brought.report, brought.plan_hash = plan.report.as_document(), plan.hash


def _close(brought: Import, state: ImportState, at: datetime) -> None:
    """Decide a file; its content has served."""
    brought.state, brought.decided_at, brought.content = state, at, None


def _outcome(plan: Plan) -> dict[str, Any]:
    report = plan.report
    return {
        "taken": report.good,
        "unchanged": report.unchanged,
        "refused": len(report.bad_lines),
        "totals": dict(sorted(report.totals.items())),
    }


def _tell(session: Session, brought: Import, *, actor: Actor, at: datetime, **facts: Any) -> None:
    record(
        session, "revenue.import.finished", subject=brought, actor=actor, at=at,
        kind=brought.kind.value, sha256=brought.sha256, **facts,
    )  # fmt: skip
