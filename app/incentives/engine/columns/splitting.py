"""Splits of many whole amounts at once, by largest remainder."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from app.incentives.engine.columns.arrays import Ints, need_room, reach


def largest_remainder(totals: Ints, weights: Sequence[Fraction]) -> list[Ints]:
    """Return the parts of each total by weights that add up to one; as ``allocate`` does for one.

    :raises Unfit: if 64 bits might not hold a step
    """
    bottom = lcm(*(weight.denominator for weight in weights))
    need_room(reach(totals) * bottom)
    sizes = np.abs(totals)
    exact = [sizes * int(weight * bottom) for weight in weights]
    parts = [each // bottom for each in exact]
    rests = [each - part * bottom for each, part in zip(exact, parts, strict=True)]
    short = sizes - sum(parts)
    for index, part in enumerate(parts):
        ahead = sum(
            ((rest >= rests[index]) if other < index else (rest > rests[index])).astype(np.int64)
            for other, rest in enumerate(rests)
        )
        part += ahead < short
    return [np.where(totals < 0, -part, part) for part in parts]
