"""Schedules over time: how an amount spreads over calendar months, and what of it by a day.

Each method cuts the time of service into calendar months with a weight each; inside a month its
part accrues evenly by day (``instant``: by microsecond). The whole is rounded so that the parts
always add up to it; which month takes the remainder is declared.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, pairwise
from math import lcm

from app.kernel.money import allocate
from app.kernel.period import Days, add_months, month_of, months_between
from app.revenue.recognition.grain import part

MID_MONTH = 15
_MONTH_OF_30 = 30
_INSTANT = timedelta(microseconds=1)


class Method(StrEnum):
    """How time is weighed."""

    DAILY = "daily"
    MONTHLY = "monthly"
    MONTHLY_PRORATED = "monthly_prorated"
    CALENDAR_MONTHS = "calendar_months"
    FULL_MONTHS = "full_months"
    HALF_MONTH = "half_month"
    MID_MONTH = "mid_month"
    THIRTY_360 = "thirty_360"
    INSTANT = "instant"


class Remainder(StrEnum):
    """Where the cents go that rounding leaves."""

    CUMULATIVE = "cumulative"
    LAST = "last"
    FIRST = "first"
    LARGEST = "largest"


@dataclass(frozen=True, slots=True)
class Span:
    """A time of service [start, until) and how it is weighed; both are days, or both moments."""

    start: date
    until: date
    method: Method = Method.DAILY
    remainder: Remainder = Remainder.CUMULATIVE

    @property
    def first(self) -> date:
        """The first day."""
        return self.start.date() if isinstance(self.start, datetime) else self.start

    @property
    def last(self) -> date:
        """The last day on which anything of it lies."""
        if isinstance(self.until, datetime):
            return (self.until - _INSTANT).date()
        return self.until - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bucket:
    """One calendar month of a span: its covered days, and its weight."""

    days: Days
    weight: Fraction


@dataclass(frozen=True)
class Spread:
    """A span cut into months, ready to answer for any day; weights are whole numbers."""

    span: Span
    days: tuple[Days, ...]
    starts: tuple[date, ...]
    weights: tuple[int, ...]
    before: tuple[int, ...]
    """Sum of the weights before each month, and of all at the end."""

    def share(self, on: date) -> Fraction:
        """Return which share of the whole is done at the end of day ``on``."""
        place = bisect_right(self.starts, on) - 1
        return Fraction(*self._done(place, on)) if place >= 0 else Fraction(0)

    def amount(self, whole: int, on: date) -> int:
        """Return what of ``whole`` is done at the end of day ``on``, rounded as declared."""
        place = bisect_right(self.starts, on) - 1
        if place < 0:
            return 0
        if self.span.remainder is Remainder.CUMULATIVE:
            return part(whole, *self._done(place, on))
        parts = self.parts(whole)
        return sum(parts[:place]) + part(parts[place], *self._inside(place, on))

    def parts(self, whole: int) -> list[int]:
        """Return the part of each month; they add up to the whole."""
        if self.span.remainder is Remainder.LARGEST:
            return allocate(whole, self.weights)
        if self.span.remainder is Remainder.CUMULATIVE:
            sums = [part(whole, each, self.before[-1]) for each in self.before]
            return [later - sooner for sooner, later in pairwise(sums)]
        return self._with_taker(whole, last=self.span.remainder is Remainder.LAST)

    def _with_taker(self, whole: int, *, last: bool) -> list[int]:
        """Round every month by itself but one, which takes the rest; none beyond what is left."""
        weighty = [place for place, weight in enumerate(self.weights) if weight]
        taker = weighty[-1 if last else 0]
        parts, left = [0] * len(self.weights), whole
        for place in weighty if last else reversed(weighty):
            rounded = part(whole, self.weights[place], self.before[-1])
            parts[place] = left if place == taker else min(rounded, left, key=abs)
            left -= parts[place]
        return parts

    def _done(self, place: int, on: date) -> tuple[int, int]:
        inside, of = self._inside(place, on)
        return self.before[place] * of + self.weights[place] * inside, self.before[-1] * of

    def _inside(self, place: int, on: date) -> tuple[int, int]:
        """Return the days of a month that are done, and its covered days."""
        days = self.days[place]
        if on >= days.last:
            return 1, 1
        if self.span.method is Method.INSTANT:
            start, until = _ends(self.span)
            begun = max(start, _midnight(days.start, start))
            ends = min(until, _midnight(days.until, start))
            upto = _midnight(on + timedelta(days=1), start)
            return (upto - begun) // _INSTANT, (ends - begun) // _INSTANT
        return (on - days.start).days + 1, (days.until - days.start).days


@lru_cache(maxsize=4096)
def spread(span: Span) -> Spread:
    """Return a span cut into weighted months."""
    buckets = _BUCKETS[span.method](span)
    common = lcm(*(bucket.weight.denominator for bucket in buckets))
    weights = tuple(int(bucket.weight * common) for bucket in buckets)
    days = tuple(bucket.days for bucket in buckets)
    sums = tuple(accumulate(weights, initial=0))
    return Spread(span, days, tuple(each.start for each in days), weights, sums)


def _covered(span: Span) -> Iterator[tuple[Days, Days]]:
    """Yield each calendar month and the days of it that the span covers."""
    until = span.last + timedelta(days=1)
    for month in months_between(span.first, until):
        yield month, Days(max(month.start, span.first), min(month.until, until))


def _length(days: Days) -> int:
    return (days.until - days.start).days


def _daily(span: Span) -> list[Bucket]:
    return [Bucket(days, Fraction(_length(days))) for _, days in _covered(span)]


def _prorated(span: Span) -> list[Bucket]:
    return [Bucket(days, Fraction(_length(days), _length(month))) for month, days in _covered(span)]


def _calendar(span: Span) -> list[Bucket]:
    return [Bucket(days, Fraction(1)) for _, days in _covered(span)]


def _half(span: Span) -> list[Bucket]:
    return [
        Bucket(days, Fraction(1) if days == month else Fraction(1, 2))
        for month, days in _covered(span)
    ]


def _begun(span: Span) -> list[Bucket]:
    """Weigh each month of service equally, in the calendar month in which it begins."""
    covered = dict(_covered(span))
    found, number = [], 0
    while (begins := add_months(span.first, number)) <= span.last:
        found.append(Bucket(covered[month_of(begins)], Fraction(1)))
        number += 1
    return found


def _full(span: Span) -> list[Bucket]:
    """Weigh the first month in full, and the last only where the span ends with it."""
    covered = list(_covered(span))
    whole = [days for month, days in covered if days.until == month.until]
    return [Bucket(days, Fraction(1)) for days in whole or [covered[0][1]]]


def _mid(span: Span) -> list[Bucket]:
    """Weigh the months in which the fifteenth is covered."""
    covered = [days for _, days in _covered(span)]
    whole = [days for days in covered if days.start.day <= MID_MONTH and days.last.day >= MID_MONTH]
    return [Bucket(days, Fraction(1)) for days in whole or covered[:1]]


def _thirty(span: Span) -> list[Bucket]:
    """Weigh days as if each month had thirty (30E/360 ISDA: its last day is the thirtieth)."""
    found = [
        Bucket(days, Fraction(_place(days.until) - _place(days.start)))
        for _, days in _covered(span)
    ]
    return found if any(bucket.weight for bucket in found) else _daily(span)


def _place(on: date) -> int:
    last = (on + timedelta(days=1)).day == 1
    day = _MONTH_OF_30 if last else on.day
    return (on.year * 12 + on.month) * _MONTH_OF_30 + min(day, _MONTH_OF_30)


def _instant(span: Span) -> list[Bucket]:
    start, until = _ends(span)
    found = []
    for _, days in _covered(span):
        begun = max(start, _midnight(days.start, start))
        ends = min(until, _midnight(days.until, start))
        found.append(Bucket(days, Fraction((ends - begun) // _INSTANT)))
    return found


def _ends(span: Span) -> tuple[datetime, datetime]:
    if isinstance(span.start, datetime) and isinstance(span.until, datetime):
        return span.start, span.until
    zero = datetime(1970, 1, 1, tzinfo=UTC)
    return _midnight(span.start, zero), _midnight(span.until, zero)


def _midnight(on: date, like: datetime) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=like.tzinfo)


_BUCKETS = {
    Method.DAILY: _daily,
    Method.MONTHLY: _begun,
    Method.MONTHLY_PRORATED: _prorated,
    Method.CALENDAR_MONTHS: _calendar,
    Method.FULL_MONTHS: _full,
    Method.HALF_MONTH: _half,
    Method.MID_MONTH: _mid,
    Method.THIRTY_360: _thirty,
    Method.INSTANT: _instant,
}
