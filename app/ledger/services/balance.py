"""Hold each transaction to it: no state changes without a ledger entry about the same thing.

Classes opt in with ``ledgered = True``; making one of theirs counts as a change. What the session
flushes and what is recorded are listed side by side; a savepoint that is rolled back takes its part
of both lists with it. At commit the first changed thing without an entry stops the transaction.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from app.kernel.errors import Broken

WATCHED = ("state", "stage")
_CHANGED, _RECORDED, _MARKS = "ledger.changed", "ledger.recorded", "ledger.marks"

Known = tuple[str, UUID]


class Unrecorded(Broken):
    """A state changed, but no ledger entry about that thing was made in the transaction."""


def note(session: Session, subject_type: str, subject_id: UUID) -> None:
    """Remember that an entry about the thing was made in this transaction."""
    _list(session, _RECORDED).append((subject_type, subject_id))


def _list(session: Session, key: str) -> list[Known]:
    found: list[Known] = session.info.setdefault(key, [])
    return found


@event.listens_for(Session, "after_flush")
def _collect(session: Session, _flushed: UOWTransaction) -> None:
    changed = _list(session, _CHANGED)
    for rows, is_new in ((session.new, True), (session.dirty, False)):
        for row in rows:
            if getattr(row, "ledgered", False) and (is_new or _moved(row)):
                changed.append((row.__tablename__, row.id))


def _moved(row: Any) -> bool:
    attributes = inspect(row).attrs
    return any(name in attributes and attributes[name].history.has_changes() for name in WATCHED)


@event.listens_for(Session, "before_commit")
def _require_entries(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    recorded = set(_list(session, _RECORDED))
    for kind, row_id in _list(session, _CHANGED):
        if (kind, row_id) not in recorded:
            raise Unrecorded(f"{kind} {row_id} changed its state without a ledger entry")


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        for key in (_CHANGED, _RECORDED):
            session.info.pop(key, None)
        session.info[_MARKS] = {}
    marks = session.info.setdefault(_MARKS, {})
    marks[transaction] = len(_list(session, _CHANGED)), len(_list(session, _RECORDED))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    changed, recorded = session.info.get(_MARKS, {}).get(transaction, (0, 0))
    del _list(session, _CHANGED)[changed:]
    del _list(session, _RECORDED)[recorded:]
