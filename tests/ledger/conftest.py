"""A database of its own, in which transactions really commit and a superuser may do anything."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from app.access.rules import SYSTEM
from app.db import embedded, engine
from app.db.engine import SYSTEM_SCOPE, Database, transaction
from app.kernel.ids import new_id
from app.ledger.services import record, seal, signer_of, use_signer
from tests import conftest as lead
from tests.conftest import _copy

SECRET = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Parcel:
    """Something that things happen to."""

    __tablename__ = "parcel"

    def __init__(self, key: UUID | None = None) -> None:
        self.id = key or new_id()


@pytest.fixture(scope="session")
def urls(server: embedded.Server, template: str) -> Iterator[tuple[str, str]]:
    """The addresses of a database of our own, for the application role and for a superuser."""
    with _copy(server, template, f"ledger_{os.getpid()}") as place:
        superuser = make_url(server.superuser_url).set(database=place.name)
        yield place.app_url, superuser.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def database(urls: tuple[str, str]) -> Iterator[Database]:
    """The database as the application sees it, holding 21 entries under six heads."""
    made = Database(urls[0])
    with _Using(made):
        fill(21, batch=4)
    yield made
    made.engine.dispose()


@pytest.fixture
def log(database: Database) -> Iterator[Database]:
    """The filled database, as the one this process works on."""
    with _Using(database):
        yield database


class _Using:
    def __init__(self, database: Database) -> None:
        self.database, self.before = database, list(engine._current)

    def __enter__(self) -> None:
        engine.use(self.database)
        use_signer(signer_of(SECRET))

    def __exit__(self, *_: object) -> None:
        engine._current[:] = self.before


def fill(count: int, *, batch: int) -> None:
    """Record ``count`` happenings and seal them, some at a time."""
    for start in range(0, count, batch):
        with transaction(SYSTEM_SCOPE) as session:
            for number in range(start, min(count, start + batch)):
                happen(session, amount=number, partner_id=new_id())
        seal_all(at=AT + timedelta(seconds=start))


def happen(session: Session, **more):
    """Record something about a parcel."""
    more = {"subject": Parcel(), "actor": SYSTEM, "at": AT, **more}
    return record(session, "deal.registration.approved", **more)


def seal_all(*, at: datetime = AT) -> int:
    """Seal what waits, in a transaction of its own."""
    with transaction(SYSTEM_SCOPE) as session:
        return seal(session, at=at)


portal_session = lead.session
"""The session of the whole test run, which the fixture below hides in this folder."""


@pytest.fixture
def session(log: Database) -> Iterator[Session]:
    """A session of the application role in the system's reach, rolled back at the end."""
    made = log.session()
    engine.set_scope(made, SYSTEM_SCOPE)
    yield made
    made.rollback()
    made.close()


@pytest.fixture(scope="session")
def superusers(urls: tuple[str, str]) -> Iterator[Engine]:
    """Connections of a superuser."""
    made = create_engine(urls[1])
    yield made
    made.dispose()


@pytest.fixture
def superuser(log: Database, superusers: Engine) -> Iterator[Session]:
    """A session of a superuser, to whom no trigger or key says no; rolled back at the end."""
    made = Session(superusers)
    made.execute(text("SET session_replication_role = replica"))
    yield made
    made.rollback()
    made.execute(text("SET session_replication_role = origin"))
    made.close()
