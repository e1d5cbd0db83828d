"""What a positive event earns under one component, up to but not including stacking."""

from dataclasses import dataclass
from fractions import Fraction

from app.incentives.engine import trace as traces
from app.incentives.engine.base import base_of, capped, count, counts_units, share_of
from app.incentives.engine.facts import CreditedEvent
from app.incentives.engine.lines import Trace
from app.incentives.engine.plan import LIFETIME, Component, Mode, Per, PlanVersion
from app.incentives.engine.predicates import Case, Verdict
from app.incentives.engine.state import Key, Place, Source, State, minor_rate, place_key, volume_key
from app.incentives.engine.tables import Position, work
from app.incentives.engine.trace import Base
from app.kernel.format import day
from app.kernel.money import round_half_away
from app.kernel.period import add_months


@dataclass(slots=True)
class Candidate:
    """An amount that a component would pay, before stacking decides whether it does."""

    plan: PlanVersion
    component: Component
    event: CreditedEvent
    source: Source
    exact: Fraction
    minor: int
    trace: Trace
    capped: bool


def consider(
    state: State, plan: PlanVersion, component: Component, event: CreditedEvent
) -> Candidate | None:
    """Return what a component would pay for an event, and count the event's volume.

    Where it pays nothing, the reason is noted in the state.
    """
    place = (plan, component)
    if (refusal := _foreign(state, component, event)) is not None:
        state.refuse(place, event, *refusal)
        return None
    partner = state.partners[event.partner_id]
    rate = state.rate(event.currency, plan.currency, event.on)
    case = Case(event, partner, plan.currency, None if rate is None else minor_rate(rate))
    verdict = component.applies_to.test(case)
    share = share_of(component, event)
    if (refusal := _ruled_out(state, place, case, verdict)) is not None:
        state.refuse(place, event, *refusal)
        _keep_unpaid(state, place, event)
        return None
    if _only_counts(state, place, event, share):
        return None
    found = base_of(state, place, event, share)
    heading = traces.heading(plan, component, event, partner)
    heading["predicate"] = traces.predicate(verdict)
    return _work_out(state, place, event, found, heading)


def _foreign(state: State, component: Component, event: CreditedEvent) -> tuple[str, str] | None:
    """Return why the event is none that the component looks at."""
    if event.partner_id not in state.partners:
        return "partner", "Nothing is known about this partner."
    qualify = component.table.qualify
    kinds = {component.basis.event, qualify.event if qualify else component.basis.event}
    if event.kind not in kinds:
        return "basis", f"It pays on {component.basis.event} amounts; this event is {event.kind}."
    return None


def _ruled_out(state: State, place: Place, case: Case, verdict: Verdict) -> tuple[str, str] | None:
    """Return the first thing that keeps the component from paying for the event."""
    event = case.event
    if not verdict.holds:
        return "applies_to", f"A condition failed: {verdict.failed}."
    if case.rate is None and not counts_units(place[1]):
        words = f"There is no exchange rate from {event.currency} to {case.currency} by "
        return "rate", f"{words}{day(event.on)}."
    return _barred(state, place, event, share_of(place[1], event))


def _only_counts(state: State, place: Place, event: CreditedEvent, share: Fraction) -> bool:
    """Count an event that decides the rate; return whether it is not one that pays."""
    component = place[1]
    qualify = component.table.qualify
    if qualify is None or event.kind is not qualify.event:
        return False
    count(state, place, event, share)
    if event.kind is component.basis.event:
        return False
    words = f"It counts towards the rate; the plan pays on {component.basis.event} amounts."
    state.refuse(place, event, "basis", words)
    return True


def _keep_unpaid(state: State, place: Place, event: CreditedEvent) -> None:
    """Keep the event for refunds to consume, though nothing was paid on it."""
    plan, component = place
    if event.kind is component.basis.event:
        state.sources[*place_key(plan, component, event), event.order_id].append(
            Source(event, plan, component, event.minor)
        )


