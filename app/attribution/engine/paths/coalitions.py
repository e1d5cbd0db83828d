"""Shapley on channel sets: what journeys that need only some of the channels are worth."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from app.attribution.engine.integers import Ints
from app.attribution.engine.paths.columns import Columns
from app.attribution.engine.paths.heuristics import heuristic
from app.attribution.engine.paths.reading import PathRefused
from app.attribution.engine.paths.reduce import reduced
from app.attribution.engine.shapley import (
    DEFAULT_SAMPLES,
    MOST_EXACT,
    exact,
    sampled,
    subset_sums,
)
from app.attribution.engine.touches import Model, Repeats, Rule

Number = Fraction | float
Floats = NDArray[np.float64]
_BATCH = 2_000_000  # numbers held at a time while sampling
_LEAST = 1e-300  # in place of no journeys at all, which bring nothing


class Worth(StrEnum):
    """What a set of channels is worth: all that journeys with no other channel brought.

    Conversions counts their conversions, rate divides them by their journeys, nulls included.
    """

    CONVERSIONS = "conversions"
    RATE = "rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Shapley values by channel, of conversions and of value, and what all channels are worth.

    Fractions and values by rate up to twelve channels are exact (the latter to rounding); where
    ``samples`` is not None they are estimates with standard errors. What is exact above twelve
    channels says so by errors of zero.
    """

    conversions: Sequence[Number]
    value: Sequence[Number]
    worth: tuple[Number, Number]
    errors: tuple[Sequence[float], Sequence[float]] | None = None
    samples: int | None = None


def shapley_values(
    columns: Columns, worth: Worth, *, nulls: bool = True, samples: int | None = None, seed: int = 0
) -> Values:
    """Return the Shapley value of each channel.

    Counted in conversions the game has a closed form for any number of channels: the conversions
    of a path go in even parts to the channels on it. By rate it is exact to twelve channels.
    ``samples`` asks for an estimate from that many orders in any case.

    :raises PathRefused: if a rate is asked for, but there are no nulls
    """
    if worth is Worth.RATE and not (nulls and columns.nulls.total):
        raise PathRefused(
            "conversion rates need paths that did not convert; there are none.", "total_null"
        )
    if samples is None and worth is Worth.CONVERSIONS:
        return _closed(columns)
    if samples is None and len(columns.channels) <= MOST_EXACT:
        return _by_rate(columns)
    return _estimated(columns, worth, samples or DEFAULT_SAMPLES, seed)


def _closed(columns: Columns) -> Values:
    parts = heuristic(reduced(columns, Repeats.ONCE), Rule(model=Model.LINEAR))
    conversions = parts.conversions(columns.conversions.per)
    value = parts.values(columns.value.per)
    whole = sum(conversions, Fraction(0)), sum(value, Fraction(0))
    none = [0.0] * len(conversions)
    errors = (none, none) if len(conversions) > MOST_EXACT else None
    return Values(conversions=conversions, value=value, worth=whole, errors=errors)


def _by_rate(columns: Columns) -> Values:
    count = len(columns.channels)
    tables = [[0] * (1 << count) for _ in range(3)]
    for members, brought in _sets(columns).items():
        mask = sum(1 << channel for channel in members)
        for table, units in zip(tables, brought, strict=True):
            table[mask] += units
    won, value, journeys = (subset_sums(table, count) for table in tables)
    rates = [
        [Fraction(part / whole) if whole else Fraction(0) for part, whole in pairs]
        for pairs in (zip(won, journeys, strict=True), zip(value, journeys, strict=True))
    ]
    found = [[float(each) for each in exact(rate, count)] for rate in rates]
    return Values(
        conversions=found[0],
        value=found[1],
        worth=(float(rates[0][-1]), float(rates[1][-1])),
    )


def _sets(columns: Columns) -> dict[tuple[int, ...], list[int]]:
    """Return conversions, value and journeys of each set of channels, all in one unit."""
    once = reduced(columns, Repeats.ONCE)
    per = lcm(columns.conversions.per, columns.value.per, columns.nulls.per)
    won, value, lost = (
        [unit * (per // each.per) for unit in each.units.tolist()]
        for each in (columns.conversions, columns.value, columns.nulls)
    )
    touches, starts = once.touches.tolist(), once.starts.tolist()
    found: dict[tuple[int, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for path, (start, length) in enumerate(zip(starts, once.lengths.tolist(), strict=True)):
        if length:
            sums = found[tuple(sorted(touches[start : start + length]))]
            sums[0] += won[path]
            sums[1] += value[path]
            sums[2] += won[path] + lost[path]
    return found


def _estimated(columns: Columns, worth: Worth, samples: int, seed: int) -> Values:
    sets, count = _sets(columns), len(columns.channels)
    members = np.array([each for one in sets for each in one], dtype=np.int64)
    sizes = np.array([len(one) for one in sets], dtype=np.int64)
    brought = np.array([*sets.values()], dtype=np.float64)
    per = lcm(columns.conversions.per, columns.value.per, columns.nulls.per)

    def gains(orders: Ints) -> Floats:
        """Return what each channel adds on joining: the sets that it completes."""
        rows = np.arange(len(orders))[:, None]
        places = np.empty_like(orders)
        places[rows, orders] = np.arange(count)
        complete = np.maximum.reduceat(places[:, members], np.cumsum(sizes) - sizes, axis=1)
        spots = (complete + rows * count).ravel()
        sums = [
            np.bincount(spots, np.tile(units, len(orders)), orders.size).reshape(orders.shape)
            for units in brought.T
        ]
        grown: Floats = np.cumsum(np.stack(sums, axis=2), axis=1)
        below = np.maximum(grown[:, :, 2:], _LEAST) if worth is Worth.RATE else per
        found = np.empty((*orders.shape, 2))
        found[rows, orders] = np.diff(grown[:, :, :2] / below, axis=1, prepend=0.0)
        return found

    batch = max(1, _BATCH // max(len(members), 1))
    found = sampled(gains, count, samples=samples, seed=seed, batch=batch)
    whole = brought.sum(axis=0)
    over = whole[2] if worth is Worth.RATE else per
    return Values(
        conversions=found.values[:, 0].tolist(),
        value=found.values[:, 1].tolist(),
        worth=(float(whole[0] / over), float(whole[1] / over)),
        errors=(found.errors[:, 0].tolist(), found.errors[:, 1].tolist()),
        samples=found.samples,
    )
