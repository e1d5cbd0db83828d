"""Bring a database up to the models: one process at a time, and never waiting long for a table."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text

from app.db.rows import APP_ROLE

OLDEST = 15
"""The oldest major version of PostgreSQL that will do."""
_LOCK = 7_263_001
_ROOT = Path(__file__).resolve().parents[2]


class ServerTooOld(Exception):
    """The PostgreSQL server is older than we need."""


def to_head(owner_url: str) -> None:
    """Make the application role where missing, and run the migrations that are due.

    :raises ServerTooOld: if the server is older than PostgreSQL 15
    """
    with owner(owner_url) as connection, _alone(connection):
        _check_server(connection)
        ensure_role(connection)
        if _is_due(connection):
            command.upgrade(_configuration(connection), "head")
            with connection.begin():
                connection.execute(text(f"GRANT SELECT ON alembic_version TO {APP_ROLE}"))


def to(owner_url: str, revision: str) -> None:
    """Run the migrations up or down to ``revision``: "base" undoes them all."""
    with owner(owner_url) as connection, _alone(connection):
        command.downgrade(_configuration(connection), revision)


def write(owner_url: str, sentence: str) -> None:
    """Write a migration from the differences between the database and the models."""
    with owner(owner_url) as connection:
        command.revision(_configuration(connection), message=sentence, autogenerate=True)


@contextmanager
def owner(owner_url: str) -> Iterator[Connection]:
    """Open a connection as the owner, and close it for good at the end."""
    url = owner_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Let one process at a time change the schema; the lock falls with the connection."""
    with connection.begin():
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
    yield


def major_version(connection: Connection) -> int:
    """Return the major version of the server."""
    with connection.begin():
        return int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000


def _check_server(connection: Connection) -> None:
    if (found := major_version(connection)) < OLDEST:
        raise ServerTooOld(f"this PostgreSQL is version {found}, {OLDEST} or newer is needed")


def is_empty(connection: Connection) -> bool:
    """Return whether the database holds no table of ours."""
    with connection.begin():
        asked = text("SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'dbos')")
        return not connection.scalar(asked)


def ensure_role(connection: Connection) -> None:
    """Make the role the portal works as, and let the owner take it."""
    with connection.begin():
        found = connection.scalar(
            text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": APP_ROLE}
        )
        if found is None:
            connection.execute(text(f"CREATE ROLE {APP_ROLE} NOLOGIN"))
            connection.execute(text(f"GRANT {APP_ROLE} TO CURRENT_USER"))


def _is_due(connection: Connection) -> bool:
    with connection.begin():
        heads = ScriptDirectory.from_config(_configuration(connection)).get_heads()
        return set(MigrationContext.configure(connection).get_current_heads()) != set(heads)


def _configuration(connection: Connection) -> Config:
    return Config(toml_file=_ROOT / "pyproject.toml", attributes={"connection": connection})
