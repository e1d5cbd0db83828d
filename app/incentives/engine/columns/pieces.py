"""Rate tables as straight pieces: on each piece of the total the amount is ``slope x + rise``.

The pieces are read off the plain engine's own tables, at exact points, so that there is one meaning
of every mode.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import ceil, floor, lcm

import numpy as np

from app.incentives.engine.columns.arrays import Ints, Unfit, need_room, reach
from app.incentives.engine.plan import Mode, RateTable
from app.incentives.engine.tables import Position, brackets_of, work

ZERO, ONE = Fraction(0), Fraction(1)
POINTS = {Mode.FLAT: "none", Mode.AGE: "age", Mode.NEXT_SALE: "before"}
"""Where a mode looks its rate up; all others pay what moving the total earns."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A table over whole totals: the piece from each edge on, and what lies before the first.

    Amounts are ``(slopes x + rises) / denominator`` minor units; ``brackets`` gives the number of
    the bracket that a piece lies in, -1 outside of all. ``point`` says where a rate is looked up:
    before, age, none; or moves, where the amount is the difference of two totals.
    """

    point: str
    edges: tuple[int, ...]
    slopes: Ints
    rises: Ints
    steepest: int
    highest: int
    denominator: int
    brackets: Ints

    def reached(self, totals: Ints) -> tuple[Ints, int]:
        """Return the piece that each total lies in, and the largest magnitude of a total."""
        if not totals.size:
            return np.zeros(0, np.uint8), 0
        low, high = int(totals.min()), int(totals.max())
        first, last = bisect_right(self.edges, low), bisect_right(self.edges, high)
        found = np.full(len(totals), first, np.uint8)
        for edge in self.edges[first:last]:
            found += (totals >= edge).view(np.uint8)
        return found, max(high, -low)

    def amounts(self, totals: Ints, largest: int, pieces: Ints) -> Ints:
        """Return what totals earn, none larger than ``largest``, over the denominator.

        :raises Unfit: if 64 bits might not hold it
        """
        need_room(largest * self.steepest + self.highest)
        found = self.slopes.take(pieces)
        found *= totals
        if self.highest:
            found += self.rises.take(pieces)
        return found


@dataclass(frozen=True, slots=True)
class Worked:
    """Exact amounts over the table's denominator, and the pieces in which the total stood."""

    exact: Ints
    first: Ints
    last: Ints


@lru_cache(maxsize=1024)
def pieces_of(table: RateTable, scale: int) -> Pieces:
    """Return the pieces of a table for totals that are counted in parts, ``scale`` to a unit.

    :raises Unfit: if it cannot be told in straight pieces of whole numbers of 64 bits
    """
    point = POINTS.get(table.mode, "moves")
    edges = _edges(table)
    unit = 1 if point == "age" else scale
    tried = _moved if point == "moves" else _looked_up
    lines = [_line(lambda x: tried(table, x), low, high) for low, high in _spans(edges)]
    slopes = [slope / scale for slope, _ in lines]
    rises = [rise for _, rise in lines]
    if point != "moves":
        slopes, rises = [rise / scale for rise in rises], [ZERO] * len(rises)
    denominator = lcm(*(each.denominator for each in (*slopes, *rises)))
    need_room(2 * denominator)
    steep, high = _whole(slopes, denominator), _whole(rises, denominator)
    return Pieces(
        point,
        tuple(ceil(edge * unit) for edge in edges),
        steep,
        high,
        reach(steep),
        reach(high),
        denominator,
        np.array([_bracket(table, low, high) for low, high in _spans(edges)], np.int8),
    )


def work_out(pieces: Pieces, before: Ints, after: Ints, base: Ints, ages: Ints) -> Worked:
    """Return what each base earns at its place.

    :raises Unfit: if 64 bits might not hold it
    """
    if pieces.point == "moves":
        return _differences(pieces, before, after)
    looked = {"before": before, "age": ages, "none": before}[pieces.point]
    reached, _ = pieces.reached(looked)
    return Worked(pieces.amounts(base, reach(base), reached), reached, reached)


def _differences(pieces: Pieces, before: Ints, after: Ints) -> Worked:
    """Return what moving the totals earns; most begin where the row above ended."""
    last, largest = pieces.reached(after)
    earned = pieces.amounts(after, largest, last)
    first, already = np.empty_like(last), np.empty_like(earned)
    first[1:], already[1:] = last[:-1], earned[:-1]
    fresh = np.flatnonzero(before[1:] != after[:-1])
    fresh += 1
    fresh = np.concatenate((np.zeros(min(1, len(after)), np.intp), fresh))
    totals = before.take(fresh)
    reached, largest = pieces.reached(totals)
    first[fresh], already[fresh] = reached, pieces.amounts(totals, largest, reached)
    return Worked(earned - already, first, last)


def _edges(table: RateTable) -> list[Fraction]:
    """Return every total at which the table may bend or leap."""
    if table.mode is Mode.FLAT:
        return []
    baseline = table.baseline or ZERO
    brackets = brackets_of(table, baseline)
    ends = {end for each in brackets for end in (each.lower, each.upper) if end is not None}
    found = sorted(ends | {ZERO, baseline})
    if len(found) > 100:
        raise Unfit("The table has too many brackets.")
    return found


def _spans(edges: list[Fraction]) -> list[tuple[Fraction, Fraction]]:
    """Return the pieces between edges; those at the ends are as good as any part of them."""
    if not edges:
        return [(ZERO, ONE)]
    return list(pairwise([edges[0] - 1, *edges, edges[-1] + 1]))


def _line(
    value: Callable[[Fraction], Fraction], low: Fraction, high: Fraction
) -> tuple[Fraction, Fraction]:
    """Return slope and rise of a function that is straight from ``low`` up to below ``high``."""
    step = (high - low) / 4
    first, second, third = (value(low + count * step) for count in range(3))
    if third - second != second - first:
        raise Unfit("The table is not straight between its edges.")
    slope = (second - first) / step
    return slope, first - slope * low


def _moved(table: RateTable, total: Fraction) -> Fraction:
    baseline = table.baseline or ZERO
    return work(table, Position(ZERO, total, total, baseline)).exact


def _looked_up(table: RateTable, point: Fraction) -> Fraction:
    return work(table, Position(point, point, ONE, age=floor(point))).exact


def _bracket(table: RateTable, low: Fraction, high: Fraction) -> int:
    middle = (low + high) / 2
    brackets = brackets_of(table, table.baseline or ZERO)
    return next((index for index, each in enumerate(brackets) if each.holds(middle)), -1)


def _whole(values: list[Fraction], denominator: int) -> Ints:
    found = [int(value * denominator) for value in values]
    need_room(max(abs(each) for each in found))
    return np.array(found, np.int64)
