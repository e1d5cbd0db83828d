"""The worker process: the engine, schedules, a heartbeat, and care for what dead workers left."""

import logging
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from os import getpid

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from app.db.engine import SYSTEM_SCOPE, connect, transaction
from app.jobs import door, queries
from app.jobs.models import JobRun, JobWorker
from app.jobs.registry import kinds
from app.jobs.rules import OPEN, JobState
from app.jobs.runner import Surroundings, again, leave, take_turn
from app.jobs.services import enqueue
from app.kernel import clock

log = logging.getLogger(__name__)

SILENCE = timedelta(seconds=20)
"""A worker not heard of for so long is taken for dead."""
PATIENCE = timedelta(seconds=8)
"""How long a stop waits for turns that are running; the next worker resumes what is left."""
CLAIMS = 8
"""How many turns are claimed per thread at each look into the queue, so that threads never idle."""
KEEP_TICKS = timedelta(days=1)
"""How long the engine's records, and all but the latest run of each schedule, stay."""
KEEP_JOBS = timedelta(days=90)
"""How long other finished jobs stay; a key may be used again after that."""


def run_worker(
    app_url: str, *, worker_id: str = "", threads: int = 4, stop: threading.Event | None = None
) -> None:
    """Run jobs until SIGTERM or SIGINT, then finish what can be finished and leave the rest.

    ``app_url`` is the database as the application role sees it. A worker whose ``worker_id`` was
    used before resumes at once what ran under that name; without one, a name is made from host
    and process, and others resume its jobs when it has been silent for a while. The caller has
    imported the features, so that their jobs are known.
    """
    stop = stop or _stop_on_signals()
    worker_id = worker_id or f"{socket.gethostname()}-{getpid()}"
    connect(app_url, pool_size=threads + 2)
    around = replace(Surroundings(), stopping=stop.is_set)
    beat(worker_id)
    run = _turn_function(around, threads)
    door.launch(app_url, worker_id=worker_id, claims=threads * CLAIMS, run=run)
    log.info("worker %s is up", worker_id)
    try:
        _tend(worker_id, stop)
    finally:
        door.shut_down(PATIENCE)
        _sign_off(worker_id)
        log.info("worker %s is down", worker_id)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _turn_function(around: Surroundings, threads: int) -> Callable[[str, int], None]:
    gate = threading.BoundedSemaphore(threads)

    def turn(job_id: str, number: int) -> None:
        while not gate.acquire(timeout=1):
            if around.stopping():
                leave(job_id, number, around)
                return
        try:
            take_turn(job_id, number, around)
        finally:
            gate.release()

    return turn


def _tend(worker_id: str, stop: threading.Event) -> None:
    """Do each duty at its own pace; a duty that fails is tried again at its next turn."""
    slots: dict[str, datetime] = {}
    duties: list[tuple[int, Callable[[], object]]] = [
        (1, lambda: fire_schedules(slots, at=clock.now())),
        (5, lambda: beat(worker_id)),
        (5, lambda: bury_the_dead(worker_id)),
        (30, adopt_orphans),
        (3600, lambda: tidy(at=clock.now())),
    ]
    second = 0
    while not stop.is_set():
        for pace, duty in duties:
            if second % pace == 0:
                _try(duty)
        second += 1
        stop.wait(1)


def _try(duty: Callable[[], object]) -> None:
    try:
        duty()
    except Exception:
        log.exception("a duty of the worker failed")


def fire_schedules(slots: dict[str, datetime], *, at: datetime) -> None:
    """Ask for every scheduled job whose slot has come; its slot is its key, so it is asked once.

    While one run is open the next waits, and slots missed meanwhile become one run.
    """
    for kind in kinds():
        slot = kind.schedule.slot(at) if kind.schedule is not None else None
        if slot is None or slots.get(kind.name) == slot:
            continue
        with transaction(SYSTEM_SCOPE) as session:
            if queries.is_open(session, kind.name):
                continue
            job_id = enqueue(session, kind.name, key=slot.isoformat())
            _supersede(session, kind.name, job_id, at=at)
        slots[kind.name] = slot


