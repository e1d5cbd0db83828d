"""Models that look at one path at a time: first, last, linear, position, W, time decay, roles."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from math import lcm

import numpy as np

from app.attribution.engine.integers import Ints, grouped
from app.attribution.engine.paths.columns import Columns
from app.attribution.engine.paths.parts import Parts, shares_of
from app.attribution.engine.touches import Model, Repeats, Rule, Touch
from app.attribution.engine.weights import decay, weigh

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_FINE = 10**45  # far finer than the grid of shares, so that it is rounded there alone


def heuristic(columns: Columns, rule: Rule) -> Parts:
    """Return what each channel has of the conversions and the value of the paths, exactly.

    The touches must have been reduced to those that count. A path without touches, or with none
    that has a weight, gives nothing to anybody.
    """
    if rule.model is Model.ROLES:
        return _by_roles(columns, rule)
    if rule.model is Model.TIME_DECAY and columns.before is not None:
        return _by_age(columns, columns.before, rule.half_life_days)
    return _by_place(columns, replace(rule, repeats=Repeats.KEEP, lookback_days=None))


def _by_place(columns: Columns, rule: Rule) -> Parts:
    """Share by the place of each touch, once for all paths of one length and milestone."""
    parts = Parts(len(columns.channels))
    count, widest = max(len(columns.channels), 1), int(columns.lengths.max(initial=0)) + 1
    marks = columns.milestones if columns.milestones is not None else np.int64(-1)
    shapes, of_path = np.unique(columns.lengths * widest + marks + 1, return_inverse=True)
    shares = [_shares(shape // widest, shape % widest, rule) for shape in shapes.tolist()]
    owners = columns.owners
    spots, of_touch = np.unique(
        (of_path[owners] * widest + columns.places) * count + columns.touches, return_inverse=True
    )
    sums = (
        grouped(of_touch, units[owners], len(spots))
        for units in (columns.conversions.units, columns.value.units)
    )
    for spot, conversions, value in zip(spots.tolist(), *sums, strict=True):
        place, channel = divmod(spot, count)
        shape, place = divmod(place, widest)
        parts.add(channel, shares[shape][place], conversions, value)
    return parts


def _shares(length: int, mark: int, rule: Rule) -> list[tuple[int, int]]:
    """Return the share of each touch of a path, told by its length and milestone (0 for none).

    The touches are a day apart, which matters to time decay alone.
    """
    touches = [
        Touch(partner_id="", at=EPOCH + timedelta(days=place), milestone=place == mark - 1)
        for place in range(length)
    ]
    found = weigh(touches, rule, EPOCH + timedelta(days=length))
    over = lcm(*(each.share.denominator for each in found))
    return shares_of([int(each.share * over) for each in found], over)


def _by_age(columns: Columns, before: Ints, half_life: Fraction) -> Parts:
    """Share by how long before the last touch each was."""

    @lru_cache(maxsize=1 << 17)
    def fine(age: int) -> int:
        return round(decay(timedelta(microseconds=age), half_life) * _FINE)

    last = np.repeat(columns.starts + columns.lengths - 1, columns.lengths)
    return _by_weight(columns, [fine(age) for age in (before - before[last]).tolist()])


def _by_roles(columns: Columns, rule: Rule) -> Parts:
    """Share by the declared weight of each touch's role; one without a weight has none."""
    found = [rule.roles.get(name, Fraction(0)) for name in (*columns.role_names, "")]
    over = lcm(*(weight.denominator for weight in found))
    units = [int(weight * over) for weight in found]
    roles = columns.roles
    places = [len(units) - 1] * len(columns.touches) if roles is None else roles.tolist()
    return _by_weight(columns, [units[place] for place in places])


def _by_weight(columns: Columns, weights: list[int]) -> Parts:
    """Share each path in proportion to the weights of its touches."""
    parts = Parts(len(columns.channels))
    touches = columns.touches.tolist()
    rows = zip(
        columns.starts.tolist(),
        columns.lengths.tolist(),
        columns.conversions.units.tolist(),
        columns.value.units.tolist(),
        strict=True,
    )
    for start, length, conversions, value in rows:
        summed: dict[int, int] = defaultdict(int)
        for place in range(start, start + length):
            summed[touches[place]] += weights[place]
        total = sum(summed.values())
        if total:
            shares = shares_of([*summed.values()], total)
            for channel, share in zip(summed, shares, strict=True):
                parts.add(channel, share, conversions, value)
    return parts
