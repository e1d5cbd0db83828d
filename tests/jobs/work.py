"""Jobs with a visible effect, and a worker process that runs them."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db.engine import SYSTEM_SCOPE, transaction
from app.jobs import queries, worker
from app.jobs.registry import job, scheduled, steps
from app.jobs.services import enqueue

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
AT_ONCE = (timedelta(0),) * 4
EFFECTS = "effect (what text NOT NULL, at timestamptz)"


def act(session: Session, what: str, at: datetime) -> None:
    """Leave a trace; nothing in the table refuses a second one."""
    session.execute(text("INSERT INTO effect VALUES (:what, :at)"), {"what": what, "at": at})


def traces(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT what FROM effect ORDER BY what")))


class Place(Protocol):
    """A database: its address for the owner and for the application."""

    owner_url: str
    app_url: str


@job("trial.act", delays=AT_ONCE)
def act_once(session: Session, *, at: datetime, what: str) -> None:
    act(session, what, at)


@job("trial.fail", delays=AT_ONCE)
def act_and_fail(session: Session, *, at: datetime, what: str) -> None:
    act(session, what, at)
    raise ValueError("no luck today")


@job("trial.ask", delays=AT_ONCE)
def ask_for_more(session: Session, *, at: datetime, what: str) -> None:
    enqueue(session, "trial.act", what=f"{what} again")


@job("trial.late")
def fail_with_usual_waits(session: Session, *, at: datetime) -> None:
    raise ValueError("no luck today")


def _keys(session: Session, *, at: datetime, count: int, **_: Any) -> list[str]:
    return [f"key {number:03}" for number in range(count)]


def _end(session: Session, *, at: datetime, **_: Any) -> None:
    act(session, "the end", at)


@steps("trial.many", plan=_keys, finish=_end, delays=AT_ONCE)
def act_on_each(session: Session, key: str, *, at: datetime, count: int, fail: str = "") -> None:
    act(session, key, at)
    time.sleep(0.01 if count > 50 else 0)
    if key == fail:
        raise ValueError("not this one")


@scheduled("trial.tick", every=timedelta(seconds=1))
def tick(session: Session, *, at: datetime) -> None:
    act(session, "tick", at)


@contextmanager
def committed() -> Iterator[Session]:
    with transaction(SYSTEM_SCOPE) as session:
        yield session


def ask(name: str, **kwargs: Any) -> str:
    with committed() as session:
        return enqueue(session, name, **kwargs)


def state_of(job_id: str) -> str:
    with committed() as session:
        return str(queries.one(session, job_id).state)


def all_traces() -> list[str]:
    with committed() as session:
        return [what for what in traces(session) if what != "tick"]


def until(condition: Callable[[], bool], *, seconds: float = 40) -> None:
    """Wait for ``condition``, or fail."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


if __name__ == "__main__":
    worker.SILENCE = timedelta(seconds=3)
    worker.run_worker(sys.argv[1], worker_id=sys.argv[2], threads=2)
