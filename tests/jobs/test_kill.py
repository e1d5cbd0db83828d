"""Killed at random points and started again, each key takes effect exactly once."""

import random
import subprocess

import pytest

from tests.jobs.work import all_traces, ask, state_of, until

COUNT = 300


@pytest.mark.parametrize("kills", [8, pytest.param(40, marks=pytest.mark.slow)])
def test_each_effect_happens_once(worker, kills):
    chance = random.Random(kills)  # noqa: S311 - moments to kill at
    singles = [f"single {number:02}" for number in range(20)]
    jobs = [ask("trial.many", count=COUNT), *(ask("trial.act", what=one) for one in singles)]
    for number in range(kills):
        process = worker(f"worker-{number % 2}")
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=chance.uniform(1.0, 4.0))
        process.kill()
        process.wait()
    worker("last")
    until(lambda: all(state_of(job) == "done" for job in jobs), seconds=90)
    assert all_traces() == [*(f"key {number:03}" for number in range(COUNT)), *singles, "the end"]
