"""Running sums within segments of facts that are in order."""

import numpy as np

from app.incentives.engine.columns.arrays import Ints, changes, need_room, reach


def running(segments: Ints, values: Ints) -> Ints:
    """Return the sum of each segment up to and including each row; equal segments are adjacent.

    :raises Unfit: if 64 bits might not hold a sum
    """
    if not values.size:
        return values
    starts = changes(segments)
    lengths = np.empty_like(starts)
    np.subtract(starts[1:], starts[:-1], out=lengths[:-1])
    lengths[-1] = len(values) - starts[-1]
    need_room(reach(values) * int(lengths.max()))
    # The sum over all segments may leave 64 bits and come round again; differences do not mind.
    sums = np.cumsum(values)
    sums -= np.repeat(sums.take(starts) - values.take(starts), lengths)
    return sums


def running_apart(groups: Ints, values: Ints) -> Ints:
    """Return the same where the rows of a group may stand apart."""
    order = np.argsort(groups, kind="stable")
    found = np.empty_like(values)
    found[order] = running(groups.take(order), values.take(order))
    return found


def within_limit(groups: Ints, values: Ints, limit: int) -> tuple[Ints, Ints]:
    """Return what of each value is within what a limit leaves, and what was used of it before.

    The values are not negative, so the sum that is used up never falls.
    """
    sums = running_apart(groups, values)
    used = np.minimum(sums - values, limit)
    return np.minimum(sums, limit) - used, used
