"""Which earlier events a refund, credit note or cancellation undoes, and how much of each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.incentives.engine.facts import UNDOING, CreditedEvent, EventKind
from app.incentives.engine.knowledge import BOOKINGS

NATURAL = {
    EventKind.BOOKED: frozenset({EventKind.CANCELLED}),
    EventKind.BILLED: frozenset({EventKind.CREDITED}),
    EventKind.COLLECTED: frozenset({EventKind.REFUNDED}),
    EventKind.RECOGNISED: frozenset({EventKind.CREDITED, EventKind.CANCELLED}),
    EventKind.RENEWED: frozenset({EventKind.CANCELLED}),
}
"""Which events undo which; a component may declare others for what it pays."""

Undone = tuple[tuple[str, int], ...]
"""Keys of earlier events, and the minor units of each that are undone."""
Place = tuple[str, str, str, str]
"""Partner, order, currency and class of credit: only within one of them does one undo another."""


@dataclass(slots=True)
class _Open:
    """An earlier event and what is left of it."""

    key: str
    left: int


def undoings(
    events: Sequence[CreditedEvent], basis: EventKind, by: frozenset[EventKind]
) -> dict[tuple[str, str], Undone]:
    """Return for each undoing event and partner what it undoes of earlier events like ``basis``.

    ``events`` are in the engine's order. An event that names one undoes that one; any other the
    latest of its order backwards, never more than is left. Bookings and renewals are one pool.
    """
    pool = BOOKINGS if basis in BOOKINGS else frozenset({basis})
    open_: dict[Place, list[_Open]] = defaultdict(list)
    found: dict[tuple[str, str], Undone] = {}
    for event in events:
        place = event.partner_id, event.order_id, event.currency, event.credit_class
        if event.kind in pool:
            open_[place].append(_Open(event.key, event.minor))
        elif event.kind in by & UNDOING:
            found[event.key, event.partner_id] = _consume(open_[place], event)
    return found


def _consume(earlier: list[_Open], event: CreditedEvent) -> Undone:
    named = [each for each in earlier if each.key == event.reverses]
    left, taken = event.minor, []
    for each in named or reversed(earlier):
        minor = min(left, each.left)
        if minor > 0:
            left -= minor
            each.left -= minor
            taken.append((each.key, minor))
    return tuple(taken)
