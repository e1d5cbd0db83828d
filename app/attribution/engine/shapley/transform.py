"""Exact Shapley values of a game told by the worth of every coalition, as whole numbers."""

from collections.abc import Sequence
from fractions import Fraction
from math import factorial, lcm

import numpy as np

from app.attribution.engine.integers import grouped, whole


def exact(worth: Sequence[Fraction | int], players: int) -> list[Fraction]:
    """Return each player's Shapley value (Shapley 1953), without any rounding.

    ``worth`` has 2^players entries: entry ``m`` is the worth of the coalition whose members are
    the one-bits of ``m``. The values add up to the worth of all less that of nobody.
    """
    per = lcm(*{each.denominator for each in worth})
    lowest = min(worth)
    # Only differences count, so that the sums may be of numbers of zero or more.
    units = whole([int((each - lowest) * per) for each in worth])
    coalitions = np.arange(1 << players, dtype=np.int64)
    sizes = np.bitwise_count(coalitions).astype(np.int64)
    times = [factorial(size) * factorial(players - size - 1) for size in range(players)]
    found = []
    for player in range(players):
        outside = (coalitions >> player) & 1 == 0
        without = grouped(sizes[outside], units[outside], players)
        joined = grouped(sizes[outside], units[coalitions[outside] | 1 << player], players)
        gains = zip(times, joined, without, strict=True)
        total = sum(count * (after - before) for count, after, before in gains)
        found.append(Fraction(total, per * factorial(players)))
    return found


def subset_sums(units: Sequence[int], players: int) -> list[int]:
    """Return for each coalition the sum over all coalitions inside it (zeta transform)."""
    sums = whole([*units])
    for player in range(players):
        pairs = sums.reshape(-1, 2, 1 << player)
        pairs[:, 1] += pairs[:, 0]
    return [int(each) for each in sums.tolist()]
