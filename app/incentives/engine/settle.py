"""From a candidate to lines: stacking, the holdback, the day of payment and the gate."""

from datetime import date, timedelta

from app.incentives.engine import trace as traces
from app.incentives.engine.base import cap_keys
from app.incentives.engine.lines import Gate, Line, Trace
from app.incentives.engine.pay import Candidate
from app.incentives.engine.plan import LIFETIME, Component, Timing
from app.incentives.engine.state import Key, State, place_key
from app.kernel.format import day, money
from app.kernel.money import Money, round_half_away
from app.kernel.period import month_of


def best(candidates: list[Candidate]) -> Candidate:
    """Return the candidate that a best-only group pays: the most, then priority, then the code."""
    return min(
        candidates,
        key=lambda each: (
            -each.minor,
            -_priority(each.component),
            each.plan.code,
            each.component.code,
        ),
    )


def settle(state: State, candidate: Candidate) -> None:
    """Make the candidate's lines, or note why there are none, and use up its caps."""
    event, component = candidate.event, candidate.component
    if candidate.minor == 0:
        state.refuse((candidate.plan, component), event, *_why_zero(candidate))
        return
    key = place_key(candidate.plan, component, event)
    start = component.table.reset.period(event.on).start
    for orders in (state.orders[*key, start], state.orders[*key, LIFETIME.start, "once"]):
        orders.add(event.order_id)
    keys = cap_keys((candidate.plan, component), event, component.caps, "amount")
    candidate.source.caps = keys
    for cap in keys:
        state.caps[cap] += candidate.minor
    candidate.source.parts = split(component.timing, candidate.minor)
    candidate.source.lines = tuple(
        _line(state, candidate, part, minor) for part, minor in candidate.source.parts.items()
    )
    state.lines.extend(candidate.source.lines)


def lose(state: State, loser: Candidate, winner: Candidate) -> None:
    """Note that a better component of the same group pays instead."""
    stacking = loser.component.stacking
    amount = money(Money(winner.minor, winner.plan.currency))
    group = "" if stacking is None else stacking.group
    words = f"Only the best of group {group} pays, and {winner.component.title} pays {amount}."
    state.refuse((loser.plan, loser.component), loser.event, "stacking", words)


def split(timing: Timing, minor: int) -> dict[str, int]:
    """Return an amount as its main part and the part held back, leaving out what is zero."""
    held = round_half_away(timing.holdback * minor)
    parts = {"main": minor - held, "holdback": held}
    return {part: amount for part, amount in parts.items() if amount}


def payable(state: State, component: Component, order_id: str, earned: date) -> date | None:
    """Return the earliest day of payment; None while the order is not paid in full."""
    timing = component.timing
    start: date | None = earned
    if timing.payable == "collection":
        collected = state.collected.get(order_id)
        start = None if collected is None else max(earned, collected)
    if timing.payable == "month_end":
        start = month_of(earned).last
    return None if start is None else start + timedelta(days=timing.hold_days)


def gate(as_of: date, payable_on: date | None) -> Gate | None:
    """Return what blocks a line on a day."""
    if payable_on is None:
        return Gate("awaiting_collection", None, "It waits until the customer has paid in full.")
    if payable_on > as_of:
        return Gate("hold", payable_on, f"It is on hold until {day(payable_on)}.")
    return None


def holdback(timing: Timing, part: str, whole: int) -> Trace | None:
    """Return how a line's part of the whole amount was taken, for its trace."""
    if not timing.holdback:
        return None
    return {"share": traces.text(timing.holdback), "part": part, "whole": whole}


def _line(state: State, candidate: Candidate, part: str, minor: int) -> Line:
    plan, component, event = candidate.plan, candidate.component, candidate.event
    on = payable(state, component, event.order_id, event.on)
    if part == "holdback" and on is not None:
        on += timedelta(days=component.timing.holdback_days)
    trace = {"kind": "earned", **candidate.trace}
    trace["holdback"] = holdback(component.timing, part, candidate.minor)
    trace["timing"] = _timing(component.timing, event.on, on)
    trace["result"] = traces.result(minor, plan.currency)
    return Line(
        plan=plan.code,
        version=plan.version,
        component=component.code,
        title=component.title,
        partner_id=event.partner_id,
        event_key=event.key,
        order_id=event.order_id,
        base_minor=round_half_away(candidate.source.base),
        minor=minor,
        currency=plan.currency,
        earned_on=event.on,
        payable_on=on,
        gate=gate(state.as_of, on),
        part=part,
        trace=trace,
    )


def _timing(timing: Timing, earned: date, payable_on: date | None) -> Trace:
    return {
        "earned_on": earned.isoformat(),
        "payable": timing.payable,
        "hold_days": timing.hold_days,
        "payable_on": None if payable_on is None else payable_on.isoformat(),
    }


def _why_zero(candidate: Candidate) -> tuple[str, str]:
    currency = candidate.plan.currency
    if candidate.capped:
        return "cap", "Its cap is used up."
    if candidate.source.base == 0:
        return "base", "There is nothing to pay on: the base is zero, or its cap is used up."
    total = candidate.trace["table"]["after"]
    words = f"The rate table pays nothing at a running total of {_total(total, currency)}."
    return "table", words


def _total(value: str, currency: str) -> str:
    return money(Money(round_half_away(traces.number(value)), currency))


def _priority(component: Component) -> int:
    return component.stacking.priority if component.stacking else 0


def used(keys: tuple[Key, ...], state: State, minor: int) -> None:
    """Give room under the caps back when an amount is taken back (``minor`` is negative)."""
    for key in keys:
        state.caps[key] += minor
