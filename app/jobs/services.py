"""Ask for work, in the caller's transaction; take a parked job up again, or give it up."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db.engine import elevated
from app.jobs import door, queries
from app.jobs.models import JobRun
from app.jobs.registry import find, witnesses
from app.jobs.rules import JobState
from app.kernel.errors import Broken, Conflict
from app.kernel.ids import new_id


class JobNotParked(Conflict):
    """Only a parked job can be taken up again or given up."""

    code = "job.not_parked"


@dataclass(frozen=True, slots=True)
class Wish:
    """A job that was asked for while the queue was set aside."""

    name: str
    arguments: dict[str, Any]


_aside: ContextVar[list[Wish] | None] = ContextVar("_aside", default=None)


@contextmanager
def set_aside() -> Iterator[list[Wish]]:
    """Collect what is asked for inside the block instead of queueing it; the caller sees to it.

    For history that is made anew (the demo company): what followed from it lies in the past too.
    """
    wishes: list[Wish] = []
    token = _aside.set(wishes)
    try:
        yield wishes
    finally:
        _aside.reset(token)


def enqueue(session: Session, name: str, /, *, key: str | None = None, **kwargs: Any) -> str:
    """Ask for job ``name`` once this transaction commits; return the job's id.

    The same ``key`` asks for the same job: a second call changes nothing. Arguments arrive as
    JSON: identifiers and moments as text.

    :raises Broken: if no job has that name, or an argument cannot be written as JSON
    """
    kind = find(name)
    job_id = f"{kind.name}:{key if key is not None else new_id()}"
    arguments = {word: _plain(value) for word, value in kwargs.items()}
    wishes = _aside.get()
    if wishes is not None:
        wishes.append(Wish(kind.name, arguments))
        return job_id
    subject = ", ".join(f"{word} {value}" for word, value in arguments.items())
    with _writing(session):
        row = insert(JobRun).values(id=job_id, name=name, kwargs=arguments, subject=subject[:200])
        added = session.execute(
            row.on_conflict_do_nothing(index_elements=["id"]).returning(JobRun.id)
        )
        if added.scalar() is not None:
            door.submit(session, job_id, 1)
    return job_id


def retry(session: Session, job_id: str, *, actor: object, at: datetime) -> JobRun:
    """Give a parked job a fresh set of attempts.

    :raises NotFound: if there is no such job
    :raises JobNotParked: if it is not parked
    """
    run = _parked(session, job_id)
    run.state, run.attempts, run.starts = JobState.QUEUED, 0, 0
    run.finished_at, run.due_at = None, at
    run.turn += 1
    _tell(session, "jobs.job.retried", run, actor=actor, at=at)
    session.flush()
    door.submit(session, job_id, run.turn)
    return run


def discard(session: Session, job_id: str, *, actor: object, at: datetime) -> JobRun:
    """Give up a parked job for good.

    :raises NotFound: if there is no such job
    :raises JobNotParked: if it is not parked
    """
    run = _parked(session, job_id)
    run.state, run.finished_at = JobState.DISCARDED, at
    _tell(session, "jobs.job.discarded", run, actor=actor, at=at)
    return run


def _parked(session: Session, job_id: str) -> JobRun:
    run = queries.one(session, job_id, lock=True)
    if run.state is not JobState.DEAD:
        raise JobNotParked("This job is not parked.")
    return run


def _tell(session: Session, act: str, run: JobRun, *, actor: object, at: datetime) -> None:
    """Tell whoever keeps the record: the ledger stands on jobs, so jobs cannot ask for it."""
    for witness in witnesses():
        witness(session, act, job_id=run.id, actor=actor, at=at)


@contextmanager
def _writing(session: Session) -> Iterator[None]:
    """Anybody may ask for work, though only the vendor sees the list of it."""
    scope = session.info.get("scope")
    if scope is None or scope.name in ("vendor", "system"):
        yield
    else:
        with elevated(session):
            yield


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(word): _plain(item) for word, item in value.items()}
    if value is None or isinstance(value, str | int):
        return value
    raise Broken(f"a {type(value).__name__} cannot be an argument of a job")
