"""Facts in the engine's order: as known at a moment, by partner, then day, kind and key."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeVar

import numpy as np

from app.incentives.engine.columns.arrays import NONE, Ints, changes
from app.incentives.engine.columns.facts import EPOCH, MICROSECOND, FactColumns
from app.incentives.engine.facts import EventKind, PartnerFacts
from app.incentives.engine.knowledge import known
from app.incentives.engine.plan import Reset

KINDS = tuple(EventKind)
DAY_BITS = 22  # date.max is day 3,652,059
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Ordered:
    """The rows of ``facts`` that count as of ``today``, in order, with columns read in order."""

    facts: FactColumns
    rows: Ints
    partner: Ints
    today: date
    people: dict[int, PartnerFacts]
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
        return self.read("kinds", lambda: _ranks(self.facts).take(self.codes("kind")))

    def starts(self, reset: Reset) -> Ints:
        """Return the first day of each row's period."""
        return self.read(reset, lambda: self._starts(reset))

    def segments(self, reset: Reset) -> Ints:
        """Return for each row its partner and the period in which running totals begin anew."""
        make = lambda: self.partner << DAY_BITS | self.starts(reset)  # noqa: E731
        return self.read(("segments", reset), make)

    def read(self, name: object, make: Callable[[], Ints]) -> Ints:
        """Return a column, made when it is first asked for."""
        if name not in self._read:
            self._read[name] = make()
        return self._read[name]

    def keep(self, name: object, make: Callable[[], Made]) -> Made:
        """Return what is worked out once for these facts."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]  # type: ignore[return-value]

    def part(self, start: int, stop: int) -> "Ordered":
        """Return some rows that follow one another."""
        read = {name: column[start:stop] for name, column in self._read.items()}
        rows, partner = self.rows[start:stop], self.partner[start:stop]
        return Ordered(self.facts, rows, partner, self.today, self.people, read)

    def edges(self) -> list[int]:
        """Return where each partner's rows begin, and where the last one's end."""
        return [*changes(self.partner).tolist(), len(self)]

    def _number(self, name: str) -> Ints:
        column = self.facts.numbers.get(name)
        return np.full(len(self), NONE, np.int64) if column is None else column.take(self.rows)

    def _starts(self, reset: Reset) -> Ints:
        on = self.number("on")
        return by_day(on, lambda day: reset.period(day).start.toordinal())


def by_day(on: Ints, told: Callable[[date], int]) -> Ints:
    """Return for each row what is told of its day; about each day it is asked once."""
    if not on.size:
        return on
    first = int(on.min())
    table = np.zeros(int(on.max()) - first + 1, np.int64)
    seen = np.zeros(table.size, np.bool_)
    seen[on - first] = True
    days = np.flatnonzero(seen)
    table[days] = [told(date.fromordinal(first + day)) for day in days.tolist()]
    return table.take(on - first)


def in_order(
    facts: FactColumns, as_of: datetime, partners: Collection[str] | None = None
) -> Ordered:
    """Return the facts known and dated by ``as_of`` about some partners (None: all).

    :raises ContradictingEvents: if two records of an event, made at the same moment, differ
    """
    today = as_of.astimezone(UTC).date()
    told = {partner.id: partner for partner in facts.partners}
    wanted = told if partners is None else {each: told[each] for each in partners if each in told}
    ids = facts.coded["partner_id"].values
    people = {code: wanted[each] for code, each in enumerate(ids) if each in wanted}
    rows = _last_records(facts, _recorded(facts, as_of, people), as_of)
    on = facts.numbers["on"].take(rows)
    if rows.size and on.max() > today.toordinal():
        rows = rows[on <= today.toordinal()]
    rows = _sorted(facts, rows)
    partner = facts.coded["partner_id"].codes.take(rows).astype(np.int64)
    return Ordered(facts, rows, partner, today, people)


def _recorded(facts: FactColumns, as_of: datetime, people: Collection[int]) -> Ints:
    """Return the rows about the partners that were recorded by a moment."""
    partner = facts.coded["partner_id"]
    if len(people) == 1:
        rows = np.flatnonzero(partner.codes == next(iter(people)))
    else:
        wanted = np.zeros(len(partner.values), np.bool_)
        wanted[list(people)] = True
        rows = np.flatnonzero(wanted.take(partner.codes))
    recorded = facts.numbers["recorded_at"].take(rows)
    return rows[recorded <= (as_of - EPOCH) // MICROSECOND]


def _last_records(facts: FactColumns, rows: Ints, as_of: datetime) -> Ints:
    """Leave the last record of each event and partner; the plain engine refuses contradictions."""
    keys = facts.coded["key"].codes.take(rows)
    again = np.bincount(keys, minlength=1).take(keys) > 1
    if not again.any():
        return rows
    shared = rows[again]
    identity = keys[again].astype(np.int64) << 32 | facts.coded["partner_id"].codes.take(shared)
    _, inverse, counts = np.unique(identity, return_inverse=True, return_counts=True)
    if counts.max() == 1:
        return rows
    several = np.flatnonzero(counts.take(inverse) > 1)
    known(facts.facts(shared[several].tolist(), ()), as_of)
    recorded = facts.numbers["recorded_at"].take(shared[several])
    latest = several.take(np.lexsort((several, -recorded, inverse[several])))
    lost = np.delete(latest, changes(inverse.take(latest)))
    return np.setdiff1d(rows, shared.take(lost), assume_unique=True)


def _sorted(facts: FactColumns, rows: Ints) -> Ints:
    """Return the rows by partner, day, kind and key; by one number where 63 bits hold all four."""
    if not rows.size:
        return rows
    columns = (
        facts.coded["partner_id"].codes.take(rows).astype(np.int64),
        facts.numbers["on"].take(rows),
        _ranks(facts).take(facts.coded["kind"].codes.take(rows)),
        facts.coded["key"].codes.take(rows),
    )
    lows = [int(column.min()) for column in columns]
    highs = [int(column.max()) for column in columns]
    sizes = [(high - low).bit_length() for low, high in zip(lows, highs, strict=True)]
    if sum(sizes) > 63:
        return rows.take(np.lexsort(columns[::-1]))
    number = columns[0] - lows[0]
    for column, low, size in zip(columns[1:], lows[1:], sizes[1:], strict=True):
        number <<= size
        number |= column - low
    if bool((number[1:] > number[:-1]).all()):
        return rows
    return rows.take(np.argsort(number))


def _ranks(facts: FactColumns) -> Ints:
    return np.array([KINDS.index(kind) for kind in facts.coded["kind"].values], np.int64)
