"""Types of columns, the mark of a missing number, and arithmetic that stays exact."""

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[Any]
"""A column of whole numbers: amounts and days have 64 bits, codes and numbers of rows fewer."""
Bools = npt.NDArray[np.bool_]

NONE = int(np.iinfo(np.int64).min)
"""Stands for a number that is not given."""

ROOM = 2**62
"""No result may reach this: a sum or a difference of two still fits into 64 bits."""


class Unfit(Exception):
    """These facts cannot be calculated in columns; the plain engine calculates them."""


def reach(values: Ints) -> int:
    """Return the largest magnitude among values."""
    return max(int(values.max()), -int(values.min())) if values.size else 0


def need_room(bound: int) -> None:
    """Refuse arithmetic that may come to ``bound``.

    :raises Unfit: if 64 bits might not hold it
    """
    if bound >= ROOM:
        raise Unfit("The numbers are too large for 64 bits.")


def rounded(numerators: Ints, denominator: int) -> Ints:
    """Return the nearest whole numbers of quotients; halves go away from zero.

    :raises Unfit: if 64 bits might not hold a step
    """
    if denominator == 1 or not numerators.size:
        return numerators
    high, low = int(numerators.max()), int(numerators.min())
    need_room(2 * max(high, -low) + 2 * denominator)
    if low >= 0:
        return _nearest(numerators, denominator)
    sizes = _nearest(np.abs(numerators), denominator)
    return np.where(numerators < 0, -sizes, sizes)


def _nearest(sizes: Ints, denominator: int) -> Ints:
    if denominator % 2:
        sizes, denominator = sizes * 2, denominator * 2
    found: Ints = (sizes + denominator // 2) // denominator
    return found


def changes(values: Ints) -> Ints:
    """Return where each run of equal neighbours begins."""
    if not values.size:
        return np.empty(0, np.intp)
    return np.concatenate(([0], np.flatnonzero(values[1:] != values[:-1]) + 1))
