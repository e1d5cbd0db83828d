"""A line's amount from its trace alone, by ways that share nothing with the engine's.

Only the trace format and currencies' decimals are known here: no reader, table or rounding of the
calculation is imported.
"""

from fractions import Fraction
from typing import Any

from app.incentives.engine.lines import Trace
from app.incentives.engine.retables import earned
from app.kernel.currencies import DECIMALS
from app.kernel.errors import Broken


def recompute(trace: Trace) -> int:
    """Return the minor units that a trace's facts, table, caps and shares amount to.

    :raises Broken: if the trace is of a format or kind that is not known
    """
    if trace.get("format") != 1:
        raise Broken("this trace has a format that is not known")
    match trace["kind"]:
        case "earned":
            return _part(trace, _nearest(_capped(trace["caps"], _earned(trace))))
        case "reversed":
            return _reversed(trace)
        case "adjusted":
            now = recompute(trace["because"]) if trace["because"] else 0
            return now - int(trace["was"])
        case "granted":
            return int(trace["now"]) - int(trace["was"])
        case "draw":
            return _drawn(trace["draw"])
    raise Broken("this trace is of a kind that is not known")


def _nearest(value: Fraction) -> int:
    """Round half away from zero by doubling and truncating."""
    doubled = abs(value) * 2 + 1
    size = int(doubled) // 2
    return size if value >= 0 else -size


def _part(trace: Trace, whole: int) -> int:
    held = trace.get("holdback")
    if not held:
        return whole
    back = _nearest(Fraction(held["share"]) * whole)
    return back if held["part"] == "holdback" else whole - back


def _capped(caps: list[dict[str, Any]], value: Fraction) -> Fraction:
    for cap in caps:
        value = min(value, max(Fraction(0), cap["limit"] - Fraction(cap["used"])))
    return value


def _earned(trace: Trace) -> Fraction:
    """Return what the table pays on the base that the event's own facts give."""
    table, base = dict(trace["table"]), trace["base"]
    value = _capped(base["caps"], _converted(trace, _shared(trace, _measured(trace))))
    counted_only = table["qualify"] and Fraction(table["paid"]) == 0
    if not counted_only:
        table["paid"] = value
        if table["qualify"] is None:
            table["after"] = Fraction(table["before"]) + value
    return earned(table)


def _measured(trace: Trace) -> Fraction:
    event, table, of = trace["event"], trace["table"], trace["base"]["of"]
    if table["mode"] == "flat" and table["amount"] is not None:
        return Fraction(event.get("quantity", 0) if table["per"] == "unit" else 1)
    if of == "amount":
        return Fraction(event["minor"])
    return Fraction(event.get("quantity" if of == "quantity" else "margin_minor", 0))


def _shared(trace: Trace, value: Fraction) -> Fraction:
    share, event = trace["base"]["share"], trace["event"]
    if share["kind"] == "whole":
        return value
    units = _counts_units(trace)
    if share["kind"] == "credit":
        cents = event.get("credited_minor")
        is_cents = cents is not None and not units and trace["base"]["of"] == "amount"
        return Fraction(cents) if is_cents else value * Fraction(event["share"])
    roles = {name: Fraction(part) for name, part in share["roles"].items()}
    held = [name for name in roles if name in event.get("roles", ())]
    if units or share["overlay"]:
        return value * sum((roles[name] for name in held), Fraction(0))
    parts = _whole_parts(int(value), list(roles.values()))
    return Fraction(sum(part for name, part in zip(roles, parts, strict=True) if name in held))


def _whole_parts(total: int, shares: list[Fraction]) -> list[int]:
    """Cut a total by shares: what is lost to rounding down goes to the largest remainders."""
    exact = [total * share for share in [*shares, 1 - sum(shares, Fraction(0))]]
    parts = [int(each) for each in exact]
    for _ in range(total - sum(parts)):
        rests = [each - part for each, part in zip(exact, parts, strict=True)]
        parts[rests.index(max(rests))] += 1
    return parts[: len(shares)]


def _counts_units(trace: Trace) -> bool:
    table = trace["table"]
    fixed = table["mode"] == "flat" and table["amount"] is not None
    return fixed or trace["base"]["of"] == "quantity"


def _converted(trace: Trace, value: Fraction) -> Fraction:
    rate = trace["base"]["conversion"]
    if not rate:
        return value
    shift = DECIMALS[rate["to"]] - DECIMALS[rate["from"]]
    return value * Fraction(rate["rate"]) * Fraction(10) ** shift


def _reversed(trace: Trace) -> int:
    notes = trace["reversal"]["takes_back"]
    if trace["reversal"]["at"] == "by_volume":
        return sum(_reread(trace, period, notes) for period in trace["reversal"]["periods"])
    return -sum(_taken(note) for note in notes)


def _reread(trace: Trace, period: dict[str, Any], notes: list[dict[str, Any]]) -> int:
    """Return what a period comes to without what is undone, less what was paid of it."""
    left = Fraction(period["owed"])
    for note in notes:
        if note["period"] == period["from"]:
            left += _moved(note) * Fraction(note["factor"])
    held = trace.get("holdback")
    part = held["part"] if held else "main"
    return _part(trace, _nearest(left)) - int(period["paid"].get(part, 0))


def _moved(note: dict[str, Any]) -> Fraction:
    """Return what the undone sale pays less, and what later ones of other tables do then."""
    later = (earned(each["now"]) - earned(each["was"]) for each in note.get("later", ()))
    return earned(note["table"]) + sum(later, Fraction(0))


def _taken(note: dict[str, Any]) -> int:
    before = Fraction(note["weight_before"])
    after = before + Fraction(note["minor"], note["of"]) * Fraction(note["factor"])
    return _nearest(note["paid"] * after) - _nearest(note["paid"] * before)


def _drawn(drawn: dict[str, Any]) -> int:
    """Pay up to the draw; keep of what is above it no more than was advanced before."""
    surplus = drawn["gross"] - drawn["amount"]
    if surplus < 0:
        return int(-surplus)
    return -min(int(surplus), drawn["deficit_before"]) if drawn["recoverable"] else 0
