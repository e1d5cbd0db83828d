"""What a positive event earns under one component, up to but not including stacking."""

from dataclasses import dataclass
from fractions import Fraction

from app.incentives.engine import trace as traces
from app.incentives.engine.barriers import barrier, foreign, started_on
from app.incentives.engine.base import Match, base_of, capped, share_of, use
from app.incentives.engine.facts import CreditedEvent
from app.incentives.engine.lines import Trace
from app.incentives.engine.plan import Mode
from app.incentives.engine.predicates import Case
from app.incentives.engine.state import (
    Place,
    Source,
    State,
    minor_rate,
    place_key,
    source_key,
    start_of,
)
from app.incentives.engine.tables import Earlier, Position, Working, tops_up, work
from app.kernel.money import round_half_away
from app.kernel.period import add_months

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An amount that a component would pay, before stacking decides whether it does.

    ``own`` is what the event's own sale earns, ``tops`` what earlier sales are topped up by;
    ``total`` is the running total after it.
    """

    match: Match
    source: Source | None
    tops: tuple[tuple[Source, Fraction], ...]
    own: Fraction
    rate: Fraction
    exact: Fraction
    minor: int
    trace: Trace
    capped: bool
    total: Fraction

    @property
    def base(self) -> Fraction:
        """What the amount was worked out on."""
        if self.source is not None:
            return self.source.base
        return sum((each.base_left for each, _ in self.tops), ZERO)


def consider(state: State, place: Place, event: CreditedEvent) -> Candidate | None:
    """Return what a component would pay for an event, and count the event's volume.

    Where it pays nothing, the reason is noted in the state.
    """
    plan, component = place
    if (refusal := foreign(state, component, event)) is not None:
        state.refuse(place, event, *refusal)
        return None
    match = _match(state, place, event)
    rate = None if match.rate is None else minor_rate(match.rate)
    verdict = component.applies_to.test(Case(event, match.partner, plan.currency, rate))
    if (refusal := barrier(state, match, verdict)) is not None:
        state.refuse(place, event, *refusal)
        return None
    trace = state.told(traces.heading, plan, component, event, match.partner)
    trace["predicate"] = state.told(traces.predicate, verdict)
    return _paid(state, match, trace) if match.pays else _qualified(state, match, trace)


def _match(state: State, place: Place, event: CreditedEvent) -> Match:
    plan, component = place
    partner = state.partners[event.partner_id]
    table = component.table.of(partner.tier_on(event.on)) or component.table
    rate = state.rates.at(event.currency, plan.currency, event.on)
    return Match(place, event, partner, table, rate, share_of(component.share, event))


def _paid(state: State, match: Match, trace: Trace) -> Candidate:
    """Run an event of the kind that is paid on through its base and the table."""
    component, event, table = match.component, match.event, match.table
    moved = _count(state, match) if _qualifies(match) else ZERO
    found = base_of(match, component.basis)
    value, notes = capped(state, match, found.value, component.base_caps, "base")
    limits = use(state, match, component.base_caps, "base", value)
    found = found.under(value, notes)
    counts = table.runs and table.qualify is None
    source = Source(event, match.place, table, value, event.minor, counts, base_caps=limits)
    source.baseline, source.age = _baseline(state, match), _age(state, match)
    state.keep(source)
    if counts:
        moved = value
        state.totals.add(place_key(match.place, event.partner_id), event.on, value)
    trace["base"] = state.told(traces.base, component, component.basis, found)
    return _work_out(state, match, source, moved, trace)


def _qualified(state: State, match: Match, trace: Trace) -> Candidate:
    """Count an event that decides the rate; it pays where earlier sales are topped up by it."""
    qualify = match.component.table.qualify or match.component.basis
    trace["base"] = state.told(traces.base, match.component, qualify, base_of(match, qualify))
    return _work_out(state, match, None, _count(state, match), trace)


def _qualifies(match: Match) -> bool:
    qualify = match.table.qualify
    return qualify is not None and match.event.kind is qualify.event


def _count(state: State, match: Match) -> Fraction:
    """Add an event to the measure that only decides the rate; return what it counts for."""
    event = match.event
    value = base_of(match, match.table.qualify or match.component.basis).value
    state.totals.add(place_key(match.place, event.partner_id), event.on, value)
    source = Source(event, match.place, match.table, value, event.minor)
    state.counted[source_key(match.place, event.partner_id, event.key)] = source
    state.places[event.partner_id, event.order_id].setdefault(
        (match.place[0].code, match.component.code), match.place
    )
    return value


def _work_out(
    state: State, match: Match, source: Source | None, moved: Fraction, trace: Trace
) -> Candidate:
    """Run the base through the rate table and the caps."""
    component, table = match.component, match.table
    sales = _sales(state, match)
    position = _position(state, match, source, moved, sales)
    working = work(table, position)
    exact, notes = capped(state, match, working.exact, component.caps, "amount")
    trace["table"] = state.told(traces.table, match.declared, position, match.event.on, working)
    trace["caps"] = list(notes)
    trace["rounding"] = state.told(traces.rounding, exact)
    rate = _reached(working) if tops_up(table) else ZERO
    tops = tuple((sale, (rate - sale.rate) * sale.base_left) for sale in sales if sale.rate < rate)
    own = working.exact - sum(top for _, top in tops)
    minor = round_half_away(exact)
    is_capped = working.exact > exact
    return Candidate(match, source, tops, own, rate, exact, minor, trace, is_capped, position.after)


def _reached(working: Working) -> Fraction:
    return (working.steps[0].rate or ZERO) if working.steps else ZERO


def _sales(state: State, match: Match) -> list[Source]:
    """Return the earlier paid sales of the period, where a reached rate tops them up."""
    if not tops_up(match.table):
        return []
    period = match.table.reset.period(match.event.on)
    sales = state.sales[place_key(match.place, match.event.partner_id)]
    return [sale for sale in sales if period.contains(sale.event.on) and sale.base_left]


def _position(
    state: State, match: Match, source: Source | None, moved: Fraction, sales: list[Source]
) -> Position:
    table, event = match.table, match.event
    paid = ZERO if source is None else source.base
    if not table.runs:
        return Position(ZERO, ZERO, paid, age=0 if source is None else source.age)
    after = state.totals.at(place_key(match.place, event.partner_id), table.reset, event.on)
    return Position(
        after - moved,
        after,
        paid,
        _baseline(state, match),
        0 if source is None else source.age,
        tuple(Earlier(s.event.key, s.event.on, s.base_left, s.rate) for s in sales),
    )


def _baseline(state: State, match: Match) -> Fraction:
    """Return what growth is measured against: declared, told with the partner, or a year ago."""
    table = match.table
    if table.mode not in (Mode.GROWTH, Mode.ON_EXCESS) or table.baseline is not None:
        return table.baseline or ZERO
    earlier = table.reset.period(add_months(start_of(table.reset, match.event.on), -12))
    for told in match.partner.baselines:
        if (told.component, told.start) == (match.component.code, earlier.start):
            return Fraction(told.minor)
    return state.totals.within(place_key(match.place, match.event.partner_id), earlier)


def _age(state: State, match: Match) -> int:
    """Return the whole months since the order's, or the customer's, start."""
    started, on = started_on(state, match), match.event.on
    months = (on.year - started.year) * 12 + on.month - started.month
    return months - (1 if add_months(started, months) > on else 0)
