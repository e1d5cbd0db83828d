"""Running totals: values by day under a key, summed over any period."""

from bisect import bisect_left, insort
from collections import defaultdict
from datetime import date
from fractions import Fraction

from app.incentives.engine.resets import Reset
from app.kernel.period import Days

Key = tuple[object, ...]
Entry = tuple[date, Fraction]


def _day(entry: Entry) -> date:
    return entry[0]


class Totals:
    """Sums over calendar and fiscal periods are kept; those over rolling windows are added up."""

    def __init__(self) -> None:
        self._entries: dict[Key, list[Entry]] = defaultdict(list)
        self._sums: dict[Key, dict[Days, Fraction]] = defaultdict(dict)

    def add(self, key: Key, on: date, value: Fraction | int) -> None:
        """Count a value on a day, also one that has passed; a negative value takes it back."""
        insort(self._entries[key], (on, Fraction(value)), key=_day)
        sums = self._sums[key]
        for period in sums:
            if period.contains(on):
                sums[period] += value

    def at(self, key: Key, reset: Reset, on: date) -> Fraction:
        """Return the total of the period, or the window, that a day lies in."""
        period = reset.period(on)
        return self._between(key, period) if reset.rolls else self.within(key, period)

    def within(self, key: Key, period: Days) -> Fraction:
        """Return the total of a period."""
        sums = self._sums[key]
        if period not in sums:
            sums[period] = self._between(key, period)
        return sums[period]

    def _between(self, key: Key, period: Days) -> Fraction:
        entries = self._entries[key]
        first = bisect_left(entries, period.start, key=_day)
        last = bisect_left(entries, period.until, key=_day)
        return sum((value for _, value in entries[first:last]), Fraction(0))
