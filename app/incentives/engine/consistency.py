"""Events held against each other: told twice, shares, references, and more taken back than was."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from app.incentives.engine.facts import UNDOING, CreditedEvent, EventKind
from app.incentives.engine.knowledge import BOOKINGS
from app.incentives.engine.words import percent
from app.kernel.format import day, money
from app.kernel.money import Money, allocate
from app.kernel.reading import Node


@dataclass(frozen=True, slots=True)
class Told:
    """One record of an event, where it stands in the document, and what it says beside."""

    event: CreditedEvent
    node: Node
    is_dated: bool
    is_shared: bool
    is_overlay: bool
    invoice: str


Identity = tuple[str, str]
"""An event's key and the partner whom the record concerns."""


def consistent(told: Sequence[Told]) -> tuple[CreditedEvent, ...]:
    """Return the events, with cents credited by share; refuse what cannot all be true.

    :raises DocumentRefused: naming the path of the record at fault, and of the one it goes against
    """
    told = _once(told)
    _refuse_contradictions(told)
    if any(each.invoice for each in told):
        told = _naming_bills(told, _latest(told))
    told = _credited(told)
    _refuse_unfounded(_latest(told))
    return tuple(each.event for each in told)


def _once(told: Iterable[Told]) -> list[Told]:
    """Return each record once, however often it is told."""
    kept: dict[Identity, list[CreditedEvent]] = defaultdict(list)
    found = []
    for each in told:
        same = kept[each.event.key, each.event.partner_id]
        if each.event not in same:
            same.append(each.event)
            found.append(each)
    return found


def _refuse_contradictions(told: Iterable[Told]) -> None:
    """Refuse two records of an event that differ, unless the later says when it was recorded."""
    seen: dict[Identity, list[Told]] = defaultdict(list)
    of_event: dict[tuple[str, str, datetime], Told] = {}
    for each in told:
        event = each.event
        for other in seen[event.key, event.partner_id]:
            later = max(each, other, key=lambda one: one.event.recorded_at)
            if other.event.recorded_at == event.recorded_at or not later.is_dated:
                raise each.node.refuse(
                    f"Event “{event.key}” of partner “{event.partner_id}” is told differently at "
                    f"{other.node.path}; a correction says when it was recorded (recorded_at)."
                )
        seen[event.key, event.partner_id].append(each)
        place = event.key, event.credit_class, event.recorded_at
        first = of_event.setdefault(place, each)
        if _what(first.event) != _what(event):
            raise each.node.refuse(
                f"Event “{event.key}” has another kind, day, order, amount or currency at "
                f"{first.node.path}; it is one event for all partners."
            )


def _what(event: CreditedEvent) -> tuple[object, ...]:
    return event.kind, event.on, event.order_id, event.minor, event.currency


def _latest(told: Iterable[Told]) -> list[Told]:
    """Return the last record of each event and partner, in the engine's order."""
    found: dict[Identity, Told] = {}
    for each in told:
        identity = each.event.key, each.event.partner_id
        held = found.get(identity)
        if held is None or held.event.recorded_at < each.event.recorded_at:
            found[identity] = each
    return sorted(found.values(), key=lambda each: each.event.sort_key)


def _naming_bills(told: list[Told], latest: list[Told]) -> list[Told]:
    """Let a credit note that names a bill reverse it; refuse a payment whose bill is not there."""
    bills: dict[str, str] = {}
    for each in latest:
        if each.event.kind is EventKind.BILLED:
            for name in (each.event.key, each.invoice):
                bills.setdefault(name, each.event.key)
    found = []
    for each in told:
        if each.invoice and each.event.kind is not EventKind.BILLED:
            if each.invoice not in bills:
                path = Node(None, f"{each.node.path}.invoice")
                raise path.refuse(f"There is no billed event of invoice “{each.invoice}”.")
            if each.event.kind is EventKind.CREDITED and not each.event.reverses:
                event = replace(each.event, reverses=bills[each.invoice])
                found.append(replace(each, event=event))
                continue
        found.append(each)
    return found


