"""Hold the migrations against the models, in a database made for this and thrown away.

``python -m tools.drift`` runs them up, compares, runs them down and up again;
``python -m tools.drift --write "registrations get a source"`` writes the next one.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.engine import make_url

import app
from app.db import catalogue, migrate, schema
from app.db.address import addresses
from config import settings


@contextmanager
def empty_database(purpose: str) -> Iterator[str]:
    """Make an empty database beside ours, and drop it at the end."""
    known = settings()
    place = addresses(known.database_url, known.database_app_url, known.var / "postgres")
    name = f"{purpose}_{os.getpid()}"
    with migrate.owner(place.owner_url) as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield make_url(place.owner_url).set(database=name).render_as_string(False)
        finally:
            # Not by force: that wants the right to end a vacuum, which otherwise ends by itself.
            connection.execute(text(f"DROP DATABASE {name}"))


def stated() -> set[str]:
    """Return what the catalogue says of a database made straight from the models."""
    app.load_models()
    with empty_database("stated") as url, migrate.owner(url) as connection, connection.begin():
        schema.create(connection)
        return catalogue.lines(connection)


def migrated(url: str) -> set[str]:
    """Return what the catalogue says of the database at ``url``."""
    with migrate.owner(url) as connection, connection.begin():
        return catalogue.lines(connection)


def differences(url: str, wanted: set[str]) -> list[str]:
    """Return a line for each thing that the models state and the database lacks, or the reverse."""
    found = migrated(url)
    missing = [f"  not in the migrations: {line}" for line in sorted(wanted - found)]
    return missing + [f"  only in the migrations: {line}" for line in sorted(found - wanted)]


def main(arguments: list[str]) -> int:
    """Check, or write; return the exit code."""
    with empty_database("migrated") as url:
        migrate.to_head(url)
        if arguments[:1] == ["--write"]:
            migrate.write(url, arguments[1])
            return 0
        wanted = stated()
        found = differences(url, wanted)
        if not found:
            migrate.to(url, "base")
            migrate.to_head(url)
            found = differences(url, wanted)
    if found:
        print("The migrations differ from the models:", *found, sep="\n")
        return 1
    print("The migrations give what the models say, up, down and up again.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
