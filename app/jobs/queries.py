"""Jobs as an administrator reads them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.jobs.models import JobRun, JobStep, JobWorker
from app.jobs.rules import JobState
from app.kernel.errors import NotFound


def one(session: Session, job_id: str, *, lock: bool = False) -> JobRun:
    """Return one job.

    :raises NotFound: if there is none with that id
    """
    run = session.get(JobRun, job_id, with_for_update=lock, populate_existing=lock)
    if run is None:
        raise NotFound("There is no such job.")
    return run


def recent(
    session: Session, *, state: JobState | None = None, limit: int = 100
) -> Sequence[JobRun]:
    """Return the latest jobs, newest first, in ``state`` where one is given."""
    chosen = select(JobRun).order_by(JobRun.number.desc()).limit(limit)
    if state is not None:
        chosen = chosen.where(JobRun.state == state)
    return session.scalars(chosen).all()


def listing(state: JobState | None = None) -> Select[Any]:
    """Return the statement behind a page of jobs, newest first."""
    table = JobRun.__table__
    chosen = select(table).order_by(table.c.number.desc())
    return chosen if state is None else chosen.where(table.c.state == state)


def dead_letters(session: Session) -> Sequence[JobRun]:
    """Return every parked job, newest first."""
    return recent(session, state=JobState.DEAD, limit=1000)


def progress(session: Session, job_id: str) -> tuple[int, int | None]:
    """Return how many keys of a job are done, and of how many (None: not planned, or no keys).

    :raises NotFound: if there is none with that id
    """
    run = one(session, job_id)
    return run.done, run.total


def counts(session: Session) -> dict[str, int]:
    """Return how many jobs are in each state."""
    counted = select(JobRun.state, func.count()).group_by(JobRun.state)
    return {state.value: number for state, number in session.execute(counted)}


def workers(session: Session) -> Sequence[Row[Any]]:
    """Return each worker: id, start, when it was last heard of, how many seconds ago."""
    silence = func.extract("epoch", func.now() - JobWorker.seen_at).label("silence")
    table = JobWorker.__table__
    return session.execute(select(table, silence).order_by(table.c.id)).all()


def next_key(session: Session, job_id: str) -> JobStep | None:
    """Return the first key of a job that is not done."""
    left = select(JobStep).where(JobStep.job_id == job_id, JobStep.done_at.is_(None))
    return session.scalar(left.order_by(JobStep.position).limit(1))
