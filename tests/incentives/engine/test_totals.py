"""Periods that running totals are counted over, and the totals themselves."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.incentives.engine.resets import LIFETIME, Every, Reset
from app.incentives.engine.totals import Totals
from app.incentives.engine.windows import read_reset
from app.kernel.period import Days
from app.kernel.reading import Node
from tests.incentives.engine.build import BRACKETS, amounts, event, plan, run

FISCAL = {"period": "fiscal_year", "start_month": 4}


def days(start, until):
    return Days(date.fromisoformat(start), date.fromisoformat(until))


@pytest.mark.parametrize(
    ("said", "on", "period"),
    [
        ("month", "2026-02-28", days("2026-02-01", "2026-03-01")),
        ("quarter", "2026-03-31", days("2026-01-01", "2026-04-01")),
        ("year", "2026-12-31", days("2026-01-01", "2027-01-01")),
        ("lifetime", "2026-12-31", LIFETIME),
        ({"period": "year"}, "2026-01-01", days("2026-01-01", "2027-01-01")),
        (FISCAL, "2026-03-31", days("2025-04-01", "2026-04-01")),
        (FISCAL, "2026-04-01", days("2026-04-01", "2027-04-01")),
        (FISCAL | {"start_month": 1}, "2026-04-01", days("2026-01-01", "2027-01-01")),
        (
            {"period": "fiscal_quarter", "start_month": 2},
            "2026-01-31",
            days("2025-11-01", "2026-02-01"),
        ),
        ({"period": "rolling", "months": 12}, "2026-03-15", days("2025-03-16", "2026-03-16")),
        ({"period": "rolling", "months": 1}, "2026-03-31", days("2026-03-01", "2026-04-01")),
        ({"period": "rolling", "days": 1}, "2026-03-15", days("2026-03-15", "2026-03-16")),
        ({"period": "rolling", "days": 30}, "2026-03-30", days("2026-03-01", "2026-03-31")),
    ],
)
def test_a_day_lies_in_the_period_that_the_plan_says(said, on, period):
    assert read_reset(Node(said, "")).period(date.fromisoformat(on)) == period


RESETS = st.sampled_from(
    [
        Reset.MONTH,
        Reset.QUARTER,
        Reset.LIFETIME,
        Reset(Every.FISCAL_QUARTER, start_month=3),
        Reset(Every.ROLLING, days=45),
        Reset(Every.ROLLING, months=2),
    ]
)
ENTRIES = st.tuples(st.integers(0, 400), st.integers(-50, 90))


@given(st.lists(st.one_of(ENTRIES, st.tuples(st.integers(0, 400), RESETS))))
def test_a_total_is_the_sum_of_what_was_added_in_its_period_in_any_order(acts):
    totals = Totals()
    added: list[tuple[date, int]] = []
    for number, act in acts:
        on = date(2026, 1, 1) + timedelta(days=number)
        if isinstance(act, Reset):
            period = act.period(on)
            expected = sum(value for day, value in added if period.contains(day))
            assert totals.at(("key",), act, on) == expected
        else:
            totals.add(("key",), on, Fraction(act))
            added.append((on, act))
    assert totals.at(("other",), Reset.LIFETIME, date(2026, 1, 1)) == 0


def marginal(reset):
    return {"rates": {"mode": "marginal", "reset": reset, "brackets": BRACKETS}}


def test_a_running_total_goes_on_from_one_version_to_the_next():
    old = plan(marginal("year"), effective={"from": "2026-01-01", "until": "2026-03-01"})
    new = plan(marginal("year"), version=2, effective={"from": "2026-03-01"})
    events = [event("a", "booked", 90_000), event("b", "booked", 60_000, date(2026, 3, 1))]

    assert amounts(run([old, new], *events)) == ["4500", "3750"]


def test_a_version_with_another_period_counts_what_the_one_before_counted_in_it():
    old = plan(marginal("year"), effective={"from": "2026-01-01", "until": "2026-05-01"})
    new = plan(marginal("quarter"), version=2, effective={"from": "2026-05-01"})
    events = [
        event("a", "booked", 50_000, date(2026, 3, 31)),
        event("b", "booked", 90_000, date(2026, 4, 1)),
        event("c", "booked", 60_000, date(2026, 5, 1)),
    ]

    assert amounts(run([old, new], *events)) == ["2500", "5050", "3750"]
