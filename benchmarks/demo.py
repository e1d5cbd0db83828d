"""The demo company in a database of its own, for as long as something is measured on it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app, load_models
from app.access.rules import Role
from app.cli import demo
from app.db import embedded, engine, schema
from app.identity.models import User
from app.identity.services import open_session
from app.kernel.clock import now
from config import Environment, Settings


@contextmanager
def portal() -> Iterator[Flask]:
    """Give the portal of the whole demo company; it is gone afterwards."""
    load_models()
    with tempfile.TemporaryDirectory(prefix="tandem") as folder:
        server = embedded.start(Path(folder) / "postgres", durable=False)
        try:
            owner = engine.connect(server.owner_url)
            with owner.engine.begin() as connection:
                schema.create(connection)
            owner.engine.dispose()
            app = create_app(_settings(server, Path(folder)))
            database = engine.connect(server.app_url)
            demo.load()
            yield app
            database.engine.dispose()
        finally:
            server.stop()


def _settings(server: embedded.Server, folder: Path) -> Settings:
    return Settings(
        environment=Environment.DEMO,
        var=folder,
        database_url=server.owner_url,
        database_app_url=server.app_url,
    )


def entered(app: Flask, role: Role) -> FlaskClient:
    """Return a browser in which the first person with ``role`` is signed in."""
    client = app.test_client()
    with engine.transaction(engine.SYSTEM_SCOPE) as session:
        user = session.scalars(
            select(User).where(User.role == role).order_by(User.created_at)
        ).first()
        assert user is not None
        token = open_session(session, user, at=now(), address="127.0.0.1", agent="benchmark")
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client
