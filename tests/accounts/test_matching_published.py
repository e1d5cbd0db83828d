"""Groups of records that a published matching service formed, where its rules are ours too."""

import json
from itertools import combinations

import pytest

from app.accounts.matching import Decision, Party, compare
from tests.conftest import SHARED_DATA

FIELDS = ("moment", "tax", "duns", "name", "email", "reference", "postcode")
_OUR_RULES = (0, 2, 3, 5, 6)
"""Elsewhere the service knows a reference of its own, or lets a number outweigh another."""


def _number(text, stem, length):
    digits = "".join(c for c in text or "" if c.isdigit())
    return f"{stem}{digits:0>{length}}" if digits else None


def _party(record):
    row = dict(zip(FIELDS, record, strict=False))
    return Party(
        row.get("name") or "",
        "GB",
        row.get("email"),
        _number(row.get("tax"), "GB9", 8),
        _number(row.get("duns"), "1", 8),
    )


def _pairs():
    file = SHARED_DATA / "company-names" / "uktrade_matcher_cases.json"
    if not file.exists():
        return [pytest.param(None, None, None, marks=pytest.mark.skip(reason=f"{file} is absent"))]
    cases = json.loads(file.read_text(encoding="utf-8"))["cases"]
    return [pair for number in _OUR_RULES for pair in _of(cases[number])]


def _of(case):
    """Yield each two records of a case, and whether they were put into one group."""
    groups = [group for _, group, _ in case["expected"]]
    for (left, ours), (right, theirs) in combinations(
        zip(case["descriptions"], groups, strict=True), 2
    ):
        yield left, right, ours is not None and ours == theirs


@pytest.mark.parametrize(("left", "right", "same"), _pairs())
def test_records_of_one_group_are_the_same(left, right, same):
    assert (compare(_party(left), _party(right)).decision is Decision.SAME) == same
