"""Facts as they come in, put in order: what is known at a moment, by partner, day, kind and key."""

from collections.abc import Collection
from datetime import UTC, datetime

import numpy as np

from app.incentives.engine.columns.arrays import Ints, changes
from app.incentives.engine.columns.facts import EPOCH, MICROSECOND, FactColumns
from app.incentives.engine.columns.ordered import Ordered, ranks
from app.incentives.engine.knowledge import known


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
    times = np.bincount(keys, minlength=1)
    if times.max() <= 1:
        return rows
    again = times.take(keys) > 1
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
        ranks(facts).take(facts.coded["kind"].codes.take(rows)),
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
    return _by_number(rows, number, columns[3], lows[3], sizes[3])


def _by_number(rows: Ints, number: Ints, keys: Ints, low: int, size: int) -> Ints:
    """Return the rows by their number, of which the last ``size`` bits are the key's."""
    if bool((number[1:] > number[:-1]).all()):
        return rows
    owner = np.zeros(int(keys.max()) - low + 1, np.int64)
    owner[keys - low] = rows
    if not np.array_equal(owner.take(keys - low), rows):
        return rows.take(np.argsort(number))
    number.sort()  # a key that is its row's own leads back to the row
    number &= (1 << size) - 1
    return owner.take(number)
