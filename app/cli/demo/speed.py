"""One month in one transaction, in fewer and larger writes; no check or constraint is left out."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.db.engine import SYSTEM_SCOPE, transaction
from app.deals.models import Decision
from app.ledger.models import LedgerEntry
from app.pipeline.models import NextStep, StageChange

WRITTEN_AT_THE_END = (LedgerEntry, Decision, StageChange, NextStep)
"""Rows that no service reads again; a month of them goes in by a few statements."""


@contextmanager
def at_speed() -> Iterator[Session]:
    """Run a transaction in the system's reach that flushes after each act, not before each read."""
    with transaction(SYSTEM_SCOPE) as session:
        session.autoflush = False
        _prepare_much(session)
        kept: list[Any] = []

        def keep_back(session: Session, *_: object) -> None:
            for row in session.new:
                if isinstance(row, WRITTEN_AT_THE_END):
                    session.expunge(row)
                    kept.append(row)

        event.listen(session, "before_flush", keep_back)
        yield session
        session.flush()
        event.remove(session, "before_flush", keep_back)
        session.add_all(kept)
        session.flush()


@contextmanager
def without_pauses() -> Iterator[None]:
    """Put off the search for cycles: there are few, and it takes a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _prepare_much(session: Session) -> None:
    """Let the server plan each statement once: by default it forgets all but the last hundred."""
    driver = session.connection().connection.driver_connection
    driver.prepare_threshold, driver.prepared_max = 2, 2000  # type: ignore[union-attr]
