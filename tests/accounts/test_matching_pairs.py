"""Labelled pairs of company names: how many the matcher gets right on names alone."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from app.accounts.matching import Decision, Party, asked, compare, keys
from app.cli.accounts import Counts
from tests.conftest import SHARED_DATA

OURS = Path(__file__).with_name("data") / "pairs.csv"
GIVEN = SHARED_DATA / "company-names" / "labelled_pairs.csv"


def pairs_of(file):
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def is_same(row):
    return compare(Party(row["left"]), Party(row["right"])).decision is Decision.SAME


def measured(rows):
    counts = Counts()
    for row in rows:
        counts.add(said=is_same(row), label=row["match"] == "true")
    lines = (line.split() for line in counts.lines())
    return {name: float(value) for name, value in lines}


class TestOurs:
    def test_are_told_apart_by_their_names(self):
        found = measured(pairs_of(OURS))

        assert found["pairs"] > 1000
        assert min(found["precision"], found["recall"], found["f1"]) >= 0.93

    def test_are_mostly_right_in_each_kind(self):
        rows = pairs_of(OURS)
        right = Counter(row["kind"] for row in rows if is_same(row) == (row["match"] == "true"))

        poor = {
            kind: f"{right[kind]} of {count}"
            for kind, count in Counter(row["kind"] for row in rows).items()
            if right[kind] < 0.8 * count
        }
        assert poor == {}

    def test_share_a_key_where_they_are_the_same(self):
        same = [row for row in pairs_of(OURS) if is_same(row)]
        apart = [row for row in same if not asked(keys(row["left"])).keys() & keys(row["right"])]

        assert len(apart) <= 0.01 * len(same)

    def test_are_decided_alike_from_both_sides(self):
        for row in pairs_of(OURS):
            left, right = Party(row["left"]), Party(row["right"])
            assert compare(left, right).score == compare(right, left).score


class TestGiven:
    def test_reach_the_wanted_f1(self):
        if not GIVEN.exists():
            pytest.skip(f"{GIVEN} is absent")

        assert measured(pairs_of(GIVEN))["f1"] >= 0.95
