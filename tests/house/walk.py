"""People with browsers who walk through the portal; nothing that they do stays."""

import io
import re
import traceback
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app import load_jobs
from app.access.rules import GRANTS, Permission, Role
from app.db import engine
from app.db.base import Base
from app.identity.services import open_session
from app.kernel.clock import now
from tests.factories.revenue import register_credit_job
from tests.house.sides import Ids, World
from tests.house.world import build

NOT_ALIKE = re.compile(
    rb'href="[^"]*">Go back|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[0-9a-f]{12,64}|"[\w.-]{60,}"'
)
"""The way back, identifiers, request ids, tokens of forms: all in which two pages may differ."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; an exception that nobody answered is a 500 with its traceback."""

    status: int
    body: bytes
    location: str = ""

    def shape(self, values: Ids) -> bytes:
        """Return the body without what was asked for and what differs from request to request."""
        body = NOT_ALIKE.sub(b"*", self.body.replace(b' aria-current="page"', b""))
        for value in values.values():
            body = body.replace(value.encode(), b"*")
        return body

    @property
    def words(self) -> str:
        """What can be read in the answer: a page, or the text inside a workbook or a PDF."""
        if self.body[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(self.body)) as book:
                texts = [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
                return " ".join(texts)
        if self.body[:5] == b"%PDF-" and b"startxref" in self.body:
            return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(self.body)).pages)
        return self.body.decode("utf-8", "replace")


class Town:
    """The world, the portal that serves it, and a browser for each role."""

    def __init__(self, app: Flask, world: World, connection: Connection) -> None:
        self.app, self.world, self.connection = app, world, connection
        self.browsers: dict[Role | None, FlaskClient] = {None: app.test_client()}
        self.session = Session(connection, join_transaction_mode="rollback_only")

    def enter(self, role: Role, token: str) -> None:
        """Give ``role`` a browser that is signed in."""
        browser = self.app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
        self.browsers[role] = browser

    def ask(self, role: Role | None, verb: str, path: str, **more: Any) -> Answer:
        """Send a request as ``role``; whatever it changed is undone."""
        with self.undoing():
            return self.act(role, verb, path, **more)

    def act(self, role: Role | None, verb: str, path: str, **more: Any) -> Answer:
        """Send a request as ``role``; what it changed stays until somebody undoes it."""
        try:
            with self.browsers[role].open(path, method=verb, **more) as got:
                return Answer(got.status_code, got.data, got.location or "")
        except Exception:  # the reader would have seen a 500
            return Answer(500, traceback.format_exc().encode())

    @contextmanager
    def undoing(self) -> Iterator[None]:
        """Undo at the end whatever was written inside."""
        point = self.connection.begin_nested()
        cookies = {role: dict(b._cookies) for role, b in self.browsers.items() if b._cookies}
        try:
            yield
        finally:
            point.rollback()
            for role, kept in cookies.items():
                self.browsers[role]._cookies = kept

    def guard(self, rule: Rule) -> str:
        """Return what stands in front of a route, in words."""
        return getattr(self.app.view_functions[rule.endpoint], "guard", "NONE")

    def may(self, rule: Rule, role: Role | None) -> bool:
        """Return whether the written table lets ``role`` through."""
        word = self.guard(rule).removesuffix(", fresh")
        if word.startswith("public"):
            return True
        return role is not None and (word == "signed in" or Permission(word) in GRANTS[role])

    def state(self, *, but: frozenset[str] = frozenset()) -> dict[str, Any]:
        """Return a checksum of every table except those in ``but``."""
        engine.set_scope(self.session, engine.SYSTEM_SCOPE)
        parts = [
            f"SELECT '{name}', count(*), sum(hashtext(t::text)::bigint) FROM \"{name}\" t"  # noqa: S608
            for name in sorted(Base.metadata.tables.keys() - but)
        ]
        rows = self.connection.execute(text(" UNION ALL ".join(parts))).all()
        return {name: (count, checksum) for name, count, checksum in rows}

    def url(self, rule: Rule, values: Ids) -> str:
        """Return the path of ``rule`` for ``values``."""
        with self.app.test_request_context():
            adapter = self.app.url_map.bind("localhost")
            return adapter.build(rule.endpoint, values, force_external=False)


def rules_of(app: Flask) -> list[Rule]:
    """Return every route but that of the static files, in order of their paths."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    return sorted(rules, key=lambda rule: (rule.rule, rule.endpoint))


def verb_of(rule: Rule) -> str:
    """Return the one verb that a route takes."""
    (verb,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    return verb


def none(wrong: list[str]) -> None:
    """Fail with every line of ``wrong``, each once."""
    if wrong:
        pytest.fail("\n".join(dict.fromkeys(wrong)), pytrace=False)


@contextmanager
def town(app: Flask, url: str) -> Iterator[Town]:
    """Build the world in a transaction that is never committed, and let people in."""
    load_jobs()
    register_credit_job()
    before = list(engine._current)
    database = engine.connect(url)
    with database.engine.connect() as connection:
        outer = connection.begin()
        database.bind = connection
        # Not committed but left in the open transaction: what factories make has no ledger entries.
        with Session(connection, join_transaction_mode="rollback_only") as session:
            engine.set_scope(session, engine.SYSTEM_SCOPE)
            world = build(session)
            tokens = {}
            for role in Role:
                given = {"address": "127.0.0.1", "agent": "walk"}
                tokens[role] = open_session(session, world.person(role), at=now(), **given)
            session.flush()
        made = Town(app, world, connection)
        for role, token in tokens.items():
            made.enter(role, token)
        yield made
        outer.rollback()
    database.engine.dispose()
    engine._current[:] = before
