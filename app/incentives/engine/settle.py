"""From a candidate to lines: stacking, the holdback, the day of payment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from app.incentives.engine import trace as traces
from app.incentives.engine.barriers import deals_key, once_key, term_key
from app.incentives.engine.base import Match, use
from app.incentives.engine.facts import CreditedEvent
from app.incentives.engine.knowledge import Order
from app.incentives.engine.lines import Line, Trace
from app.incentives.engine.pay import Candidate
from app.incentives.engine.plan import Measure, Timing
from app.incentives.engine.state import (
    Key,
    Part,
    Place,
    Portion,
    Source,
    State,
    place_key,
    start_of,
)
from app.incentives.engine.tables import tops_up
from app.kernel.format import money
from app.kernel.money import Money, allocate, round_half_away
from app.kernel.period import month_of


def choose(candidates: list[Candidate]) -> Candidate:
    """Return the candidate that a group pays: the most first, or by priority; then the code."""
    return min(candidates, key=_rank)


def _rank(each: Candidate) -> tuple[bool, int, int, str, str]:
    plan, component = each.match.place
    stacking = component.stacking
    priority = stacking.priority if stacking else 0
    first = -each.minor if stacking is None or stacking.rule != "priority" else -priority
    return each.minor == 0, first, -priority, plan.code, component.code


def settle(state: State, candidate: Candidate) -> None:
    """Make the candidate's lines, or note why there are none, and use up its caps."""
    match = candidate.match
    _remember(state, candidate)
    ledger = state.ledgers[ledger_key(match.place, match.event)]
    ledger.owed += candidate.exact
    if candidate.minor == 0:
        state.refuse(match.place, match.event, *_why_zero(candidate))
        return
    if match.pays:
        for key in (deals_key(match), once_key(match)):
            state.paid[key].add(match.event.order_id)
        state.paid[term_key(match)].add(match.event.key)
    caps = use(state, match, match.component.caps, "amount", candidate.minor)
    lines = _lines(state, candidate)
    state.lines.extend(lines.values())
    for part, line in lines.items():
        ledger.paid[part] += line.minor
    for source, parts in _portions(candidate, lines):
        source.portions.append(Portion(match.event.key, source.left, parts, caps))


def ledger_key(place: Place, event: CreditedEvent) -> Key:
    """Return the key of what a component comes to in the period of an event."""
    reset = place[1].table.reset
    return *place_key(place, event.partner_id), start_of(reset, event.on)


def lose(state: State, loser: Candidate, winner: Candidate) -> None:
    """Note that another component of the same group pays instead."""
    plan, component = loser.match.place
    other, paid = winner.match.place
    amount = money(Money(winner.minor, other.currency))
    stacking = component.stacking
    group = "" if stacking is None else stacking.group
    first = "the first by priority" if stacking and stacking.rule == "priority" else "the best"
    words = f"Only {first} of group {group} pays, and {paid.title} pays {amount}."
    state.refuse((plan, component), loser.match.event, "stacking", words)


def _remember(state: State, candidate: Candidate) -> None:
    """Keep the rate at which sales are paid so far, where a later one tops them up."""
    if not tops_up(candidate.match.table):
        return
    if candidate.source is not None:
        candidate.source.rate = candidate.rate
        place = place_key(candidate.match.place, candidate.match.event.partner_id)
        state.sales[place].append(candidate.source)
    for sale, _ in candidate.tops:
        sale.rate = candidate.rate


def _portions(
    candidate: Candidate, lines: dict[str, Line]
) -> Iterable[tuple[Source, dict[str, Part]]]:
    """Yield what of each part of the amount belongs to each sale; the parts add up."""
    shares = [] if candidate.source is None else [(candidate.source, candidate.own)]
    shares += candidate.tops
    if len(shares) == 1:
        yield shares[0][0], {name: Part(line.minor, line) for name, line in lines.items()}
        return
    weights = [weight for _, weight in shares]
    split_ = {name: allocate(line.minor, weights) for name, line in lines.items()}
    for index, (source, _) in enumerate(shares):
        yield source, {name: Part(cents[index], lines[name]) for name, cents in split_.items()}


