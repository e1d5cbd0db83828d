"""Schedules over time: how an amount spreads over calendar months, and what of it by a day.

Each method cuts the time of service into calendar months with a weight each; inside a month its
part accrues evenly by day (``instant``: by microsecond). The whole is rounded so that the parts
always add up to it; which month takes the remainder is declared.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, pairwise
from math import lcm

from app.kernel.money import allocate
from app.kernel.period import Days
from app.revenue.recognition.buckets import BUCKETS, midnight, stretch
from app.revenue.recognition.grain import part
from app.revenue.recognition.span import INSTANT, Method, Remainder, Span

_NOTHING, _ALL = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Spread:
    """A span cut into months, ready to answer for any day; weights are whole numbers."""

    span: Span
    days: tuple[Days, ...]
    starts: tuple[date, ...]
    weights: tuple[int, ...]
    before: tuple[int, ...]
    """Sum of the weights before each month, and of all at the end."""
    unit: int = 1
    """What a month of weight one weighs here."""

    @property
    def length(self) -> Fraction:
        """How much service the span holds, in the measure of its method: days or months."""
        return Fraction(self.before[-1], self.unit)

    def share(self, on: date) -> Fraction:
        """Return which share of the whole is done at the end of day ``on``."""
        place = bisect_right(self.starts, on) - 1
        if place < 0:
            return _NOTHING
        if place == len(self.days) - 1 and on >= self.days[place].last:
            return _ALL
        return Fraction(*self._done(place, on))

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
            begun, over = stretch(self.span, days)
            upto = midnight(on + timedelta(days=1), begun)
            return (upto - begun) // INSTANT, (over - begun) // INSTANT
        return (on - days.start).days + 1, (days.until - days.start).days


@lru_cache(maxsize=4096)
def spread(span: Span) -> Spread:
    """Return a span cut into weighted months."""
    buckets = BUCKETS[span.method](span)
    common = lcm(*(bucket.weight.denominator for bucket in buckets))
    weights = tuple(int(bucket.weight * common) for bucket in buckets)
    days = tuple(bucket.days for bucket in buckets)
    sums = tuple(accumulate(weights, initial=0))
    return Spread(span, days, tuple(each.start for each in days), weights, sums, common)
