"""A real PostgreSQL for every test: one server, a template, and for each worker a copy of it."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import create_app, load_jobs, load_models
from app.access.rules import Actor, Role
from app.db import embedded, engine, schema
from app.identity.models import User
from app.jobs import door
from config import ROOT, Environment, Settings
from tests.factories.identity import make_actor, make_user

# How long an example takes says how busy the machine is: no test is timed, and slow input no fault.
hypothesis.settings.register_profile(
    "tandem", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("tandem")

FOLDER = ROOT / "var" / "test"
_SCHEMA = ("app/*/models.py", "app/*/models/*.py", "app/db/*.py", "migrations/versions/*.py")


class Place:
    """One database of the test server: its addresses for the owner and for the application."""

    def __init__(self, server: embedded.Server, name: str) -> None:
        self.name = name
        self.owner_url = server.owner_url.replace("@/tandem?", f"@/{name}?")
        self.app_url = server.app_url.replace("@/tandem?", f"@/{name}?")
        self.superuser_url = server.superuser_url.replace("@/tandem?", f"@/{name}?")


@pytest.fixture(scope="session")
def server() -> Iterator[embedded.Server]:
    """The embedded server that all test processes share."""
    server = embedded.start(FOLDER / "postgres", durable=False)
    yield server
    server.stop()


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in _SCHEMA:
        for file in sorted(ROOT.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _alone(name: str) -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _build(place: Place) -> None:
    load_models()
    owner = create_engine(place.owner_url.replace("postgresql:", "postgresql+psycopg:"))
    with owner.begin() as connection:
        schema.create(connection)
    owner.dispose()
    door.install(place.owner_url)


@pytest.fixture(scope="session")
def template(server: embedded.Server) -> str:
    """The name of a database with the schema and nothing else, made once for each schema."""
    name = f"template_{_fingerprint()}"
    with _alone("template"), psycopg.connect(server.owner_url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if found is None:
            for (old,) in connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%%' "
                "ORDER BY oid DESC OFFSET 5"  # other runs may still copy from a recent one
            ).fetchall():
                connection.execute(f"DROP DATABASE IF EXISTS {old}")  # ends a vacuum by itself
            draft = f"draft_{os.getpid()}"
            connection.execute(f"CREATE DATABASE {draft}")
            _build(Place(server, draft))
            connection.execute(f"ALTER DATABASE {draft} RENAME TO {name}")
    return name


@contextmanager
def _copy(server: embedded.Server, template: str, name: str) -> Iterator[Place]:
    with psycopg.connect(server.owner_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        with _alone("template"):
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield Place(server, name)
    # The superuser may end a vacuum of the database as well, which its owner may not.
    with psycopg.connect(server.superuser_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def shared_place(server: embedded.Server, template: str) -> Iterator[Place]:
    """The database in which this worker's tests run and are rolled back."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with _copy(server, template, f"test_{worker}_{os.getpid()}") as place:
        yield place


@pytest.fixture
def own_place(server: embedded.Server, template: str) -> Iterator[Place]:
    """A database for one test alone, whose transactions really commit."""
    with _copy(server, template, f"own_{os.getpid()}") as place:
        yield place


@pytest.fixture(scope="session")
def _pool(shared_place: Place) -> Iterator[engine.Database]:
    database = engine.connect(shared_place.app_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def session(_pool: engine.Database) -> Iterator[Session]:
    """A session of the application role in system scope; all of it is rolled back at the end."""
    load_jobs()
    with _pool.engine.connect() as connection:
        outer = connection.begin()
        _pool.bind = connection
        engine.use(_pool)
        with _pool.session() as session:
            engine.set_scope(session, engine.SYSTEM_SCOPE)
            yield session
            session.rollback()
        _pool.bind = _pool.engine
        outer.rollback()


@pytest.fixture
def committing(own_place: Place) -> Iterator[engine.Database]:
    """A database of this test's own, where several connections see each other's commits."""
    load_jobs()
    before = list(engine._current)
    database = engine.connect(own_place.app_url, pool_size=10)
    yield database
    database.engine.dispose()
    engine._current[:] = before


@contextmanager
def as_actor(session: Session, actor: Actor) -> Iterator[None]:
    """Give the session the reach of ``actor`` for a while."""
    session.flush()
    engine.set_scope(session, actor.scope)
    session.expire_all()
    try:
        yield
        session.flush()
    finally:
        if session.is_active:
            engine.set_scope(session, engine.SYSTEM_SCOPE)
        session.expire_all()


@pytest.fixture(scope="session")
def portal(shared_place: Place, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The portal itself, without CSRF (which has tests of its own)."""
    settings = Settings(
        environment=Environment.TEST,
        var=tmp_path_factory.mktemp("var"),
        database_url=shared_place.owner_url,
        database_app_url=shared_place.app_url,
    )
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


class Client(FlaskClient):
    """A browser whose requests leave the test's own session in system scope and up to date."""

    test_session: Session | None = None

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request; afterwards the test sees what it changed."""
        if self.test_session is not None:
            self.test_session.flush()
        response = super().open(*args, **kwargs)
        if self.test_session is not None:
            engine.set_scope(self.test_session, engine.SYSTEM_SCOPE)
            self.test_session.expire_all()
        return response


@pytest.fixture
def client(portal: Flask, session: Session, _pool: engine.Database) -> Client:
    """A browser that nobody has signed in with yet."""
    engine.use(_pool)
    portal.test_client_class = Client
    client = portal.test_client()
    assert isinstance(client, Client)
    client.test_session = session
    return client


@pytest.fixture
def sign_in(client: Client, session: Session) -> Callable[[User], Client]:
    """Sign somebody in with the browser, and return it."""
    from app.identity.services import open_session
    from app.kernel.clock import now

    def do(user: User) -> Client:
        token = open_session(session, user, at=now(), address="127.0.0.1", agent="test")
        session.flush()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return client

    return do


def _actor(role: Role) -> Any:
    @pytest.fixture
    def fixture(session: Session) -> Actor:
        return make_actor(session, role)

    return fixture


partner_member = _actor(Role.PARTNER_MEMBER)
partner_admin = _actor(Role.PARTNER_ADMIN)
channel_manager = _actor(Role.CHANNEL_MANAGER)
channel_lead = _actor(Role.CHANNEL_LEAD)
finance = _actor(Role.FINANCE)
analyst = _actor(Role.ANALYST)
admin = _actor(Role.ADMIN)


@pytest.fixture
def user(session: Session) -> Callable[..., User]:
    """Make a person: ``user(Role.FINANCE)``."""

    def do(role: Role = Role.CHANNEL_MANAGER, **over: Any) -> User:
        return make_user(session, role, **over)

    return do


SHARED_DATA = Path(ROOT).parent / "shared" / "data"
"""Real data and published vectors; tests that use it skip where it is absent."""
