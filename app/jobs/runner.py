"""Run one turn of a job, transaction by transaction; or, without the engine, all that is queued."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db.engine import SYSTEM_SCOPE, elevated, transaction
from app.jobs import door, queries
from app.jobs.models import JobRun, JobStep
from app.jobs.registry import JobKind, find
from app.jobs.rules import INTERRUPTIONS, OPEN, JobState, delay_after
from app.kernel import clock
from app.kernel.errors import Broken

log = logging.getLogger(__name__)

_system = partial(transaction, SYSTEM_SCOPE)
Transactions = Callable[[], AbstractContextManager[Session]]


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a turn needs from outside: transactions, the clock, a wish to stop, a second chance."""

    begin: Transactions = _system
    now: Callable[[], datetime] = clock.now
    stopping: Callable[[], bool] = _never
    forgiving: bool = True
    """Whether a failure is written down and tried again, or raised at once."""


def take_turn(job_id: str, turn: int, around: Surroundings) -> None:
    """Run a job as far as it goes: to its end, to a failure, or to a wish to stop.

    A turn that is no longer the job's latest does nothing.
    """
    if around.stopping():
        leave(job_id, turn, around)
        return
    if not _start(job_id, turn, around):
        return
    try:
        _run(job_id, around)
    except Exception as error:
        if not around.forgiving:
            raise
        log.warning("job %s failed", job_id, exc_info=error)
        _note_failure(job_id, error, around)


def _open(session: Session, job_id: str) -> JobRun | None:
    """Return the job under lock, so that one turn at a time works on it; None if it has ended."""
    run = queries.one(session, job_id, lock=True)
    return run if run.state in OPEN else None


def _start(job_id: str, turn: int, around: Surroundings) -> bool:
    with around.begin() as session:
        run = _open(session, job_id)
        if run is None or run.turn != turn:
            return False
        run.starts += 1
        if run.starts - run.attempts > INTERRUPTIONS:
            _park(run, f"cut off {INTERRUPTIONS} times without progress", around.now())
            return False
        run.state, run.due_at = JobState.RUNNING, None
        run.started_at = run.started_at or around.now()
        return True


def _run(job_id: str, around: Surroundings) -> None:
    with around.begin() as session:
        run = queries.one(session, job_id)
        kind, planned = find(run.name), run.total is not None
    if kind.plan is None:
        _finish(job_id, kind, around)
        return
    if not planned:
        _plan(job_id, kind, around)
    while _step(job_id, kind, around):
        if around.stopping():
            _pass_on(job_id, around)
            return
    _finish(job_id, kind, around)


def _plan(job_id: str, kind: JobKind, around: Surroundings) -> None:
    with around.begin() as session:
        run = _open(session, job_id)
        if run is None or kind.plan is None or run.total is not None:
            return
        keys = list(dict.fromkeys(kind.plan(session, at=around.now(), **run.kwargs)))
        if keys:
            steps = [{"job_id": job_id, "key": k, "position": n} for n, k in enumerate(keys)]
            session.execute(insert(JobStep), steps)
        run.total = len(keys)


def _step(job_id: str, kind: JobKind, around: Surroundings) -> bool:
    """Do the next key and mark it done in one transaction; return whether there was one."""
    with around.begin() as session:
        run = _open(session, job_id)
        step = queries.next_key(session, job_id) if run is not None else None
        if run is None or step is None:
            return False
        at = around.now()
        kind.run(session, step.key, at=at, **run.kwargs)
        step.done_at = at
        run.done, run.attempts, run.starts = run.done + 1, 0, 0
        return True


def _finish(job_id: str, kind: JobKind, around: Surroundings) -> None:
    with around.begin() as session:
        run = _open(session, job_id)
        if run is None:
            return
        last = kind.run if kind.plan is None else kind.finish
        if last is not None:
            last(session, at=around.now(), **run.kwargs)
        run.state, run.error, run.finished_at = JobState.DONE, None, around.now()


def leave(job_id: str, turn: int, around: Surroundings) -> None:
    """Hand a turn that could not begin to the next worker."""
    with around.begin() as session:
        run = _open(session, job_id)
        if run is not None and run.turn == turn:
            again(session, run)


def _pass_on(job_id: str, around: Surroundings) -> None:
    """Leave the rest of the keys to the next worker."""
    with around.begin() as session:
        run = _open(session, job_id)
        if run is not None:
            again(session, run)


def again(session: Session, run: JobRun, *, delay: timedelta | None = None) -> None:
    """Hand a job to the engine for another turn, in this transaction."""
    run.turn += 1
    run.state = JobState.QUEUED if delay is None else JobState.WAITING
    session.flush()
    door.submit(session, run.id, run.turn, delay=delay)


def _park(run: JobRun, error: str, at: datetime) -> None:
    run.state, run.error, run.finished_at = JobState.DEAD, error, at
    log.error("job %s is parked: %s", run.id, error)


def _note_failure(job_id: str, error: Exception, around: Surroundings) -> None:
    with around.begin() as session:
        run = _open(session, job_id)
        if run is None:
            return
        at, kind = around.now(), _kind(run.name)
        run.attempts += 1
        run.error = f"{type(error).__name__}: {error}".replace("\x00", "")[:2000]
        delay = delay_after(run.attempts, kind.delays)
        if kind.on_failure is not None:
            parked = delay is None
            kind.on_failure(session, at=at, error=run.error, parked=parked, **run.kwargs)
        if delay is None:
            _park(run, run.error, at)
        else:
            run.due_at = at + delay
            again(session, run, delay=delay)


def _kind(name: str) -> JobKind:
    """Return what runs under ``name``; a worker of an older version may not know it."""
    try:
        return find(name)
    except Broken:
        return JobKind(name, _never)


@contextmanager
def _inside(session: Session) -> Iterator[Session]:
    with elevated(session), session.begin_nested():
        yield session


def drain(
    session: Session | None = None,
    *,
    at: datetime | None = None,
    forgiving: bool = False,
    most: int = 10_000,
) -> int:
    """Run every queued job in this process, in the order asked for; return how many were run.

    With a ``session`` all happens inside its transaction (tests, the demo company); without, each
    step is a transaction of its own. A failing job raises, unless ``forgiving``. ``at`` stands
    still for all of them; by default it is the moment of running.

    :raises Broken: if jobs ask for jobs without end
    """
    around = Surroundings(forgiving=forgiving)
    if session is not None:
        around = replace(around, begin=partial(_inside, session))
    if at is not None:
        fixed = at
        around = replace(around, now=lambda: fixed)
    for count in range(most):
        waiting = _first_queued(around)
        if waiting is None:
            return count
        take_turn(*waiting, around)
    raise Broken(f"more than {most} jobs are queued")


def _first_queued(around: Surroundings) -> tuple[str, int] | None:
    with around.begin() as session:
        queued = select(JobRun.id, JobRun.turn).where(JobRun.state == JobState.QUEUED)
        row = session.execute(queued.order_by(JobRun.number).limit(1)).first()
        return None if row is None else (row.id, row.turn)


def hurry(session: Session, job_id: str) -> None:
    """Let a job that waits for its next attempt be drained now."""
    waiting = update(JobRun).where(JobRun.id == job_id, JobRun.state == JobState.WAITING)
    session.execute(waiting.values(state=JobState.QUEUED))
