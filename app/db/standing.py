"""Whether a database is known to be up to date: asked at each start, so without loading much."""

import hashlib
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

_VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"


def _fingerprint() -> str:
    """Return a mark that changes with any migration, and with the engine behind the jobs."""
    digest = hashlib.sha256(version("dbos").encode())
    for file in sorted(_VERSIONS.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def is_current(owner_url: str) -> bool:
    """Return whether ``remember`` was called for these migrations, and none was undone since."""
    with psycopg.connect(owner_url) as connection:
        if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
            return False
        asked = (
            "SELECT version_num, obj_description('alembic_version'::regclass) FROM alembic_version"
        )
        found = connection.execute(asked).fetchall()
    return (
        [note for _, note in found] == [f"{number} {_fingerprint()}" for number, _ in found] != []
    )


def remember(owner_url: str) -> None:
    """Note in the database, whose migrations have all run, which ones these were."""
    with psycopg.connect(owner_url) as connection:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if found is not None:
            note = sql.Literal(f"{found[0]} {_fingerprint()}")
            connection.execute(sql.SQL("COMMENT ON TABLE alembic_version IS {}").format(note))
