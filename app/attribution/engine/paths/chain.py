"""The Markov chain of paths: a state is the last ``order`` touches; counts are whole numbers."""

from dataclasses import dataclass
from math import lcm

import numpy as np
from numpy.typing import NDArray

from app.attribution.engine.integers import Ints, Units, grouped, numbered, whole
from app.attribution.engine.paths.columns import Amounts, Columns
from app.attribution.engine.paths.reading import PathRefused
from app.attribution.engine.paths.reduce import some

_MOST_CODES = 2**62


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Chain:
    """How often journeys went from state to state, all in one unit, ``1 / per`` of a journey.

    ``members`` has the channels of each state, -1 where it holds fewer than the order. ``visits``
    are the departures from a state: to another state, or to an end. ``value`` is what was brought
    by the journeys that converted in a state, in units of ``1 / value_per``.
    """

    channels: int
    members: Ints
    sources: Ints
    targets: Ints
    moves: list[int]
    starts: list[int]
    visits: list[int]
    conversions: list[int]
    value: list[int]
    per: int
    value_per: int

    @property
    def states(self) -> int:
        """How many states there are."""
        return len(self.visits)

    def holds(self, channel: int) -> NDArray[np.bool_]:
        """Return for each state whether it holds the channel."""
        found: NDArray[np.bool_] = (self.members == channel).any(axis=1)
        return found


def chain_of(columns: Columns, order: int, *, nulls: bool) -> Chain:
    """Return the chain of order ``order``: before its first touches a state holds fewer.

    Paths without touches and rows that tell of no journey are not part of it; nor are moves from
    a state to itself, which change nothing about where a journey ends.

    :raises PathRefused: if there are too many channels for the order
    """
    weights, per = _journeys(columns, nulls=nulls)
    used = (columns.lengths > 0) & (weights != 0)
    columns, weights = some(columns, used), weights[used]
    codes, of_touch = numbered(_codes(columns, order))
    count = len(codes)
    first, last = columns.starts, columns.starts + columns.lengths - 1
    moving = np.ones(len(of_touch), dtype=bool)
    moving[:-1] = of_touch[:-1] != of_touch[1:]
    moving[last] = False
    here = np.flatnonzero(moving)
    pairs, of_move = numbered(of_touch[here] * count + of_touch[here + 1])
    moving[last] = True
    came = columns.conversions.units != 0  # value came with a conversion, or says nothing
    weigh = np.repeat(weights, columns.lengths)
    return Chain(
        channels=len(columns.channels),
        members=_members(codes, order, len(columns.channels) + 1),
        sources=pairs // max(count, 1),
        targets=pairs % max(count, 1),
        moves=grouped(of_move, weigh[here], len(pairs)),
        starts=grouped(of_touch[first], weights, count),
        visits=grouped(of_touch[moving], weigh[moving], count),
        conversions=grouped(of_touch[last], _scaled(columns.conversions, per), count),
        value=grouped(of_touch[last], columns.value.units * came, count),
        per=per,
        value_per=columns.value.per,
    )


def _journeys(columns: Columns, *, nulls: bool) -> tuple[Units, int]:
    """Return how many journeys took each path, and their unit."""
    won, lost = columns.conversions, columns.nulls
    if not nulls:
        return won.units, won.per
    per = lcm(won.per, lost.per)
    pairs = zip(_scaled(won, per).tolist(), _scaled(lost, per).tolist(), strict=True)
    return whole([converted + null for converted, null in pairs]), per


def _scaled(amounts: Amounts, per: int) -> Units:
    if per == amounts.per:
        return amounts.units
    return whole([unit * (per // amounts.per) for unit in amounts.units.tolist()])


def _codes(columns: Columns, order: int) -> Ints:
    """Return for each touch one number that stands for it and those before it."""
    base = len(columns.channels) + 1
    if base**order > _MOST_CODES:
        raise PathRefused(f"{base - 1:,} channels are too many for order {order}.")
    digits, places = columns.touches + 1, columns.places
    codes = digits.copy()
    for back in range(1, order):
        earlier = np.zeros_like(digits)
        earlier[back:] = digits[:-back]
        earlier[places < back] = 0
        codes += earlier * base**back
    return codes


def _members(codes: Ints, order: int, base: int) -> Ints:
    return np.stack([codes // base**back % base - 1 for back in range(order)], axis=1)
