"""Caps: what limits leave of values that use them up one after the other."""

from collections.abc import Sequence

import numpy as np

from app.incentives.engine.columns.arrays import Ints, Unfit
from app.incentives.engine.columns.chains import counting_over
from app.incentives.engine.columns.ordered import Ordered
from app.incentives.engine.columns.orders import by_order
from app.incentives.engine.columns.volume import within_limit
from app.incentives.engine.plan import Cap, CapPer


def limited(
    facts: Ordered, rows: Ints, values: Ints, caps: Sequence[Cap], scale: int = 1
) -> tuple[Ints, Ints | None]:
    """Return what caps leave of values, and what was used before of the one that counts over rows.

    Values are counted in parts, ``scale`` to a minor unit. Where whole amounts are rounded before
    they are cut the cents are the same as if they were cut before, for limits are whole.

    :raises Unfit: if a value is negative, which would give back what was used
    """
    if caps and values.size and values.min() < 0:
        raise Unfit("A negative amount under a cap is not calculated in columns.")
    for cap in caps:
        if cap.per is CapPer.EVENT:
            values = np.minimum(values, cap.limit * scale)
    used = None
    for cap in counting_over(caps):
        values, used = within_limit(_groups(facts, cap).take(rows), values, cap.limit * scale)
    return values, used


def _groups(facts: Ordered, cap: Cap) -> Ints:
    """Return for each row a number shared by the rows over which a cap counts."""
    if cap.per is not CapPer.DEAL:
        return facts.segments(cap.period)
    return facts.read(("deals", cap.period), lambda: _deals(facts, cap))


def _deals(facts: Ordered, cap: Cap) -> Ints:
    both = np.stack((by_order(facts), facts.starts(cap.period)))
    _, found = np.unique(both, axis=1, return_inverse=True)
    return found.reshape(-1)
