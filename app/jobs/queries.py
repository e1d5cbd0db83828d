"""Jobs as an administrator reads them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from app.jobs.models import JobRun, JobStep, JobWorker
from app.jobs.registry import kinds
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
    session: Session, *, state: JobState | None = None, ticks: bool = False, limit: int = 100
) -> Sequence[JobRun]:
    """Return the latest jobs, newest first, in ``state`` where one is given.

    Runs of a schedule that went well are left out, unless ``ticks``.
    """
    chosen = select(JobRun).order_by(JobRun.number.desc()).limit(limit)
    return session.scalars(chosen.where(_worth_showing(state, ticks))).all()


def listing(state: JobState | None = None, *, ticks: bool = False) -> Select[*tuple[Any, ...]]:
    """Return the statement behind a page of jobs, newest first, as rows."""
    table = JobRun.__table__
    return select(table).where(_worth_showing(state, ticks)).order_by(table.c.number.desc())


def _worth_showing(state: JobState | None, ticks: bool) -> ColumnElement[bool]:
    if state is not None:
        return JobRun.state == state
    schedules = [] if ticks else [kind.name for kind in kinds() if kind.schedule is not None]
    return or_(JobRun.state != JobState.DONE, JobRun.name.not_in(schedules))


def is_open(session: Session, name: str) -> bool:
    """Return whether a job of that name is still to be run or running."""
    found = select(JobRun.id).where(JobRun.name == name, JobRun.finished_at.is_(None))
    return session.scalar(found.limit(1)) is not None


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


def workers(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return each worker: id, start, when it was last heard of, how many seconds ago."""
    silence = func.extract("epoch", func.now() - JobWorker.seen_at).label("silence")
    table = JobWorker.__table__
    return session.execute(select(table, silence).order_by(table.c.id)).all()


def next_key(session: Session, job_id: str) -> JobStep | None:
    """Return the first key of a job that is not done."""
    left = select(JobStep).where(JobStep.job_id == job_id, JobStep.done_at.is_(None))
    return session.scalar(left.order_by(JobStep.position).limit(1))
