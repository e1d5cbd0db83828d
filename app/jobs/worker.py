"""The worker process: the engine, schedules, a heartbeat, and care for what dead workers left."""

import logging
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from os import getpid

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db.engine import SYSTEM_SCOPE, connect, transaction
from app.jobs import door
from app.jobs.models import JobRun, JobWorker
from app.jobs.registry import kinds
from app.jobs.rules import OPEN, JobState
from app.jobs.runner import Surroundings, again, take_turn
from app.jobs.services import enqueue
from app.kernel import clock

log = logging.getLogger(__name__)

SILENCE = timedelta(seconds=20)
"""A worker not heard of for so long is taken for dead."""
PATIENCE = timedelta(seconds=25)
"""How long a stop waits for turns that are running."""
KEEP_TURNS = timedelta(days=7)
KEEP_JOBS = timedelta(days=90)
"""How long finished jobs stay; a key may be used again after that."""


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
    door.launch(app_url, worker_id=worker_id, threads=threads, run=_turn_function(around))
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


def _turn_function(around: Surroundings) -> Callable[[str, int], None]:
    def turn(job_id: str, number: int) -> None:
        take_turn(job_id, number, around)

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
    """Ask for every scheduled job whose slot has come; its slot is its key, so it is asked once."""
    for kind in kinds():
        slot = kind.schedule.slot(at) if kind.schedule is not None else None
        if slot is None or slots.get(kind.name) == slot:
            continue
        with transaction(SYSTEM_SCOPE) as session:
            enqueue(session, kind.name, key=slot.isoformat())
        slots[kind.name] = slot


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
    """Delete the records of jobs that ended long ago; parked ones stay until someone decides."""
    door.forget(door.finished_turns((at - KEEP_TURNS).isoformat()))
    ended = (JobState.DONE, JobState.DISCARDED)
    with transaction(SYSTEM_SCOPE) as session:
        session.execute(
            delete(JobRun).where(JobRun.state.in_(ended), JobRun.finished_at < at - KEEP_JOBS)
        )
