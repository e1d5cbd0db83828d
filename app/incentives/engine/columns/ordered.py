"""Facts in the engine's order, with their columns read in that order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar, cast

import numpy as np

from app.incentives.engine.columns.arrays import NONE, Ints, changes
from app.incentives.engine.columns.facts import FactColumns
from app.incentives.engine.columns.people import DAY_BITS, FAR
from app.incentives.engine.facts import EventKind
from app.incentives.engine.plan import Reset

KINDS = tuple(EventKind)
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Ordered:
    """The rows of ``facts`` that count as of ``today``, in order, with columns read in order."""

    facts: FactColumns
    rows: Ints
    partner: Ints
    today: date
    _read: dict[object, Ints] = field(default_factory=dict)
    _kept: dict[object, object] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def number(self, name: str) -> Ints:
        """Return a column of numbers; all are missing where it was left out."""
        return self.read(name, lambda: self._number(name))

    def codes(self, name: str) -> Ints:
        """Return the codes of a column of words that was given."""
        return self.read(("codes", name), lambda: self.facts.coded[name].codes.take(self.rows))

    @property
    def kinds(self) -> Ints:
        """The rank of each event's kind."""
        return self.read("kinds", lambda: ranks(self.facts).take(self.codes("kind")))

    def starts(self, reset: Reset) -> Ints:
        """Return the first day of each row's period."""
        return self.read(reset, lambda: self._starts(reset))

    def segments(self, reset: Reset) -> Ints:
        """Return for each row its partner and the period in which running totals begin anew."""
        return self.read(("segments", reset), lambda: self._segments(reset))

    def read(self, name: object, make: Callable[[], Ints]) -> Ints:
        """Return a column, made when it is first asked for."""
        if name not in self._read:
            self._read[name] = make()
        return self._read[name]

    def keep(self, name: object, make: Callable[[], Made]) -> Made:
        """Return what is worked out once for these facts."""
        if name not in self._kept:
            self._kept[name] = make()
        return cast(Made, self._kept[name])

    def part(self, start: int, stop: int) -> "Ordered":
        """Return some rows that follow one another."""
        read = {name: column[start:stop] for name, column in self._read.items()}
        rows, partner = self.rows[start:stop], self.partner[start:stop]
        return Ordered(self.facts, rows, partner, self.today, read)

    def edges(self) -> list[int]:
        """Return where each partner's rows begin, and where the last one's end."""
        return [*changes(self.partner).tolist(), len(self)]

    def _number(self, name: str) -> Ints:
        column = self.facts.numbers.get(name)
        return np.full(len(self), NONE, np.int64) if column is None else column.take(self.rows)

    def _segments(self, reset: Reset) -> Ints:
        return self.partner << DAY_BITS | self.starts(reset)

    def _starts(self, reset: Reset) -> Ints:
        days = self.keep("days", lambda: Days.of(self.number("on")))
        return days.told(lambda day: reset.period(day).start.toordinal())


@dataclass(frozen=True, slots=True)
class Days:
    """The days that rows are dated, as numbers counted from the first, and which of them occur."""

    first: int
    counted: Ints
    present: Ints

    @classmethod
    def of(cls, on: Ints) -> "Days":
        """Return the days of some rows."""
        first = int(on.min(initial=FAR))
        counted = (on - first).astype(np.int32)
        seen = np.zeros(int(counted.max(initial=0)) + 1, np.bool_)
        seen[counted] = True
        return cls(first, counted, np.flatnonzero(seen))

    def told(self, told: Callable[[date], int]) -> Ints:
        """Return for each row what is told of its day; about each day it is asked once."""
        if not self.counted.size:
            return self.counted
        table = np.zeros(int(self.present[-1]) + 1, np.int64)
        days = self.present.tolist()
        table[days] = [told(date.fromordinal(self.first + day)) for day in days]
        return table.take(self.counted)


def by_day(on: Ints, told: Callable[[date], int]) -> Ints:
    """Return for each row what is told of its day; about each day it is asked once."""
    return Days.of(on).told(told)


def ranks(facts: FactColumns) -> Ints:
    """Return the rank of each kind of event in the facts' dictionary."""
    return np.array([KINDS.index(kind) for kind in facts.coded["kind"].values], np.int64)
