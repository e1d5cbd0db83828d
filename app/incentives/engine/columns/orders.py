"""What events of an order know of it: its size and day, where they do not say so themselves."""

import numpy as np

from app.incentives.engine.columns.arrays import NONE, Ints, changes
from app.incentives.engine.columns.ordered import KINDS, Ordered
from app.incentives.engine.columns.volume import running
from app.incentives.engine.knowledge import BOOKINGS


def order_sizes(ordered: Ordered) -> Ints:
    """Return the size of each event's order: as told, else what was booked of it until then."""
    told = ordered.number("order_minor")
    if not len(told) or bool((told != NONE).all()):
        return told
    return ordered.read("sizes", lambda: _sizes(ordered, told))


def order_days(ordered: Ordered) -> Ints:
    """Return the day of each event's order: as told, else of its first booking, once it is."""
    told = ordered.number("ordered_on")
    if not len(told) or bool((told != NONE).all()):
        return told
    return ordered.read("order days", lambda: np.where(told == NONE, _booked_on(ordered), told))


def by_order(ordered: Ordered) -> Ints:
    """Return for each row a number that its partner and order share."""
    return ordered.read("orders", lambda: ordered.partner << 32 | ordered.codes("order_id"))


def _sizes(ordered: Ordered, told: Ints) -> Ints:
    booked = np.where(_books(ordered), ordered.number("minor"), 0)
    keys = (ordered.codes("credit_class"),) if "credit_class" in ordered.facts.coded else ()
    order = np.lexsort((*keys, by_order(ordered)))
    segments = by_order(ordered).take(order)
    for key in keys:
        _, segments = np.unique(np.stack((segments, key.take(order))), axis=1, return_inverse=True)
    sums = np.empty_like(booked)
    sums[order] = running(segments.reshape(-1), booked.take(order))
    known = (_booked_on(ordered) != NONE) & (sums != 0)
    return np.where((told == NONE) & known, sums, told)


def _booked_on(ordered: Ordered) -> Ints:
    return ordered.read("booked on", lambda: _first_booking(ordered))


def _first_booking(ordered: Ordered) -> Ints:
    """Return the day of each order's first booking for the rows from that one on, else NONE."""
    size = len(ordered)
    order = np.argsort(by_order(ordered), kind="stable")
    place = np.where(_books(ordered), np.arange(size), size).take(order)
    starts = changes(by_order(ordered).take(order))
    first = np.minimum.reduceat(place, starts)
    first = np.repeat(first, np.diff(starts, append=size))
    days = np.append(ordered.number("on"), NONE).take(first)
    found = np.empty(size, np.int64)
    found[order] = np.where(order >= first, days, NONE)
    return found


def _books(ordered: Ordered) -> Ints:
    ranks = [rank for rank, kind in enumerate(KINDS) if kind in BOOKINGS]
    return np.isin(ordered.kinds, ranks)
