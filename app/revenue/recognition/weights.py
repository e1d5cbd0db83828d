"""Weights of obligations over time as whole numbers, for columns of them.

``whole`` is the weight of all of an obligation, ``cumulative`` that of what is done before a
midnight that begins a month. Where a month has a share of itself as weight, both are multiplied by
the lengths of the first and the last month, so that they stay whole.
"""

from enum import IntEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]


class Code(IntEnum):
    """How an obligation is satisfied."""

    POINT_IN_TIME = 0
    DAILY = 1
    MONTHLY = 2
    MONTHLY_PRORATED = 3


POINT_IN_TIME = Code.POINT_IN_TIME


def whole(code: Ints, start: Ints, until: Ints) -> Ints:
    """Return the weight of all of each obligation."""
    weight = np.ones(len(code), np.int64)
    for each, found in _ALL.items():
        chosen = code == each
        if chosen.any():
            weight[chosen] = found(start[chosen], until[chosen])
    return weight


def cumulative(code: Ints, start: Ints, until: Ints, end: int) -> Ints:
    """Return the weight of what is done before ``end``, the midnight that begins a month."""
    weight: Ints = (code == Code.POINT_IN_TIME) * (start < end).astype(np.int64)
    for each, found in _DONE.items():
        chosen = code == each
        if chosen.any():
            weight[chosen] = found(start[chosen], until[chosen], end)
    return weight


def _days(start: Ints, until: Ints) -> Ints:
    return until - start


def _days_done(start: Ints, until: Ints, end: int) -> Ints:
    return np.clip(end - start, 0, until - start)


def _months(start: Ints, until: Ints) -> Ints:
    """Return how many months, counted from the start, begin before ``until``."""
    number = _month(until) - _month(start)
    anniversary = _nth_day(_month(until), _day_in_month(start))
    return number + (anniversary < until)


def _months_done(start: Ints, until: Ints, end: int) -> Ints:
    reached = _month(np.array([end - 1]))[0] - _month(start) + 1
    done: Ints = np.clip(reached, 0, _months(start, until))
    return done


def _prorated(start: Ints, until: Ints) -> Ints:
    return _prorated_done(start, until, int(until.max()) + 31)


def _prorated_done(start: Ints, until: Ints, end: int) -> Ints:
    """Return days of the first month, whole months and days of the last, on one denominator."""
    first, last = _month(start), _month(until - 1)
    begin_first, begin_last = _begin(first), _begin(last)
    length_first, length_last = _begin(first + 1) - begin_first, _begin(last + 1) - begin_last
    stop = np.minimum(until, end)
    in_first = np.clip(np.minimum(stop, begin_first + length_first) - start, 0, None)
    in_last = np.clip(stop - begin_last, 0, None) * (last > first)
    reached = np.minimum(_month(np.maximum(stop - 1, start)), last - 1)
    between = np.clip(reached - first, 0, None)
    done: Ints = (in_first + between * length_first) * length_last + in_last * length_first
    return done


def _month(day: Ints) -> Ints:
    months: Ints = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months


def _begin(month: Ints) -> Ints:
    days: Ints = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return days


def _day_in_month(day: Ints) -> Ints:
    return day - _begin(_month(day))


def _nth_day(month: Ints, offset: Ints) -> Ints:
    """Return the day so far into a month, or its last where it is shorter."""
    found: Ints = np.minimum(_begin(month) + offset, _begin(month + 1) - 1)
    return found


_ALL = {Code.DAILY: _days, Code.MONTHLY: _months, Code.MONTHLY_PRORATED: _prorated}
_DONE = {
    Code.DAILY: _days_done,
    Code.MONTHLY: _months_done,
    Code.MONTHLY_PRORATED: _prorated_done,
}