def _supersede(session: Session, name: str, job_id: str, *, at: datetime) -> None:
    """Give up parked runs of a schedule: a later slot does their work."""
    parked = update(JobRun).where(
        JobRun.name == name, JobRun.state == JobState.DEAD, JobRun.id != job_id
    )
    session.execute(parked.values(state=JobState.DISCARDED, finished_at=at))


def beat(worker_id: str) -> None:
    """Write down that this worker lives, by the database's clock."""
    row = insert(JobWorker).values(id=worker_id, started_at=func.now(), seen_at=func.now())
    with transaction(SYSTEM_SCOPE) as session:
        session.execute(
            row.on_conflict_do_update(index_elements=["id"], set_={"seen_at": func.now()})
        )


def bury_the_dead(worker_id: str) -> None:
    """Queue again what runs on workers that have fallen silent, and forget old ones."""
    with transaction(SYSTEM_SCOPE) as session:
        living = session.scalars(
            select(JobWorker.id).where(JobWorker.seen_at > func.now() - SILENCE)
        ).all()
        session.execute(delete(JobWorker).where(JobWorker.seen_at < func.now() - timedelta(days=1)))
    for lost in door.resume_turns_of_the_dead([*living, worker_id]):
        log.warning("turn %s was lost with its worker and is queued again", lost)


def _sign_off(worker_id: str) -> None:
    with transaction(SYSTEM_SCOPE) as session:
        session.execute(delete(JobWorker).where(JobWorker.id == worker_id))


def adopt_orphans() -> int:
    """Hand to the engine each open job it does not know: restored, or asked for without it."""
    with transaction(SYSTEM_SCOPE) as session:
        asked = select(JobRun.id, JobRun.turn).where(JobRun.finished_at.is_(None))
        opened = session.execute(asked.order_by(JobRun.number).limit(1000)).all()
    turns = {door.turn_id(job_id, turn): (job_id, turn) for job_id, turn in opened}
    known = door.known_turns(list(turns))
    orphans = [turns[turn] for turn in turns if turn not in known]
    for job_id, turn in orphans:
        with transaction(SYSTEM_SCOPE) as session:
            _adopt(session, job_id, turn, at=clock.now())
    return len(orphans)


def _adopt(session: Session, job_id: str, turn: int, *, at: datetime) -> None:
    run = session.get(JobRun, job_id, with_for_update=True)
    if run is not None and run.state in OPEN and run.turn == turn:
        waits = run.due_at is not None and run.due_at > at and run.state is JobState.WAITING
        again(session, run, delay=run.due_at - at if waits and run.due_at else None)


def tidy(*, at: datetime) -> None:
    """Delete what nobody needs any more: the engine's records, and old runs."""
    while turns := door.finished_turns((at - KEEP_TICKS).isoformat()):
        door.forget(turns)
    delete_old_runs(at=at)


def delete_old_runs(*, at: datetime) -> None:
    """Delete jobs that ended long ago; parked ones stay until someone decides."""
    ended = JobRun.state.in_((JobState.DONE, JobState.DISCARDED))
    ticks = [kind.name for kind in kinds() if kind.schedule is not None]
    later = aliased(JobRun)
    is_latest = (
        ~select(later.id).where(later.name == JobRun.name, later.number > JobRun.number).exists()
    )
    old_tick = and_(JobRun.name.in_(ticks), JobRun.finished_at < at - KEEP_TICKS, ~is_latest)
    old_job = and_(JobRun.name.not_in(ticks), JobRun.finished_at < at - KEEP_JOBS)
    with transaction(SYSTEM_SCOPE) as session:
        session.execute(
            delete(JobRun).where(ended, or_(old_tick, old_job)),
            execution_options={"synchronize_session": False},
        )
