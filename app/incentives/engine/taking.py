"""Which earlier payments a refund, credit note, cancellation or lapse of certification touches."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from app.incentives.engine.base import give_back
from app.incentives.engine.facts import UNDOING, CreditedEvent, EventKind
from app.incentives.engine.plan import Component
from app.incentives.engine.state import Place, Source, State, place_key, source_key
from app.incentives.engine.undoing import NATURAL


@dataclass(frozen=True, slots=True)
class Taking:
    """The part of one earlier event that is undone, and which part of its pay that takes back."""

    source: Source
    minor: int
    factor: Fraction

    @property
    def share(self) -> Fraction:
        """The undone part of the earlier event."""
        return part_of(self.minor, self.source.event.minor)

    @property
    def base(self) -> Fraction:
        """What the undone part counted for."""
        return self.source.base * self.share


def part_of(minor: int, whole: int) -> Fraction:
    """Return a part of an event; an event without an amount is undone whole."""
    return Fraction(minor, whole) if whole else Fraction(1)


def undoes(component: Component) -> frozenset[EventKind]:
    """Return the kinds of event that take back what the component pays."""
    return component.reversal.on or NATURAL[component.basis.event]


def watches(component: Component, event: CreditedEvent) -> bool:
    """Return whether the lapse of a certification takes back what the component pays."""
    reversal = component.reversal
    named = reversal.certifications
    return event.kind in reversal.on and (not named or event.certification in named)


def uncount(state: State, place: Place, event: CreditedEvent) -> None:
    """Take an event that is undone out of the measure that only decides the rate."""
    qualify = place[1].table.qualify
    if qualify is None or event.kind not in NATURAL[qualify.event]:
        return
    for key, minor in state.undone(qualify.event, NATURAL[qualify.event], event):
        counted = state.counted.get(source_key(place, event.partner_id, key))
        if counted is not None:
            value = counted.base * part_of(minor, counted.event.minor)
            state.totals.add(place_key(place, event.partner_id), counted.event.on, -value)


def undone(state: State, place: Place, event: CreditedEvent) -> tuple[list[Taking], bool]:
    """Return what an event undoes of what a component counted, and whether it undoes anything."""
    component = place[1]
    found = state.undone(component.basis.event, undoes(component) & UNDOING, event)
    takings = []
    for key, minor in found:
        source = state.sources.get(source_key(place, event.partner_id, key))
        if source is not None:
            source.left -= minor
            takings.append(_taking(source, minor, event))
    return takings, bool(found)


def lapsed(state: State, place: Place, event: CreditedEvent) -> list[Taking]:
    """Return all that stands of what a component paid, of the family or product that lapsed.

    Whether the lapse counts, the version says that paid.
    """
    return [
        _taking(source, source.left, event)
        for source in state.of_place[place_key(place, event.partner_id)]
        if watches(source.place[1], event)
        and event.family in ("", source.event.family)
        and event.product in ("", source.event.product)
        and (source.left or not source.event.minor)
    ]


def _taking(source: Source, minor: int, event: CreditedEvent) -> Taking:
    earned, reversal = source.event, source.place[1].reversal
    return Taking(source, minor, reversal.factor(earned.on, event.on, earned.contract_months))


def lower(state: State, takings: Iterable[Taking]) -> None:
    """Take what is undone out of the running totals and the limits on the base."""
    for taking in takings:
        source = taking.source
        if source.counts:
            key = place_key(source.place, source.event.partner_id)
            state.totals.add(key, source.event.on, -taking.base)
        give_back(state, source.base_caps, taking.base)
