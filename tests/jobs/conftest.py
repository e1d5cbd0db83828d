"""Traces that jobs leave, and worker processes on a database whose transactions really commit."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db import engine
from config import ROOT
from tests.jobs import work
from tests.jobs.work import Place


@pytest.fixture
def session(session: Session) -> Session:
    """The test's session, with a table for traces."""
    session.execute(text(f"CREATE TEMP TABLE {work.EFFECTS}"))
    return session


@pytest.fixture
def database(own_place: Place, committing: engine.Database) -> engine.Database:
    """A database of this test's own, with a table for traces."""
    with psycopg.connect(own_place.owner_url, autocommit=True) as connection:
        connection.execute(f"CREATE TABLE {work.EFFECTS}")
        connection.execute("GRANT ALL ON effect TO tandem_app")
    return committing


@pytest.fixture
def worker(
    own_place: Place, database: engine.Database
) -> Iterator[Callable[[str], "subprocess.Popen[bytes]"]]:
    """Start worker processes; what still runs at the end is killed."""
    running: list[subprocess.Popen[bytes]] = []

    def run(worker_id: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.jobs.work", own_place.app_url, worker_id]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.wait()
