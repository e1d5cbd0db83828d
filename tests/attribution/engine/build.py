"""Paths and methods in few words, and the published cases."""

import csv
import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from io import StringIO

from app.attribution.engine import Journey, Model, Rule, Touch
from app.attribution.engine.paths import (
    Columns,
    Method,
    Path,
    attribute,
    columns_of,
    read_channels,
)
from tests.conftest import SHARED_DATA

END = datetime(2026, 3, 31, 12, tzinfo=UTC)
DATA = SHARED_DATA / "attribution"


def cases(name, kind=None):
    """Return the cases of a file of shared data; none where it is absent."""
    if not DATA.exists():
        return []
    found = json.loads((DATA / name).read_text())["cases"]
    return [case for case in found if kind in (None, case.get("kind"))]


def columns(*rows) -> Columns:
    """Return paths told as (text, conversions, value, nulls); what is left out is 1, 0, 0."""
    return columns_of(path(*row) if isinstance(row, tuple) else path(row) for row in rows)


def path(text, conversions=1, value=0, nulls=0, hours=()) -> Path:
    return Path(
        read_channels(text), Fraction(conversions), Fraction(value), Fraction(nulls), hours=hours
    )


def told(text) -> Columns:
    """Return paths told as in the tables of the docs: ``a > b 3/1; c 2`` (conversions/nulls)."""
    rows = []
    for row in text.split(";"):
        channels, _, numbers = row.strip().rpartition(" ")
        conversions, _, nulls = numbers.partition("/")
        rows.append((channels, conversions, 0, nulls or 0))
    return columns(*rows)


def brought(paths, model="linear", *, what="conversions", rule=None, **method):
    """Return what each channel brought, by name."""
    rule = rule or Rule(model=Model(model))
    found = attribute(paths, Method(rule=rule, **method))
    return {each.channel: getattr(each, what) for each in found.rows}


def shares(text):
    """Return the fractions of ``a 1/3, b 2/3``."""
    return {name: Fraction(share) for name, share in (part.split() for part in text.split(", "))}


def journey(text, minor=10_000, *, is_won=True, on=END, key="", currency="EUR"):
    """Return a journey of touches a day apart, told as partner:kind."""
    names = text.split()
    touches = []
    for back, name in enumerate(reversed(names)):
        partner, _, kind = name.partition(":")
        touches.append(Touch(partner_id=partner, at=on - timedelta(days=back), kind=kind))
    return Journey(
        id=key or text,
        closed_at=on,
        touches=tuple(reversed(touches)),
        is_won=is_won,
        currency=currency if is_won else "",
        minor=minor if is_won else 0,
    )


def table(output):
    """Return the cells of printed CSV below its header."""
    return [list(row.values()) for row in csv.DictReader(StringIO(output))]
