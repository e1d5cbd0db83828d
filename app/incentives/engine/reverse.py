"""What a refund, credit note, cancellation or lapse of certification takes back, as lines."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from app.incentives.engine import trace as traces
from app.incentives.engine.base import give_back
from app.incentives.engine.facts import CreditedEvent, EventKind
from app.incentives.engine.lines import Trace
from app.incentives.engine.plan import Component
from app.incentives.engine.reread import Back, reread
from app.incentives.engine.settle import Made, line_of
from app.incentives.engine.state import Part, Place, Portion, State
from app.incentives.engine.taking import (
    Taking,
    lapsed,
    lower,
    part_of,
    uncount,
    undoes,
    undone,
    watches,
)
from app.kernel.money import round_half_away

LAPSED = EventKind.CERTIFICATION_LAPSED


def reverse(state: State, place: Place, event: CreditedEvent) -> None:
    """Take back what a component paid on the events that this one undoes."""
    component = place[1]
    uncount(state, place, event)
    if event.kind is LAPSED:
        takings, is_founded = lapsed(state, place, event), True
    else:
        takings, is_founded = undone(state, place, event)
    if (barrier := _barrier(component, event, takings)) is not None:
        state.refuse(place, event, *barrier)
        return
    if not is_founded:
        words = f"There is no earlier {component.basis.event} amount of this order to take back."
        state.refuse(place, event, "reversal", words)
        return
    by_volume = _is_by_volume(component, event)
    found = reread(state, takings) if by_volume else _mirrored(state, event, takings)
    made = [part for part, back in found.items() if back.minor]
    for part in made:
        _emit(state, event, takings, part, found[part])
    if not made:
        state.refuse(place, event, "reversal", _why_none(component, takings))


def _barrier(
    component: Component, event: CreditedEvent, takings: list[Taking]
) -> tuple[str, str] | None:
    """Return why the event is none that takes back what the component pays."""
    watched = event.kind is LAPSED and (bool(takings) or watches(component, event))
    if watched or (event.kind is not LAPSED and event.kind in undoes(component)):
        return None
    if event.kind in undoes(component):
        return "certification", f"It does not watch the certification {event.certification}."
    kind = str(event.kind).replace("_", " ")
    return "basis", f"A {kind} event does not touch what it pays on {component.basis.event}."


def _is_by_volume(component: Component, event: CreditedEvent) -> bool:
    """Whether the table is read again; a lapse changes no volume."""
    reversal = component.reversal
    return reversal.at == "by_volume" and reversal.mode != "none" and event.kind is not LAPSED


def _mirrored(state: State, event: CreditedEvent, takings: list[Taking]) -> dict[str, Back]:
    """Take back each paid line in proportion; all of it together is exactly what was paid."""
    if event.kind is not LAPSED:
        lower(state, takings)
    notes: dict[str, list[Trace]] = defaultdict(list)
    for taking in takings:
        for portion in taking.source.portions:
            for name, part in portion.parts.items():
                if taking.factor and not _spared(taking.source.place[1], part, event):
                    notes[name].append(_take_back(state, event, taking, portion, part))
    return {
        name: Back(-sum(note["taken"] for note in each), {"at": "as_paid", "takes_back": each})
        for name, each in notes.items()
    }


def _spared(component: Component, part: Part, event: CreditedEvent) -> bool:
    """Whether a lapse leaves a part alone because it may be paid already."""
    if event.kind is not LAPSED or component.reversal.lapse != "unreleased":
        return False
    return part.line.payable_on is not None and part.line.payable_on <= event.on


def _take_back(
    state: State, event: CreditedEvent, taking: Taking, portion: Portion, part: Part
) -> Trace:
    """Take a part of what was paid back; rounded parts of the whole add up to the whole."""
    earned = taking.source.event
    factor, before = taking.factor * part.kept, part.weight
    part.weight = before + part_of(taking.minor, portion.of) * factor
    if event.kind is LAPSED:
        part.kept *= 1 - taking.factor
    taken = round_half_away(part.paid * part.weight) - round_half_away(part.paid * before)
    give_back(state, portion.caps, taken)
    return {
        "event": earned.key,
        "on": earned.on.isoformat(),
        "paid_by": portion.paid_by,
        "minor": taking.minor if portion.of else 1,
        "of": portion.of or 1,
        "factor": traces.text(factor),
        "weight_before": traces.text(before),
        "weight_after": traces.text(part.weight),
        "paid": part.paid,
        "taken": taken,
    }


def _emit(state: State, event: CreditedEvent, takings: list[Taking], part: str, back: Back) -> None:
    """Append one reversing line, under the version that paid the latest of what it takes back."""
    latest = max(takings, key=lambda each: each.source.event.sort_key)
    partner = state.partners.get(event.partner_id)
    plan, component = latest.source.place
    trace = {
        "kind": "reversed",
        **state.told(traces.heading, plan, component, event, partner),
        "reversal": {"mode": component.reversal.mode, **back.how},
        "holdback": back.holdback,
    }
    base = sum((each.base for each in takings), Fraction(0))
    on = _payable(event, takings, part)
    line = Made(part=part, minor=back.minor, base=-base, payable_on=on, trace=trace)
    place = (event.key, event.order_id, event.on)
    state.lines.append(line_of(latest.source.place, event.partner_id, place, line))


def _payable(event: CreditedEvent, takings: Iterable[Taking], part: str) -> date | None:
    """Return a day no earlier than that of what is taken back; a lapse does not wait for all."""
    days = [
        portion.parts[part].line.payable_on
        for taking in takings
        for portion in taking.source.portions
        if part in portion.parts
    ]
    known = [max(event.on, day) for day in days if day is not None]
    if event.kind is LAPSED:
        return min(known, default=None)
    return None if len(known) < len(days) else max([event.on, *known])


def _why_none(component: Component, takings: list[Taking]) -> str:
    if component.reversal.mode == "none":
        return "What it pays is not taken back."
    if takings and all(taking.factor == 0 for taking in takings):
        return "The time in which it takes back what it paid is over."
    return "It paid nothing on what this takes back."
