"""How Alembic runs: on the connection it is handed, or into a script (``upgrade head --sql``)."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, text
from sqlalchemy.types import TypeDecorator

import app
from app.db import drafts, migrate
from app.db.address import addresses
from app.db.base import Base
from config import settings

LOCK_TIMEOUT = "5s"


def plain(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Print a type decorator as the plain type below it: a migration never imports the app."""
    if kind == "type" and isinstance(item, TypeDecorator):
        below = item.impl_instance
        autogen.imports.add("import sqlalchemy as sa")
        module = type(below).__module__
        if module.startswith("sqlalchemy.dialects.postgresql"):
            autogen.imports.add("from sqlalchemy.dialects import postgresql")
            return f"postgresql.{below!r}"
        return f"sa.{below!r}"
    return False


def ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Return whether a thing in the database is ours: the jobs engine keeps a schema of its own."""
    return kind != "schema" or name in {None, "public"}


def run(connection: Connection) -> None:
    """Migrate on ``connection``, each step in a transaction, giving up rather than queueing."""
    with connection.begin():
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=plain,
        include_name=ours,
        process_revision_directives=drafts.complete,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_offline() -> None:
    """Write the statements to standard output, for a database that somebody else looks after."""
    context.configure(
        dialect_name="postgresql",
        target_metadata=Base.metadata,
        literal_binds=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        context.run_migrations()


app.load_models()
if context.is_offline_mode():
    run_offline()
elif (handed := context.config.attributes.get("connection")) is not None:
    run(handed)
else:
    known = settings()
    place = addresses(known.database_url, known.database_app_url, known.var / "postgres")
    with migrate.owner(place.owner_url) as opened:
        run(opened)
