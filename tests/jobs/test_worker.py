"""A worker process: runs what was asked, tries again, parks, stops when told, fires schedules."""

import signal
import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.jobs import queries
from app.jobs.runner import drain
from app.jobs.worker import delete_old_runs, fire_schedules
from app.kernel.errors import NotFound
from tests.jobs.work import NOON, all_traces, ask, committed, state_of, until


def test_it_runs_fails_parks_and_stops(worker):
    process = worker("one")
    done, dead = ask("trial.act", what="mow"), ask("trial.fail", what="sow")
    until(lambda: (state_of(done), state_of(dead)) == ("done", "dead"))
    with committed() as session:
        assert queries.one(session, dead).error == "ValueError: no luck today"
        assert [row.id for row in queries.workers(session)] == ["one"]
    assert all_traces() == ["mow"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=40) == 0
    with committed() as session:
        assert queries.workers(session) == []


def test_a_stopped_worker_leaves_the_rest_to_the_next(worker):
    first = worker("one")
    job_id = ask("trial.many", count=400)
    until(lambda: _done(job_id) > 20)
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=40) == 0
    assert 20 < _done(job_id) < 400
    worker("two")
    until(lambda: state_of(job_id) == "done")
    assert all_traces() == sorted([*(f"key {n:03}" for n in range(400)), "the end"])


def test_what_the_engine_does_not_know_is_adopted(worker):
    job_id = ask("trial.act", what="mow")
    with committed() as session:
        session.execute(text("DELETE FROM dbos.workflow_status"))
    worker("one")
    until(lambda: state_of(job_id) == "done")
    assert all_traces() == ["mow"]


def test_a_slot_is_fired_once_by_two_schedulers(database):
    ticks = [threading.Thread(target=fire_schedules, args=({},), kwargs={"at": NOON}) for _ in "12"]
    for tick in ticks:
        tick.start()
    for tick in ticks:
        tick.join()
    fire_schedules({}, at=NOON + timedelta(milliseconds=900))
    assert _ticks() == {f"trial.tick:{NOON.isoformat()}": "queued"}


def test_a_schedule_waits_while_its_last_run_is_open(database):
    slots: dict[str, datetime] = {}
    fire_schedules(slots, at=NOON)
    fire_schedules(slots, at=NOON + timedelta(seconds=7))
    assert len(_ticks()) == 1
    drain()
    fire_schedules(slots, at=NOON + timedelta(seconds=9))
    assert list(_ticks().values()) == ["queued", "done"]


def test_a_later_slot_does_the_work_of_a_parked_one(database):
    fire_schedules({}, at=NOON)
    with committed() as session:
        session.execute(text("UPDATE job_run SET state = 'dead', finished_at = now()"))
    fire_schedules({}, at=NOON + timedelta(seconds=1))
    assert list(_ticks().values()) == ["queued", "discarded"]


def test_old_runs_go_but_the_latest_of_each_schedule(database):
    single = ask("trial.act", what="mow")
    for second in range(3):
        fire_schedules({}, at=NOON + timedelta(seconds=second))
        drain(at=NOON)
    delete_old_runs(at=NOON + timedelta(days=2))
    assert list(_ticks()) == [f"trial.tick:{(NOON + timedelta(seconds=2)).isoformat()}"]
    assert state_of(single) == "done"
    delete_old_runs(at=NOON + timedelta(days=91))
    with pytest.raises(NotFound):
        state_of(single)


def _ticks() -> dict[str, str]:
    with committed() as session:
        runs = queries.recent(session, ticks=True)
        return {run.id: run.state.value for run in runs if run.name == "trial.tick"}


def _done(job_id: str) -> int:
    with committed() as session:
        return queries.progress(session, job_id)[0]