def split(timing: Timing, minor: int) -> dict[str, int]:
    """Return an amount as its main part and the part held back, leaving out what is zero."""
    held = round_half_away(timing.holdback * minor)
    parts = {"main": minor - held, "holdback": held}
    return {part: amount for part, amount in parts.items() if amount}


def holdback(timing: Timing, part: str, whole: int) -> Trace | None:
    """Return how a line's part of the whole amount was taken, for its trace."""
    if not timing.holdback:
        return None
    return {"share": traces.text(timing.holdback), "part": part, "whole": whole}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a line says besides the place and the event it is made for."""

    part: str
    minor: int
    base: Fraction
    payable_on: date | None
    trace: Trace


def line_of(place: Place, partner_id: str, event: tuple[str, str, date], made: Made) -> Line:
    """Return the line of one part; ``event`` is its key, its order and its day."""
    plan, component = place
    key, order_id, on = event
    return Line(
        plan=plan.code,
        version=plan.version,
        component=component.code,
        title=component.title,
        partner_id=partner_id,
        event_key=key,
        order_id=order_id,
        base_minor=round_half_away(made.base),
        minor=made.minor,
        currency=plan.currency,
        earned_on=on,
        payable_on=made.payable_on,
        gate=None,
        part=made.part,
        trace=made.trace | {"result": traces.result(made.minor, plan.currency)},
    )


def _lines(state: State, candidate: Candidate) -> dict[str, Line]:
    match = candidate.match
    event, timing = match.event, match.component.timing
    found = {}
    for part, minor in split(timing, candidate.minor).items():
        on = _payable(state, match)
        if part == "holdback" and on is not None:
            on += timedelta(days=timing.holdback_days)
        trace = {"kind": "earned", **candidate.trace}
        trace["holdback"] = holdback(timing, part, candidate.minor)
        trace["timing"] = _timing(timing, event.on, on)
        made = Made(part=part, minor=minor, base=candidate.base, payable_on=on, trace=trace)
        place = (event.key, event.order_id, event.on)
        found[part] = line_of(match.place, event.partner_id, place, made)
    return found


def _payable(state: State, match: Match) -> date | None:
    """Return the earliest day of payment; None while the order is not paid in full."""
    timing, earned = match.component.timing, match.event.on
    start: date | None = earned
    if timing.payable == "collection":
        order: Order = match.event.partner_id, match.event.order_id
        collected = state.collected.get(order)
        start = None if collected is None else max(earned, collected)
    if timing.payable == "month_end":
        start = month_of(earned).last
    return None if start is None else start + timedelta(days=timing.hold_days)


def _timing(timing: Timing, earned: date, payable_on: date | None) -> Trace:
    return {
        "earned_on": earned.isoformat(),
        "payable": timing.payable,
        "hold_days": timing.hold_days,
        "payable_on": None if payable_on is None else payable_on.isoformat(),
    }


def _why_zero(candidate: Candidate) -> tuple[str, str]:
    match = candidate.match
    if candidate.capped:
        return "cap", "Its cap is used up."
    if candidate.source is None:
        basis = match.component.basis
        return "basis", f"It counts towards the rate; the plan pays on {basis.event} amounts."
    if candidate.source.base == 0:
        return "base", "There is nothing to pay on: the base is zero, or its cap is used up."
    if candidate.exact:
        return (
            "rounding",
            "It comes to less than half of the smallest unit, which rounds to nothing.",
        )
    if not match.table.runs:
        return "table", "Its rate is zero."
    shown = _total(match, candidate.total)
    return "table", f"The rate table pays nothing at a running total of {shown}."


def _total(match: Match, total: Fraction) -> str:
    """Return a running total in its own unit."""
    basis = match.table.qualify or match.component.basis
    if basis.of is Measure.QUANTITY:
        return f"{traces.text(total)} units"
    return money(Money(round_half_away(total), match.place[0].currency))
