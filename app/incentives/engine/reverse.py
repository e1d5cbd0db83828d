"""What a refund, credit note or cancellation takes back."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.incentives.engine import trace as traces
from app.incentives.engine.facts import CreditedEvent, EventKind, PartnerFacts
from app.incentives.engine.lines import Line, Trace
from app.incentives.engine.plan import Component, PlanVersion, Reversal
from app.incentives.engine.settle import gate, holdback, split, used
from app.incentives.engine.state import Place, Source, State, place_key
from app.incentives.engine.tables import Position, Working, work
from app.kernel.money import round_half_away

NATURAL = {
    EventKind.BOOKED: frozenset({EventKind.CANCELLED}),
    EventKind.BILLED: frozenset({EventKind.CREDITED}),
    EventKind.COLLECTED: frozenset({EventKind.REFUNDED}),
    EventKind.RECOGNISED: frozenset({EventKind.CREDITED, EventKind.CANCELLED}),
    EventKind.RENEWED: frozenset({EventKind.CANCELLED}),
}
"""Which events undo which; a component may declare others for what it pays."""


@dataclass(frozen=True, slots=True)
class Taking:
    """The part of one earlier event that a reversing event undoes."""

    source: Source
    minor: int
    factor: Fraction

    @property
    def share(self) -> Fraction:
        """The undone part of the earlier event."""
        return Fraction(self.minor, self.source.event.minor)


def undoes(component: Component) -> frozenset[EventKind]:
    """Return the kinds of event that take back what the component pays."""
    return component.reversal.on or NATURAL.get(component.basis.event, frozenset())


def reverse(state: State, plan: PlanVersion, component: Component, event: CreditedEvent) -> None:
    """Take back what a component paid on the events that this one undoes."""
    place = (plan, component)
    key = (*place_key(plan, component, event), event.order_id)
    qualify = component.table.qualify
    if qualify is not None and event.kind in NATURAL.get(qualify.event, frozenset()):
        for taking in _take(state.sources[*key, "qualify"], event, component.reversal):
            state.totals[taking.source.volume] -= taking.source.base * taking.share
    if event.kind not in undoes(component):
        words = f"A {event.kind} event does not touch what it pays on {component.basis.event}."
        state.refuse(place, event, "basis", words)
        return
    takings = _take(state.sources[key], event, component.reversal)
    if not takings:
        words = f"There is no earlier {component.basis.event} amount of this order to take back."
        state.refuse(place, event, "reversal", words)
        return
    made = (
        _reread(state, place, event, takings)
        if _by_volume(component)
        else _mirror(state, place, event, takings)
    )
    if not made:
        state.refuse(place, event, "reversal", _why_none(component, takings))


def _by_volume(component: Component) -> bool:
    return component.reversal.at == "by_volume" and component.reversal.mode != "none"


def _take(sources: list[Source], event: CreditedEvent, reversal: Reversal) -> list[Taking]:
    """Consume the event's amount from the one that it names, else from the latest backwards."""
    kind = (event.currency, event.credit_class)
    fitting = [each for each in sources if (each.event.currency, each.event.credit_class) == kind]
    named = [each for each in fitting if each.event.key == event.reverses]
    left, takings = event.minor, []
    for source in named or reversed(fitting):
        minor = min(left, source.remaining)
        if minor > 0:
            left -= minor
            source.remaining -= minor
            factor = reversal.factor(source.event.on, event.on)
            takings.append(
                Taking(source, minor, factor if reversal.mode != "none" else Fraction(0))
            )
    return takings


