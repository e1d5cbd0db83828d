"""A line's amount from its trace alone, by ways that share nothing with the engine's."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from app.incentives.engine.lines import Trace
from app.kernel.errors import Broken

Bracket = tuple[Fraction, Fraction | None, Fraction, int]


def recompute(trace: Trace) -> int:
    """Return the minor units that a trace's facts, table, caps and shares amount to.

    :raises Broken: if the trace is of a format or kind that is not known
    """
    if trace.get("format") != 1:
        raise Broken("this trace has a format that is not known")
    match trace["kind"]:
        case "earned":
            return _part(trace, _nearest(_capped(trace, _earned(trace["table"]))))
        case "reversed":
            return _reversed(trace)
        case "adjusted":
            now = recompute(trace["because"]) if trace["because"] else 0
            return now - int(trace["was"])
        case "granted":
            return int(trace["now"]) - int(trace["was"])
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


def _capped(trace: Trace, value: Fraction) -> Fraction:
    for cap in trace["caps"]:
        value = min(value, max(Fraction(0), cap["limit"] - Fraction(cap["used"])))
    return value


def _reversed(trace: Trace) -> int:
    notes = trace["reversal"]["takes_back"]
    if trace["reversal"]["at"] == "by_volume":
        exact = sum(
            (_earned(note["table"]) * Fraction(note["factor"]) for note in notes), Fraction()
        )
        return _part(trace, _nearest(exact))
    return -sum(_taken(note) for note in notes)


def _taken(note: dict[str, Any]) -> int:
    before = Fraction(note["weight_before"])
    after = before + Fraction(note["minor"], note["of"]) * Fraction(note["factor"])
    return _nearest(note["paid"] * after) - _nearest(note["paid"] * before)


def _earned(table: dict[str, Any]) -> Fraction:
    """Return what a table pays: for running modes, the total afterwards less the one before."""
    before, after, paid = (Fraction(table[name]) for name in ("before", "after", "paid"))
    mode = table["mode"]
    if mode == "flat":
        return paid * (table["amount"] if table["rate"] is None else Fraction(table["rate"]))
    brackets = [_bracket(each) for each in table["brackets"]]
    if mode == "age":
        return paid * _rate(brackets, Fraction(table["age"]))
    if mode == "next_sale":
        return paid * _rate(brackets, before)
    if mode == "retroactive" and table["qualify"]:
        return paid * _rate(brackets, after)
    total = _TOTALS[mode]
    return total(table, brackets, after) - total(table, brackets, before)


def _bracket(each: dict[str, Any]) -> Bracket:
    upper = None if each["to"] is None else Fraction(each["to"])
    return Fraction(each["from"]), upper, Fraction(each["rate"]), each["amount"] or 0


def _rate(brackets: list[Bracket], value: Fraction) -> Fraction:
    rates = [
        rate
        for lower, upper, rate, _ in brackets
        if lower <= value < (value + 1 if upper is None else upper)
    ]
    return rates[-1] if rates else Fraction(0)


def _graduated(brackets: list[Bracket], total: Fraction, unit: Fraction) -> Fraction:
    """Sum, over the brackets, the rate on what of the total lies above the lower less the upper."""
    earned = Fraction(0)
    for lower, upper, rate, _ in brackets:
        above = max(Fraction(0), total - lower * unit)
        beyond = Fraction(0) if upper is None else max(Fraction(0), total - upper * unit)
        earned += rate * (above - beyond)
    return earned


def _marginal(_: dict[str, Any], brackets: list[Bracket], total: Fraction) -> Fraction:
    return _graduated(brackets, total, Fraction(1))


def _retroactive(_: dict[str, Any], brackets: list[Bracket], total: Fraction) -> Fraction:
    return total * _rate(brackets, total)


def _on_excess(table: dict[str, Any], brackets: list[Bracket], total: Fraction) -> Fraction:
    return max(Fraction(0), total - Fraction(table["baseline"])) * _rate(brackets, total)


def _growth(table: dict[str, Any], brackets: list[Bracket], total: Fraction) -> Fraction:
    baseline = Fraction(table["baseline"])
    if baseline <= 0:
        return Fraction(0)
    if table["applies"] == "stepped":
        return _graduated(brackets, total, baseline)
    base = total if table["applies"] == "whole" else max(Fraction(0), total - baseline)
    return base * _rate(brackets, total / baseline)


def _accelerator(table: dict[str, Any], brackets: list[Bracket], total: Fraction) -> Fraction:
    target, rate = Fraction(table["target"]), Fraction(table["rate"])
    base = rate * max(Fraction(0), min(total, target))
    if table["applies"] == "sliced":
        return base + rate * _graduated(brackets, total, target)
    end = brackets[-1][1]
    paid = total if end is None else min(total, end * target)
    past = end is not None and total >= end * target
    multiplier = brackets[-1][2] if past else _rate(brackets, total / target)
    return base + rate * multiplier * max(Fraction(0), paid - target)


def _threshold_bonus(table: dict[str, Any], brackets: list[Bracket], total: Fraction) -> Fraction:
    hit = [amount for lower, _, _, amount in brackets if total >= lower]
    return Fraction(sum(hit) if table["applies"] == "each" else (hit[-1] if hit else 0))


_TOTALS: dict[str, Callable[[dict[str, Any], list[Bracket], Fraction], Fraction]] = {
    "marginal": _marginal,
    "retroactive": _retroactive,
    "on_excess": _on_excess,
    "growth": _growth,
    "accelerator": _accelerator,
    "threshold_bonus": _threshold_bonus,
}
