"""The day on which each order was paid in full, by the rules of the plain engine."""

import numpy as np

from app.incentives.engine.columns.arrays import NONE, Bools, Ints
from app.incentives.engine.columns.ordered import KINDS, Ordered
from app.incentives.engine.columns.orders import by_order, order_sizes
from app.incentives.engine.columns.volume import running_apart
from app.incentives.engine.facts import EventKind
from app.incentives.engine.knowledge import collection_days, with_orders

_FAR = np.iinfo(np.int64).max


def collected_on(facts: Ordered) -> Ints:
    """Return for each row the day on which its order was paid in full; NONE where it is not."""
    return facts.read("collected", lambda: _collected_on(facts))


def _collected_on(facts: Ordered) -> Ints:
    orders, group = np.unique(by_order(facts), return_inverse=True)
    group = group.reshape(-1)
    sizes = np.full(len(orders), NONE, np.int64)
    told = order_sizes(facts)
    known = told != NONE
    sizes[group[known]] = told[known]  # of several the last one stays
    days = np.full(len(orders), _FAR, np.int64)
    settled = _settled(facts, sizes.take(group)) & (sizes.take(group) != NONE)
    np.minimum.at(days, group[settled], facts.number("on")[settled])
    _of_bills(facts, np.flatnonzero(sizes.take(group) == NONE), group, days)
    return np.where(days == _FAR, NONE, days).take(group)


def _settled(facts: Ordered, size: Ints) -> Bools:
    """Return at which events what came in covers what is owed."""
    got = _moved(facts, EventKind.COLLECTED) - _moved(facts, EventKind.REFUNDED)
    spared = np.maximum(_moved(facts, EventKind.CREDITED), _moved(facts, EventKind.CANCELLED))
    settling = (
        EventKind.COLLECTED, EventKind.REFUNDED, EventKind.CREDITED, EventKind.CANCELLED,
    )  # fmt: skip
    moves = np.isin(facts.kinds, [KINDS.index(kind) for kind in settling])
    held: Bools = moves & (got >= size - spared)
    return held


def _moved(facts: Ordered, kind: EventKind) -> Ints:
    """Return the sum of one kind of event up to each row, by order and class of credit."""
    values = np.where(facts.kinds == KINDS.index(kind), facts.number("minor"), 0)
    if not values.any():
        return values
    return running_apart(_classes(facts), values)


def _classes(facts: Ordered) -> Ints:
    if "credit_class" not in facts.facts.coded:
        return by_order(facts)
    return facts.read("classes", lambda: _class_groups(facts))


def _class_groups(facts: Ordered) -> Ints:
    both = np.stack((by_order(facts), facts.codes("credit_class")))
    return np.unique(both, axis=1, return_inverse=True)[1].reshape(-1)


def _of_bills(facts: Ordered, rows: Ints, group: Ints, days: Ints) -> None:
    """Fill in the days of orders of which nothing but bills tells the size."""
    billed = np.isin(group[rows], group[facts.kinds == KINDS.index(EventKind.BILLED)])
    if not billed.any():
        return
    rows = rows[billed]
    events = [facts.facts.event(row) for row in facts.rows.take(rows).tolist()]
    found = collection_days(with_orders(events))
    for event, row in zip(events, rows.tolist(), strict=True):
        if (on := found.get((event.partner_id, event.order_id))) is not None:
            days[group[row]] = on.toordinal()
