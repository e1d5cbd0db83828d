"""Every page of the demo that can be reached in two steps: its queries, and its time.

Promises: at most 12 queries, and a median of at most 4 times that of a bare Flask view which runs
the same statements in the same transactions on the same engine and renders an empty template.
What sets a transaction up (``set_config``, ``SET TRANSACTION``) is run there too, but is no query.

Both are asked for in turn, over the same connection. Where other work interrupts the machine the
longer of two loses more, so a page beyond its promise is measured again, up to three times.
"""

import re
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, render_template
from flask.testing import FlaskClient
from jinja2 import DictLoader
from sqlalchemy import Engine, event
from werkzeug.exceptions import HTTPException

from app.access.rules import PARTNER_ROLES, Role
from app.db import engine
from benchmarks import demo
from benchmarks.figures import Figure, figure, show

MOST_QUERIES = 12
MOST_TIMES = 4.0
ROUNDS, WARM_UP, TRIES = 40, 6, 3
ROLES = (Role.PARTNER_ADMIN, Role.CHANNEL_LEAD, Role.FINANCE, Role.ADMIN)
_SETTING = re.compile(r"SELECT set_config|SET TRANSACTION")
_LINK = re.compile(r'<a\b[^>]*?href="(/[^"#?]*)')
_NOT_A_PAGE = re.compile(r"sign-out|\.\w{2,4}$|/(download|static)(/|$)")
_IDENTITY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{2,3}-\d{4}-\d+(-\d)?|\b\d+(-\d+)*\b")

Statement = tuple[str, Any]
Transactions = list[list[Statement]]


@contextmanager
def recorded(bound: Engine) -> Iterator[Transactions]:
    """Note the statements of each transaction on ``bound``."""
    found: Transactions = []

    def begin(*_: Any) -> None:
        found.append([])

    def execute(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        found[-1].append((statement, values))

    event.listen(bound, "begin", begin)
    event.listen(bound, "before_cursor_execute", execute)
    try:
        yield found
    finally:
        event.remove(bound, "begin", begin)
        event.remove(bound, "before_cursor_execute", execute)


def bare(bound: Engine, transactions: Transactions) -> FlaskClient:
    """Return a browser of a portal that only runs ``transactions``."""
    app = Flask("bare")
    app.jinja_loader = DictLoader({"empty.html": ""})  # type: ignore[assignment]

    @app.get("/")
    def index() -> str:
        for statements in transactions:
            with bound.begin() as connection:
                for statement, values in statements:
                    result = connection.exec_driver_sql(statement, values)
                    if result.returns_rows:
                        result.all()
        return render_template("empty.html")

    return app.test_client()


def compare(client: FlaskClient, path: str, other: FlaskClient) -> tuple[float, float]:
    """Return the median seconds of the page and of the bare view, asked for in turn."""
    for _ in range(WARM_UP):  # the driver prepares a statement when it comes for the fifth time
        client.get(path)
        other.get("/")
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for browser, asked, times in ((client, path, taken[0]), (other, "/", taken[1])):
            start = time.perf_counter()
            browser.get(asked)
            times.append(time.perf_counter() - start)
    return statistics.median(taken[0]), statistics.median(taken[1])


def reach(client: FlaskClient) -> Iterator[str]:
    """Yield one path of each kind: what the navigation leads to, and what those lead to."""
    places = [path for path in _links(client, "/") if not _IDENTITY.search(path)]
    seen: set[str] = set()
    for path in ["/", *places, *(inner for place in places for inner in _links(client, place))]:
        kind = kind_of(client, path)
        if kind not in seen and not _NOT_A_PAGE.search(path):
            seen.add(kind)
            yield path


def kind_of(client: FlaskClient, path: str) -> str:
    """Return the rule of the address: pages of the same rule are of a kind."""
    try:
        rule, _ = client.application.url_map.bind("localhost").match(path, return_rule=True)
    except HTTPException:
        return path
    return rule.rule


def _links(client: FlaskClient, path: str) -> list[str]:
    return _LINK.findall(client.get(path).text)


def measure(client: FlaskClient, path: str, name: str) -> list[Figure]:
    """Return the queries and the time of one page; nothing for what is not a page."""
    first = client.get(path)
    if first.mimetype != "text/html" or first.status_code != 200:
        return [Figure(name, str(first.status_code), "200", first.status_code < 400)]
    bound = engine.current().engine
    with recorded(bound) as transactions:
        client.get(path)
    queries = sum(not _SETTING.match(text) for part in transactions for text, _ in part)
    other = bare(bound, transactions)
    for _ in range(TRIES):
        ours, least = compare(client, path, other)
        if ours <= MOST_TIMES * least:
            break
    shown = f"{name}  {queries} queries, {ours * 1000:.0f} ms"
    kept = queries <= MOST_QUERIES
    timed = figure(shown, ours / least, MOST_TIMES)
    return [Figure(timed.what, timed.measured, timed.promise, timed.kept and kept)]


def main() -> list[Figure]:
    """Measure every page once for partners and once for the vendor."""
    found: list[Figure] = []
    seen: set[tuple[bool, str]] = set()
    with demo.portal() as app:
        for role in ROLES:
            client = demo.entered(app, role)
            for path in reach(client):
                kind = (role in PARTNER_ROLES, kind_of(client, path))
                if kind not in seen:
                    seen.add(kind)
                    found += measure(client, path, f"{role} {kind[1]}")
    return found


if __name__ == "__main__":
    sys.exit(0 if show(main()) else 1)
