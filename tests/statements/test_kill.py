"""Killed at random points and begun again: every line once, every payout once, to the cent."""

import os
import random
import subprocess
import sys
import time

import pytest
from sqlalchemy import func, select

from app.db import engine
from app.incentives.models import Accrual
from app.jobs import queries as jobs
from app.kernel import sealing
from app.statements import queries, services
from app.statements.models import Payout, PayoutExport, Statement, StatementLine
from config import ROOT
from tests.factories.clockwork import NOON
from tests.factories.statements import (
    calculator_and_approver,
    make_accrual,
    make_payee,
    make_period,
    the_entity,
)
from tests.statements.work import KEY


def system():
    return engine.transaction(engine.SYSTEM_SCOPE)


@pytest.fixture
def process(own_place, committing):
    """Start processes that work on this test's database; what still runs at the end is killed."""
    running = []

    def start(*arguments):
        command = [sys.executable, "-m", "tests.statements.work", own_place.app_url, *arguments]
        out = subprocess.PIPE if arguments[0] == "pay" else None
        running.append(subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=out))
        return running[-1]

    yield start
    for each in running:
        each.kill()
        each.wait()
        if each.stdout is not None:
            each.stdout.close()


def approved(partners, monkeypatch):
    """Commit an approved period of ``partners`` with three lines each; return what it is about."""
    monkeypatch.setattr(sealing, "_keys", [KEY])
    with system() as session:
        the_entity(session)
        period, (first, second) = make_period(session), calculator_and_approver(session)
        for number in range(partners):
            partner = make_payee(session)
            for place in range(3):
                make_accrual(session, partner, 10_007 + 13 * number + place)
        period.calculated_by = first.user_id
        services.finish_calculation(session, period.id, at=NOON)
        services.send_to_review(session, period.id, actor=first, at=NOON)
        services.approve(session, period.id, actor=second, at=NOON)
        return period.id, period.job_id, first.user_id, second.user_id


def done(job_id):
    """Return how many statements the run has issued; None once it is at its end."""
    with system() as session:
        run = jobs.one(session, job_id)
        return None if run.state.value == "done" else run.done


def kill_worker(process, job_id, seconds):
    """Kill a worker a moment after it began to issue; return how far the run had come."""
    before, deadline = done(job_id), time.monotonic() + 60
    while before is not None and done(job_id) == before:
        assert time.monotonic() < deadline, "the worker does not work"
        time.sleep(0.02)
    time.sleep(seconds)
    process.kill()
    process.wait()
    return done(job_id)


def kill_payer(process, seconds):
    """Kill a payout run a moment after it began."""
    assert process.stdout.readline() == b"begun\n"
    time.sleep(seconds)
    process.kill()
    process.communicate()


def until_done(job_id, seconds=120):
    deadline = time.monotonic() + seconds
    while True:
        with system() as session:
            if jobs.one(session, job_id).state.value == "done":
                return
        assert time.monotonic() < deadline, "the run did not end in time"
        time.sleep(0.1)


def total(session, column):
    return int(session.scalar(select(func.sum(column))) or 0)


@pytest.mark.parametrize(
    ("kills", "partners"), [(4, 120), pytest.param(50, 900, marks=pytest.mark.slow)]
)
def test_every_line_and_payout_happens_once(process, monkeypatch, kills, partners):
    chance = random.Random(kills)  # noqa: S311 - moments to kill at
    period_id, job_id, *people = approved(partners, monkeypatch)
    reached = [
        kill_worker(process(f"worker-{number % 2}"), job_id, chance.uniform(0, 0.15))
        for number in range(kills)
    ]
    assert None not in reached
    process("last")
    until_done(job_id)

    pay = ("pay", *map(str, (period_id, *people)))
    for _ in range(kills):
        kill_payer(process(*pay), chance.uniform(0, 0.6))
    last = process(*pay)
    last.communicate(timeout=60)
    assert last.returncode == 0

    with system() as session:
        check(session, period_id, partners)


def check(session, period_id, partners):
    """Everything adds up: lines, statements, payouts, files."""
    earned = total(session, Accrual.amount_minor)
    lines = session.scalars(select(StatementLine.accrual_id)).all()
    assert sorted(map(str, lines)) == sorted(map(str, session.scalars(select(Accrual.id))))
    assert session.scalar(select(func.count()).select_from(Statement)) == partners
    for column in (
        StatementLine.amount_minor,
        Statement.paid_minor,
        Payout.amount_minor,
        PayoutExport.total_minor,
    ):
        assert total(session, column) == earned, column
    exported = queries.payouts_of(session, period_id)
    assert len(exported) == partners
    assert len({payout.statement_id for payout in exported}) == partners
    assert {payout.state.value for payout in exported} == {"exported"}