def _mirror(state: State, place: Place, event: CreditedEvent, takings: list[Taking]) -> bool:
    """Take back each paid line in proportion; all of it together is exactly what was paid."""
    parts: dict[str, list[Trace]] = {}
    for taking in takings:
        source = taking.source
        before = source.weight
        source.weight = before + taking.share * taking.factor
        if place[1].table.runs and place[1].table.qualify is None:
            state.totals[source.volume] -= source.base * taking.share
        for part, paid in source.parts.items():
            taken = round_half_away(paid * source.weight) - round_half_away(paid * before)
            used(source.caps, state, -taken)
            note = _note(taking, before) | {"paid": paid, "taken": taken}
            parts.setdefault(part, []).append(note)
    made = False
    for part, notes in parts.items():
        minor = -sum(note["taken"] for note in notes)
        if minor:
            trace = {"at": "as_paid", "takes_back": notes}
            _emit(state, place, event, takings, (part, minor, trace, None))
            made = True
    return made


def _reread(state: State, place: Place, event: CreditedEvent, takings: list[Taking]) -> bool:
    """Read the table again with the smaller volume of the period in which it was earned."""
    component = place[1]
    notes, exact = [], Fraction(0)
    for taking in takings:
        source = taking.source
        delta = source.base * taking.share
        before = state.totals[source.volume]
        running = component.table.runs and component.table.qualify is None
        after = before - delta if running else before
        position = Position(before, after, -delta, source.baseline, source.age)
        working: Working = work(component.table, position)
        state.totals[source.volume] = after
        exact += working.exact * taking.factor
        start = component.table.reset.period(source.event.on).start
        table = traces.table(component.table, position, start, working)
        notes.append(_note(taking, Fraction(0)) | {"table": table})
    parts = split(component.timing, round_half_away(exact))
    for part, minor in parts.items():
        trace = {"at": "by_volume", "takes_back": notes}
        _emit(state, place, event, takings, (part, minor, trace, exact))
    return bool(parts)


def _note(taking: Taking, before: Fraction) -> Trace:
    source = taking.source
    return {
        "event": source.event.key,
        "on": source.event.on.isoformat(),
        "minor": taking.minor,
        "of": source.event.minor,
        "factor": traces.text(taking.factor),
        "weight_before": traces.text(before),
        "weight_after": traces.text(before + taking.share * taking.factor),
    }


def _emit(
    state: State,
    place: Place,
    event: CreditedEvent,
    takings: list[Taking],
    made: tuple[str, int, Trace, Fraction | None],
) -> None:
    """Append one reversing line; it becomes payable no earlier than what it takes back."""
    plan, component = place
    part, minor, reversal, exact = made
    on = _payable(event, takings, part)
    trace = {"kind": "reversed", **traces.heading(plan, component, event, _partner(state, event))}
    trace["reversal"] = {"mode": component.reversal.mode, **reversal}
    if exact is not None:
        trace["rounding"] = traces.rounding(exact)
        trace["holdback"] = holdback(component.timing, part, round_half_away(exact))
    trace["result"] = traces.result(minor, plan.currency)
    base = sum((each.source.base * each.share for each in takings), Fraction(0))
    state.lines.append(
        Line(
            plan=plan.code,
            version=plan.version,
            component=component.code,
            title=component.title,
            partner_id=event.partner_id,
            event_key=event.key,
            order_id=event.order_id,
            base_minor=-round_half_away(base),
            minor=minor,
            currency=plan.currency,
            earned_on=event.on,
            payable_on=on,
            gate=gate(state.as_of, on),
            part=part,
            trace=trace,
        )
    )


def _payable(event: CreditedEvent, takings: list[Taking], part: str) -> date | None:
    lines = [line for taking in takings for line in taking.source.lines if line.part == part]
    days = [line.payable_on for line in lines]
    known = [day for day in days if day is not None]
    return None if len(known) < len(days) else max([event.on, *known])


def _partner(state: State, event: CreditedEvent) -> PartnerFacts | None:
    return state.partners.get(event.partner_id)


def _why_none(component: Component, takings: list[Taking]) -> str:
    reversal = component.reversal
    if reversal.mode == "none":
        return "What it pays is not taken back."
    if all(taking.factor == 0 for taking in takings):
        return "The time in which it takes back what it paid is over."
    return "It paid nothing on what this takes back."