def _barred(
    state: State,
    place: Place,
    event: CreditedEvent,
    share: Fraction,
) -> tuple[str, str] | None:
    """Return why share, term, number of deals or an earlier payment rules the event out."""
    plan, component = place
    key = place_key(plan, component, event)
    if share == 0:
        return "share", "None of it is credited to this partner."
    if event.kind is not component.basis.event:
        return None
    if (words := _outside_term(state, component, event, key)) is not None:
        return "term", words
    start = component.table.reset.period(event.on).start
    orders = state.orders[*key, start]
    if component.table.amount is not None and component.table.per is Per.ORDER:
        paid = state.orders[*key, LIFETIME.start, "once"]
        if event.order_id in paid:
            return "repeated", "It pays once per order, and this order has been paid."
    limit = component.first_deals
    if limit is not None and event.order_id not in orders and len(orders) >= limit:
        return "first_deals", f"It pays on the first {limit} deals only."
    return None


def _outside_term(state: State, component: Component, event: CreditedEvent, key: Key) -> str | None:
    term = component.term
    subject = event.order_id if term.anchor == "order" else event.customer_id or event.order_id
    anchor: Key = (*key, "term", term.anchor, subject)
    started = state.started.get(anchor)
    if started is None:
        given = event.customer_since if term.anchor == "customer" else None
        state.started[anchor] = started = given or event.on
    elif term.kind == "once":
        return f"It pays once per {term.anchor}, and has paid since {day(started)}."
    if term.kind == "months" and event.on >= add_months(started, term.months):
        return f"Its term of {term.months} months from {day(started)} is over."
    return None


def _work_out(
    state: State, place: Place, event: CreditedEvent, found: Base, trace: Trace
) -> Candidate:
    """Run the base through the rate table and the caps, and move the running total."""
    plan, component = place
    volume = volume_key(plan, component, event)
    position = _position(state, place, event, found.value)
    working = work(component.table, position)
    if component.table.runs and component.table.qualify is None:
        state.totals[volume] = position.after
    exact, caps = capped(state, place, event, working.exact, component.caps, "amount")
    source = Source(event, plan, component, event.minor, found.value, volume)
    source.baseline, source.age = position.baseline, position.age
    state.sources[*place_key(plan, component, event), event.order_id].append(source)
    start = component.table.reset.period(event.on).start
    trace["base"] = traces.base(component, found)
    trace["table"] = traces.table(component.table, position, start, working)
    trace["caps"] = list(caps)
    trace["rounding"] = traces.rounding(exact)
    return Candidate(
        plan, component, event, source, exact, round_half_away(exact), trace, working.exact > exact
    )


def _position(state: State, place: Place, event: CreditedEvent, base: Fraction) -> Position:
    plan, component = place
    table = component.table
    after = before = state.totals[volume_key(plan, component, event)] if table.runs else Fraction(0)
    if table.runs and table.qualify is None:
        after = before + base
    return Position(before, after, base, _baseline(state, place, event), _age(state, place, event))


def _baseline(state: State, place: Place, event: CreditedEvent) -> Fraction:
    """Return what growth is measured against: declared, told with the partner, or a year ago."""
    plan, component = place
    table = component.table
    if table.mode not in (Mode.GROWTH, Mode.ON_EXCESS):
        return table.baseline or Fraction(0)
    if table.baseline is not None:
        return table.baseline
    start = table.reset.period(event.on).start
    earlier = add_months(start, -12)
    for told in state.partners[event.partner_id].baselines:
        if (told.component, told.start) == (component.code, earlier):
            return Fraction(told.minor)
    return state.totals[*place_key(plan, component, event), earlier]


def _age(state: State, place: Place, event: CreditedEvent) -> int:
    """Return the whole months since the order's, or the customer's, start."""
    plan, component = place
    anchor = component.term.anchor
    subject = event.order_id if anchor == "order" else event.customer_id or event.order_id
    started = state.started[*place_key(plan, component, event), "term", anchor, subject]
    months = (event.on.year - started.year) * 12 + event.on.month - started.month
    return months - (1 if add_months(started, months) > event.on else 0)
