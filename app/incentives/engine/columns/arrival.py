"""Facts as they come in, put in order: what is known at a moment, by partner, day, kind and key."""

from collections.abc import Collection
from datetime import UTC, date, datetime

import numpy as np

from app.incentives.engine.columns.arrays import Ints, changes
from app.incentives.engine.columns.facts import EPOCH, MICROSECOND, FactColumns
from app.incentives.engine.columns.ordered import Ordered, ranks
from app.incentives.engine.knowledge import known

EVERY = slice(None)
Rows = Ints | slice


def in_order(
    facts: FactColumns, as_of: datetime, partners: Collection[str] | None = None
) -> Ordered:
    """Return the facts known and dated by ``as_of`` about some partners (None: all).

    :raises ContradictingEvents: if two records of an event, made at the same moment, differ
    """
    today = as_of.astimezone(UTC).date()
    rows = _last_records(facts, _recorded(facts, as_of, partners), as_of)
    return _sorted(facts, _dated(facts, rows, today), today)


def _only(rows: Rows, kept: Ints) -> Rows:
    """Return the rows that are kept, all of them as they were."""
    if kept.all():
        return rows
    return np.flatnonzero(kept) if isinstance(rows, slice) else rows[kept]


def _recorded(facts: FactColumns, as_of: datetime, partners: Collection[str] | None) -> Rows:
    """Return the rows about the partners that were recorded by a moment."""
    column = facts.coded["partner_id"].codes
    wanted = facts.people.known
    if partners is not None:
        codes = [facts.people.codes[each] for each in partners if each in facts.people.codes]
        wanted = np.zeros_like(wanted)
        wanted[codes] = True
    rows = EVERY if wanted.all() else np.flatnonzero(wanted.take(column))
    return _only(rows, facts.numbers["recorded_at"][rows] <= (as_of - EPOCH) // MICROSECOND)


def _last_records(facts: FactColumns, rows: Rows, as_of: datetime) -> Rows:
    """Leave the last record of each event and partner; the plain engine refuses contradictions."""
    keys = facts.coded["key"].codes[rows]
    times = np.bincount(keys, minlength=1)
    if times.max() <= 1:
        return rows
    shared = np.flatnonzero(times.take(keys) > 1)
    told = np.arange(len(facts))[rows].take(shared)
    identity = keys[shared].astype(np.int64) << 32 | facts.coded["partner_id"].codes.take(told)
    several = np.sort(identity)
    if not (several[1:] == several[:-1]).any():
        return rows
    _, inverse, counts = np.unique(identity, return_inverse=True, return_counts=True)
    several = np.flatnonzero(counts.take(inverse) > 1)
    known(facts.facts(told[several].tolist(), ()), as_of)
    recorded = facts.numbers["recorded_at"].take(told[several])
    latest = several.take(np.lexsort((several, -recorded, inverse[several])))
    lost = np.delete(latest, changes(inverse.take(latest)))
    kept = np.ones(len(keys), np.bool_)
    kept[shared[lost]] = False
    return _only(rows, kept)


def _dated(facts: FactColumns, rows: Rows, today: date) -> Rows:
    """Return the rows that are dated by a day."""
    return _only(rows, facts.numbers["on"][rows] <= today.toordinal())


def _sorted(facts: FactColumns, rows: Rows, today: date) -> Ordered:
    """Return the rows by partner, day, kind and key; by one number where 63 bits hold all four."""
    columns = (
        facts.coded["partner_id"].codes[rows],
        facts.numbers["on"][rows],
        ranks(facts).take(facts.coded["kind"].codes[rows]),
        facts.coded["key"].codes[rows],
    )
    told = np.arange(len(facts))[rows]
    if not told.size:
        return Ordered(facts, told, told, today)
    lows = [int(column.min()) for column in columns]
    highs = [int(column.max()) for column in columns]
    sizes = [(high - low).bit_length() for low, high in zip(lows, highs, strict=True)]
    if sum(sizes) > 63:
        order = np.lexsort(columns[::-1])
        partner, on = (column.take(order).astype(np.int64) for column in columns[:2])
        return Ordered(facts, told.take(order), partner, today, {"on": on})
    number = columns[0].astype(np.int64) - lows[0]
    for column, low, size in zip(columns[1:], lows[1:], sizes[1:], strict=True):
        number <<= size
        number |= column - low
    found = _by_number(told, number, columns[3] - lows[3], sizes[3])
    partner = (number >> sum(sizes[1:])) + lows[0]
    on = (number >> sizes[2] + sizes[3] & (1 << sizes[1]) - 1) + lows[1]
    return Ordered(facts, found, partner, today, {"on": on})


def _by_number(rows: Ints, number: Ints, keys: Ints, size: int) -> Ints:
    """Put a number in order, of which the last ``size`` bits are the key; return the rows by it."""
    if bool((number[1:] > number[:-1]).all()):
        return rows
    owner = np.zeros(1 << size, np.int64)
    owner[keys] = rows
    if not np.array_equal(owner.take(keys), rows):
        order = np.argsort(number)
        number[:] = number.take(order)
        return rows.take(order)
    number.sort()  # a key that is its row's own leads back to the row
    return owner.take(number & (1 << size) - 1)
