"""A small demo company, made once for all tests here, in a database of its own."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy.orm import Session

from app import load_jobs
from app.cli.demo.making import make
from app.db import embedded, engine
from app.kernel import sealing
from app.ledger.services import keys, signer_of, use_signer
from tests.conftest import _copy

TODAY, SCALE = date(2026, 3, 2), 0.06
Make = Callable[[str], engine.Database]


@contextmanager
def _own_secrets() -> Iterator[None]:
    before = list(engine._current), list(keys._current), list(sealing._keys)
    sealing.use(bytes(range(32)))
    use_signer(signer_of("A" * 43 + "="))
    try:
        yield
    finally:
        engine._current[:], keys._current[:], sealing._keys[:] = before


@contextmanager
def made(server: embedded.Server, template: str, name: str) -> Iterator[engine.Database]:
    """Make the small company in a database of this name."""
    load_jobs()
    with _own_secrets(), _copy(server, template, f"{name}_{os.getpid()}") as place:
        database = engine.connect(place.app_url)
        make(seed=7, today=TODAY, scale=SCALE)
        yield database
        database.engine.dispose()


@pytest.fixture(scope="module")
def company(server: embedded.Server, template: str) -> Iterator[engine.Database]:
    """The small demo company."""
    with made(server, template, "demo") as database:
        yield database


@pytest.fixture
def look(company: engine.Database) -> Iterator[Session]:
    """A session that reads the small demo company."""
    engine.use(company)
    with engine.transaction(engine.SYSTEM_SCOPE, read_only=True) as session:
        yield session
