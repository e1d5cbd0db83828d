"""What an event counts for under a component: measure, share, conversion and cap."""

from fractions import Fraction

from app.incentives.engine import trace as traces
from app.incentives.engine.facts import CreditedEvent
from app.incentives.engine.lines import Trace
from app.incentives.engine.plan import Basis, Cap, Component, Measure, Mode, Per
from app.incentives.engine.state import (
    Key,
    Place,
    Source,
    State,
    cap_key,
    minor_rate,
    place_key,
    volume_key,
)
from app.incentives.engine.trace import Base
from app.kernel.money import round_half_away


def counts_units(component: Component) -> bool:
    """Whether the base is a number of things, which has no currency."""
    fixed = component.table.amount is not None and component.table.mode is Mode.FLAT
    return fixed or component.basis.of is Measure.QUANTITY


def share_of(component: Component, event: CreditedEvent) -> Fraction:
    """Return the part of the event that is the partner's, as the component declares it."""
    match component.share.kind:
        case "credit":
            return event.share
        case "role":
            return max(
                (part for role, part in component.share.roles if role in event.roles),
                default=Fraction(0),
            )
    return Fraction(1)


def _measured(basis: Basis, component: Component, event: CreditedEvent) -> Fraction:
    table = component.table
    if table.mode is Mode.FLAT and table.amount is not None and table.per is not Per.UNIT:
        return Fraction(1)
    if basis.of is Measure.QUANTITY or table.per is Per.UNIT:
        return Fraction(event.quantity)
    return Fraction(event.minor if basis.of is Measure.AMOUNT else event.margin_minor or 0)


def _shared(
    measured: Fraction, component: Component, event: CreditedEvent, share: Fraction
) -> Fraction:
    credited = component.share.kind == "credit" and component.basis.of is Measure.AMOUNT
    if credited and event.credited_minor is not None and not counts_units(component):
        return Fraction(event.credited_minor)
    return measured * share


def count(state: State, place: Place, event: CreditedEvent, share: Fraction) -> None:
    """Add an event to the measure that only decides the rate."""
    plan, component = place
    basis = component.table.qualify or component.basis
    shared = _shared(_measured(basis, component, event), component, event, share)
    rate = state.rate(event.currency, plan.currency, event.on)
    if rate is not None and rate.source_currency != rate.target_currency:
        shared = Fraction(round_half_away(shared * minor_rate(rate)))
    volume = volume_key(plan, component, event)
    state.totals[volume] += shared
    state.sources[*place_key(plan, component, event), event.order_id, "qualify"].append(
        Source(event, plan, component, event.minor, shared, volume)
    )


def base_of(state: State, place: Place, event: CreditedEvent, share: Fraction) -> Base:
    """Return what the event counts for, and use up the caps on the base."""
    plan, component = place
    measured = _measured(component.basis, component, event)
    shared = converted = _shared(measured, component, event, share)
    rate = None if counts_units(component) else state.rate(event.currency, plan.currency, event.on)
    if rate is not None and rate.source_currency != rate.target_currency:
        converted = Fraction(round_half_away(shared * minor_rate(rate)))
    value, caps = capped(state, place, event, converted, component.base_caps, "base")
    for key in cap_keys(place, event, component.base_caps, "base"):
        state.caps[key] += value
    return Base(measured, share, shared, rate, converted, caps, value)


def capped(
    state: State,
    place: Place,
    event: CreditedEvent,
    value: Fraction,
    caps: tuple[Cap, ...],
    what: str,
) -> tuple[Fraction, tuple[Trace, ...]]:
    """Return what the caps leave of a value, and how each one acted."""
    notes = []
    for cap, key in zip(caps, cap_keys(place, event, caps, what), strict=True):
        used = state.caps[key]
        left = min(value, max(Fraction(0), cap.limit - used))
        notes.append(
            {
                "per": str(cap.per),
                "period": str(cap.period),
                "limit": cap.limit,
                "used": traces.text(used),
                "before": traces.text(value),
                "after": traces.text(left),
            }
        )
        value = left
    return value, tuple(notes)


def cap_keys(
    place: Place, event: CreditedEvent, caps: tuple[Cap, ...], what: str
) -> tuple[Key, ...]:
    """Return the key under which each cap counts the event."""
    return tuple((what, *cap_key(cap, *place, event)) for cap in caps)
