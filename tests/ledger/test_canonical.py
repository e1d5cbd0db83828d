"""Canonical text against the published pairs, and the facts that may stand in it."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import Broken
from app.kernel.money import Money
from app.kernel.period import Days, Period
from app.ledger.rules.canonical import canonical, plain, salted, stamp
from config import ROOT

VECTORS = ROOT.parent / "shared" / "data" / "vectors" / "rfc8785"
PAIRS = sorted(file.name for file in VECTORS.glob("input/*.json"))
MIDDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Colour(StrEnum):
    RED = "red"


class Shade(str, Enum):  # noqa: UP042 - the older spelling must give the same text
    DARK = "dark"


@pytest.mark.skipif(not PAIRS, reason="the RFC 8785 pairs are not in ../shared/data/vectors")
@pytest.mark.parametrize("name", PAIRS)
def test_the_published_pairs(name):
    given_value = json.loads((VECTORS / "input" / name).read_text())

    assert rfc8785.dumps(given_value) == (VECTORS / "output" / name).read_bytes()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (2**53 - 1, "9007199254740991"),
        (2**53, '"9007199254740992"'),
        (-(2**60), '"-1152921504606846976"'),
        (Colour.RED, '"red"'),
        (Shade.DARK, '"dark"'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("0.125000"), '"0.125000"'),
        (Fraction(1, 3), '"1/3"'),
        (b"\x00\xff", '"00ff"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (date(2026, 3, 2), '"2026-03-02"'),
        (MIDDAY, '"2026-03-02T12:00:00.000000Z"'),
        (MIDDAY.astimezone(timezone(timedelta(hours=14))), '"2026-03-02T12:00:00.000000Z"'),
        (Money(1250, "EUR"), '{"currency":"EUR","minor":1250}'),
        (Days(date(2026, 3, 1), date(2026, 4, 1)), '{"start":"2026-03-01","until":"2026-04-01"}'),
        ({"b": (1, 2), "a": {"z", "y"}}, '{"a":["y","z"],"b":[1,2]}'),
        ("é\x00\n", '"é\\u0000\\n"'),
    ],
)
def test_facts_have_one_text(value, text):
    assert canonical(value) == text


def test_a_period_is_written_by_its_ends():
    period = Period(MIDDAY, MIDDAY + timedelta(days=1))

    assert plain(period) == {"start": stamp(period.start), "end": stamp(period.end)}


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        Decimal("NaN"),
        Decimal("Infinity"),
        object(),
        datetime(2026, 3, 2, 12),  # noqa: DTZ001 - a moment without a zone is what is refused
        {1: "a key that is a number"},
        "\ud800",
        [[1.0]],
    ],
)
def test_what_has_no_exact_text_is_refused(value):
    with pytest.raises(Broken):
        canonical(value)


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


@given(VALUES)
def test_reading_back_and_writing_again_changes_nothing(value):
    text = canonical(value)

    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


def test_a_salted_hash_depends_on_salt_and_text():
    hashes = {salted(b"a", "x"), salted(b"b", "x"), salted(b"a", "y")}

    assert len(hashes) == 3
    assert salted(b"a", "x") in hashes