def _credited(told: list[Told]) -> list[Told]:
    """Split the cents of events by the shares that they tell, so that the parts add up."""
    groups: dict[tuple[str, str, datetime], list[int]] = defaultdict(list)
    for index, each in enumerate(told):
        if not each.is_overlay and (each.is_shared or each.event.credited_minor is not None):
            event = each.event
            groups[event.key, event.credit_class, event.recorded_at].append(index)
    found = list(told)
    for indexes in groups.values():
        indexes.sort(key=lambda index: told[index].event.partner_id)
        parts = [told[index] for index in indexes]
        _refuse_too_much(parts)
        shares = [each.event.share for each in parts]
        if all(each.event.credited_minor is None for each in parts):
            cents = allocate(parts[0].event.minor, [*shares, 1 - sum(shares)])
            for index, minor in zip(indexes, cents, strict=False):
                event = replace(told[index].event, credited_minor=minor)
                found[index] = replace(told[index], event=event)
    return found


def _refuse_too_much(parts: list[Told]) -> None:
    last = max(parts, key=lambda each: each.node.path)
    event = last.event
    shares = sum((each.event.share for each in parts if each.is_shared), Fraction(0))
    if shares > 1:
        raise Node(None, f"{last.node.path}.share").refuse(
            f"The shares of event “{event.key}” add up to {percent(shares)}; a share above the "
            "whole is declared with overlay."
        )
    if sum(each.event.credited_minor or 0 for each in parts) > event.minor:
        raise Node(None, f"{last.node.path}.credited").refuse(
            f"More than its amount is credited of event “{event.key}”."
        )


_POOLS = {
    EventKind.REFUNDED: frozenset({EventKind.COLLECTED}),
    EventKind.CREDITED: frozenset({EventKind.BILLED}),
    EventKind.CANCELLED: BOOKINGS,
}
_DONE = {
    EventKind.REFUNDED: "collected",
    EventKind.CREDITED: "billed",
    EventKind.CANCELLED: "booked",
}


def _refuse_unfounded(latest: list[Told]) -> None:
    """Refuse what takes back more than there was, or something that is not there yet."""
    by_key = {each.event.key: each for each in latest}
    left: dict[tuple[object, ...], dict[str, int]] = defaultdict(dict)
    for each in latest:
        event = each.event
        if event.reverses:
            _refuse_reference(each, by_key.get(event.reverses))
        for kind, pool in _POOLS.items():
            if event.kind in pool:
                left[_place(kind, event)][event.key] = event.minor
        if event.kind in UNDOING:
            _consume(each, left[_place(event.kind, event)])


def _place(kind: EventKind, event: CreditedEvent) -> tuple[object, ...]:
    return kind, event.partner_id, event.order_id, event.currency, event.credit_class


def _refuse_reference(each: Told, named: Told | None) -> None:
    event, path = each.event, Node(None, f"{each.node.path}.reverses")
    if named is None:
        raise path.refuse(f"There is no event “{event.reverses}”.")
    if named.event.on > event.on:
        raise path.refuse(
            f"It is dated {day(event.on)}, before what it takes back ({day(named.event.on)}, "
            f"{named.node.path})."
        )


def _consume(each: Told, left: dict[str, int]) -> None:
    event = each.event
    if not left and event.kind is not EventKind.REFUNDED:
        return  # the file tells of other steps of the order only
    names = [event.reverses] if event.reverses in left else list(reversed(left))
    wanted = event.minor
    for name in names:
        taken = min(wanted, left[name])
        left[name] -= taken
        wanted -= taken
    if wanted:
        had = money(Money(event.minor - wanted, event.currency))
        of = f"event “{names[0]}”" if event.reverses in left else f"order “{event.order_id}”"
        raise Node(None, f"{each.node.path}.amount").refuse(
            f"It takes back more than was {_DONE[event.kind]} on {of} by then: {had} is left."
        )
