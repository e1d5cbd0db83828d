"""Commands say what has to be done first."""

import os

import psycopg
import pytest

from app.db import engine
from tests.conftest import Place


@pytest.fixture
def without_tables(server):
    """A database that was never migrated, as the one that this process works on."""
    name = f"bare_{os.getpid()}"
    with psycopg.connect(server.owner_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    before = list(engine._current)
    database = engine.connect(Place(server, name).app_url)
    yield
    database.engine.dispose()
    engine._current[:] = before
    # The superuser may end a vacuum of the database as well, which its owner may not.
    with psycopg.connect(server.superuser_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("words", [["demo", "load"], ["users", "list"], ["ledger", "verify"]])
def test_a_command_without_tables_names_the_one_that_comes_first(portal, without_tables, words):
    said = portal.test_cli_runner().invoke(args=words)

    assert said.exit_code == 1
    assert said.output == (
        "Error: The database is not as this version needs it: run “flask migrate” first.\n"
    )
