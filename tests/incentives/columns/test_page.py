"""The page docs/algorithms/incentives-columns.md is true: its tables are what happens."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from app.incentives.engine import recompute
from app.incentives.engine.columns import (
    calculate_columns,
    columns_of,
    lines_of,
    supported,
    trace_of,
)
from app.incentives.engine.columns.room import KINDS
from tests.incentives.columns.samples import facts
from tests.incentives.engine.build import LATER, event, plan

PAGE = Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "incentives-columns.md"
TEXT = PAGE.read_text()
SUPPORTED = re.findall(r"^\| `(\{.*\})` \| (yes|no) \|$", TEXT, re.MULTILINE)
COLUMNS = re.findall(r"^\| `(\w+)` \| .* \|$", TEXT, re.MULTILINE)
WORKED = [
    line.strip("| ").split(" | ")
    for line in TEXT.splitlines()
    if re.match(r"\| [a-z] \| (booked|cancelled) \|", line)
]
NUMBERS = ("minor", "base", "before", "after", "first", "last", "rest")
BRACKETS = [
    {"from": "0", "rate": "5%"},
    {"from": "1000", "rate": "6%"},
    {"from": "1250", "rate": "7.25%"},
]


@pytest.mark.parametrize(("parts", "answer"), SUPPORTED)
def test_the_page_tells_what_is_calculated_in_columns(parts, answer):
    assert (supported(plan(json.loads(parts))) is None) == (answer == "yes")


def test_the_page_tells_every_column():
    assert list(KINDS) == COLUMNS


def test_the_worked_lines_are_those_of_the_page():
    version = plan({"rates": {"mode": "marginal", "reset": "year", "brackets": BRACKETS}})
    told = [
        event(
            key, kind, 0, date.fromisoformat(on), order_id=order, minor=int(minor), partner_id="a"
        )
        for key, kind, on, order, minor, *_ in WORKED
    ]

    found = calculate_columns(columns_of(facts(told)), [version], LATER)

    rows = {found.columns["fact"][row]: row for row in range(len(found))}
    for place, (_, _, _, _, _, *numbers) in enumerate(WORKED):
        made = [int(found.columns[name][rows[place]]) for name in NUMBERS]
        assert made == [int(number) for number in numbers]
        assert recompute(trace_of(found, rows[place])) == made[0]
    assert len(lines_of(found)) == len(WORKED) == 6
