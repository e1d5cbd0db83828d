"""What is paid of what was earned: the parts of each amount, and the days on which they may be."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.incentives.engine.columns.arrays import NONE, Ints, need_room, reach, rounded
from app.incentives.engine.columns.chains import Chain
from app.incentives.engine.columns.collection import collected_on
from app.incentives.engine.columns.earning import Earned
from app.incentives.engine.columns.ordered import Ordered, by_day
from app.incentives.engine.plan import Timing
from app.kernel.period import month_of

PARTS = ("main", "holdback")
MAIN, HELD = range(2)
NEVER = 0
"""Stands for a day of payment that is not known; no day has this number."""


@dataclass(frozen=True, slots=True)
class Paid:
    """One part, main or held back, of what a chain pays, and the days on which it may be paid."""

    part: int
    earned: Earned
    minor: Ints
    payable: Ints


def paid(facts: Ordered, chain: Chain, earned: Earned) -> list[Paid]:
    """Return the parts of what a chain pays; some may come to nothing."""
    timings = [place.component.timing for place in chain.places]
    payable = _by_place(timings, earned, lambda timing, rows: _payable(facts, timing, rows))
    if not any(timing.holdback for timing in timings):
        return [Paid(MAIN, earned, earned.minor, payable)]
    held = _held(timings, earned)
    waits = np.array([0, *(timing.holdback_days for timing in timings)]).take(earned.places)
    later = np.where(payable == NEVER, NEVER, payable + waits)
    main = Paid(MAIN, earned, earned.minor - held, payable)
    return [main, Paid(HELD, earned, held, later)]


def _by_place(timings: list[Timing], earned: Earned, told: Callable[[Timing, Ints], Ints]) -> Ints:
    if len(set(timings)) == 1:
        return told(timings[0], earned.rows)
    found = np.empty(len(earned.rows), np.int64)
    for number, timing in enumerate(timings, 1):
        rows = np.flatnonzero(earned.places == number)
        found[rows] = told(timing, earned.rows.take(rows))
    return found


def _payable(facts: Ordered, timing: Timing, rows: Ints) -> Ints:
    """Return the earliest days of payment; NEVER while an order is not paid in full."""
    on = facts.number("on").take(rows)
    match timing.payable:
        case "collection":
            collected = collected_on(facts).take(rows)
            on = np.where(collected == NONE, NEVER, np.maximum(on, collected) + timing.hold_days)
        case "month_end":
            on = by_day(on, lambda day: month_of(day).last.toordinal()) + timing.hold_days
        case _ if timing.hold_days:
            on += timing.hold_days
    return on


def _held(timings: list[Timing], earned: Earned) -> Ints:
    found = np.zeros(len(earned.rows), np.int64)
    for number, timing in enumerate(timings, 1):
        rows = np.flatnonzero(earned.places == number)
        top, bottom = timing.holdback.as_integer_ratio()
        need_room(reach(earned.minor) * top)
        found[rows] = rounded(earned.minor.take(rows) * top, bottom)
    return found
