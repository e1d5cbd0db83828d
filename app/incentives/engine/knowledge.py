"""What is known at a moment: the last record of each event, sizes of orders, days of collection."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from app.incentives.engine.facts import CreditedEvent, EventKind, Facts
from app.kernel.errors import Invalid

Order = tuple[str, str]
"""A partner and an order."""
Key = tuple[Order, str]
"""An order and a class of credit: what came in is told once in each class."""
BOOKINGS = frozenset({EventKind.BOOKED, EventKind.RENEWED})


class ContradictingEvents(Invalid):
    """Two records of one event, made at the same moment, differ."""

    code = "incentives.contradicting_events"


def known(facts: Facts, recorded_by: datetime) -> tuple[CreditedEvent, ...]:
    """Return the last version of each event recorded by a moment, in the engine's order.

    :raises ContradictingEvents: if two differing records of an event have the same moment
    """
    latest: dict[tuple[str, str], CreditedEvent] = {}
    for event in facts.events:
        if event.recorded_at > recorded_by:
            continue
        held = latest.get((event.key, event.partner_id))
        if held is None or held.recorded_at < event.recorded_at:
            latest[event.key, event.partner_id] = event
        elif held.recorded_at == event.recorded_at and held != event:
            raise ContradictingEvents(
                f"Event {event.key} of partner {event.partner_id} is recorded twice, differently, "
                f"at {event.recorded_at.isoformat()}."
            )
    return tuple(sorted(latest.values(), key=lambda event: event.sort_key))


def with_orders(events: Iterable[CreditedEvent]) -> list[CreditedEvent]:
    """Tell events the size and day of their order, where they do not say it themselves.

    It is what was booked of the order up to the event; ``events`` are in the engine's order.
    """
    booked: dict[Key, int] = defaultdict(int)
    days: dict[Order, date] = {}
    found = []
    for event in events:
        order = order_of(event)
        if event.kind in BOOKINGS:
            booked[order, event.credit_class] += event.minor
            days.setdefault(order, event.on)
        size, on = event.order_minor, event.ordered_on
        if order in days and (size is None or on is None):
            size = booked[order, event.credit_class] or None if size is None else size
            event = replace(event, order_minor=size, ordered_on=on or days[order])
        found.append(event)
    return found


def order_of(event: CreditedEvent) -> Order:
    """Return the order as its partner knows it, so that each partner can be calculated alone."""
    return event.partner_id, event.order_id


def collection_days(events: Sequence[CreditedEvent]) -> dict[Order, date]:
    """Return for each order that is paid in full the day on which it was.

    Refunds count against what was received; what was cancelled or credited need not be paid.
    """
    sizes = _sizes(events)
    moved: dict[Key, dict[EventKind, int]] = defaultdict(lambda: defaultdict(int))
    days: dict[Order, date] = {}
    for event in events:
        order = order_of(event)
        if event.kind not in _SETTLING or order not in sizes:
            continue
        found = moved[order, event.credit_class]
        found[event.kind] += event.minor
        if _is_settled(found, sizes[order]):
            days.setdefault(order, event.on)
    return days


_SETTLING = frozenset(
    {EventKind.COLLECTED, EventKind.REFUNDED, EventKind.CREDITED, EventKind.CANCELLED}
)


def _is_settled(moved: dict[EventKind, int], size: int) -> bool:
    """Whether what came in covers what is owed; a cancelled bill is credited, so counted once."""
    spared = max(moved[EventKind.CREDITED], moved[EventKind.CANCELLED])
    return moved[EventKind.COLLECTED] - moved[EventKind.REFUNDED] >= size - spared


def _sizes(events: Sequence[CreditedEvent]) -> dict[Order, int]:
    """Return what each order comes to: as told or booked, else as billed."""
    told: dict[Order, int] = {}
    billed: dict[Key, int] = defaultdict(int)
    for event in events:
        order = order_of(event)
        if event.order_minor is not None:
            told[order] = event.order_minor
        elif event.kind is EventKind.BILLED:
            billed[order, event.credit_class] += event.minor
    return {order: minor for (order, _), minor in billed.items()} | told
