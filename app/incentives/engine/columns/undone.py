"""Which earlier facts a refund, credit note or cancellation undoes, and how much of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.incentives.engine.columns.arrays import Bools, Ints, Unfit, need_room, reach
from app.incentives.engine.columns.chains import counting_over
from app.incentives.engine.columns.ordered import KINDS, Ordered
from app.incentives.engine.columns.orders import by_order
from app.incentives.engine.columns.volume import running
from app.incentives.engine.facts import UNDOING, EventKind
from app.incentives.engine.plan import Component
from app.incentives.engine.taking import undoes
from app.incentives.engine.undoing import NATURAL, undoings

LAPSED = EventKind.CERTIFICATION_LAPSED


@dataclass(frozen=True, slots=True)
class Undone:
    """Parts of earlier facts that later ones undo: rows of both, and how much of how much.

    They are in the order in which they are undone.
    """

    source: Ints
    by: Ints
    minor: Ints
    of: Ints

    def among(self, rows: Ints) -> "tuple[Undone, Ints]":
        """Return those whose earlier fact is among some rows in order, and where it is there."""
        place = np.searchsorted(rows, self.source)
        found = np.append(rows, -1).take(place) == self.source
        kept = Undone(self.source[found], self.by[found], self.minor[found], self.of[found])
        return kept, place[found]

    def parts(self, base: Ints) -> Ints:
        """Return what the undone part of each base counted for.

        :raises Unfit: if one is not whole
        """
        need_room(reach(base) * reach(self.minor))
        parts, rest = np.divmod(base * self.minor, self.of)
        if rest.any():
            raise Unfit("A part of an event does not count for a whole number.")
        return parts

    def running(self, segments: Ints, rows: Ints, base: Ints) -> Ints:
        """Return the running total at each row, less what was undone by then."""
        found, place = self.among(rows)
        less = found.parts(base.take(place))
        moments = np.concatenate((rows, found.by))
        groups = np.concatenate((segments.take(rows), segments.take(found.source)))
        order = np.lexsort((moments, groups))
        sums = np.empty(len(order), np.int64)
        sums[order] = running(groups.take(order), np.concatenate((base, -less)).take(order))
        return sums[: len(rows)]


def undone_under(facts: Ordered, component: Component) -> Undone | None:
    """Return what facts undo of those that a component pays on; None where they undo nothing.

    :raises Unfit: if a certification lapses or a qualifying measure is undone
    """
    by = undoes(component)
    present = facts.keep("present", lambda: _present(facts))
    if LAPSED in by & present:
        raise Unfit("The lapse of a certification is not calculated in columns.")
    qualify = component.table.qualify
    if qualify is not None and present & (NATURAL[qualify.event] | by):
        raise Unfit("What qualified and is undone is not calculated in columns.")
    kinds = by & UNDOING & present
    if not kinds:
        return None
    name = ("undone", component.basis.event, kinds)
    found = facts.keep(name, lambda: _undone(facts, component.basis.event, kinds))
    return found if found.by.size else None


def refuse_limits(component: Component) -> None:
    """Refuse a component that cannot be undone in columns.

    :raises Unfit: if it gives limits room again, or reads its table again
    """
    if counting_over(component.caps) or component.base_caps:
        raise Unfit("Limits that get room again are not calculated in columns.")
    if component.reversal.at == "by_volume" and component.reversal.mode != "none":
        raise Unfit("A table that is read again by volume is not calculated in columns.")


def _present(facts: Ordered) -> frozenset[EventKind]:
    counts = np.bincount(facts.kinds, minlength=len(KINDS))
    return frozenset(kind for kind, count in zip(KINDS, counts, strict=True) if count)


def _undone(facts: Ordered, basis: EventKind, by: frozenset[EventKind]) -> Undone:
    rows = _of_touched_orders(facts, by)
    events = [facts.facts.event(row) for row in facts.rows.take(rows).tolist()]
    place = {(event.key, event.partner_id): row for event, row in zip(events, rows, strict=True)}
    found = [
        (place[earlier, partner], place[key, partner], minor)
        for (key, partner), takings in undoings(events, basis, by).items()
        for earlier, minor in takings
    ]
    columns = np.array(found, np.int64).reshape(-1, 3).T
    source, by_row = columns[0].astype(np.intp), columns[1].astype(np.intp)
    return Undone(source, by_row, columns[2].copy(), facts.number("minor").take(source))


def _of_touched_orders(facts: Ordered, by: Sequence[EventKind] | frozenset[EventKind]) -> Ints:
    undoing = np.isin(facts.kinds, [KINDS.index(kind) for kind in by])
    orders = np.unique(by_order(facts)[undoing])
    touched: Bools = np.isin(by_order(facts), orders)
    return np.flatnonzero(touched)
