"""Whole numbers as arrays, added up exactly whatever their size."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Units = NDArray[Any]
"""Whole numbers of any size: int64 where their sum fits, Python's own where it does not."""

_FITS = 2**62
_EXACT_IN_FLOATS = 2**53
_LOW = 2**26
_DENSE = 4  # codes up to this many times their count are numbered without sorting


def whole(numbers: Sequence[int]) -> Units:
    """Return whole numbers as an array that adds them up exactly."""
    return np.array(numbers, dtype=np.int64 if sum(map(abs, numbers)) < _FITS else object)


def grouped(keys: Ints, units: Units, size: int) -> list[int]:
    """Return the exact sum of ``units`` (zero or more each) for each of ``size`` keys."""
    if units.dtype == object:
        sums = [0] * size
        for key, unit in zip(keys.tolist(), units.tolist(), strict=True):
            sums[key] += unit
        return sums
    if units.sum(dtype=np.float64) < _EXACT_IN_FLOATS:
        plain: list[int] = np.bincount(keys, units, size).astype(np.int64).tolist()
        return plain
    high = np.bincount(keys, units // _LOW, size).astype(np.int64).tolist()
    low = np.bincount(keys, units % _LOW, size).astype(np.int64).tolist()
    return [upper * _LOW + lower for upper, lower in zip(high, low, strict=True)]


def numbered(codes: Ints) -> tuple[Ints, Ints]:
    """Return the codes (zero or more each) that occur, in order, and the place of each code."""
    highest = int(codes.max(initial=0))
    if highest > _DENSE * len(codes):
        return np.unique(codes, return_inverse=True)
    found = np.flatnonzero(np.bincount(codes)).astype(np.int64)
    places = np.zeros(highest + 1, dtype=np.int64)
    places[found] = np.arange(len(found))
    return found, places[codes]
