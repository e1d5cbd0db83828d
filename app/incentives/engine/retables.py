"""What a trace's rate table pays, by other formulas than the engine's; for ``recompute``."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

Bracket = tuple[Fraction, Fraction | None, Fraction, int]
Table = dict[str, Any]
ZERO = Fraction(0)


def earned(table: Table) -> Fraction:
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
    if _tops_up(table):
        return _topped(table, brackets, after, paid)
    total = _TOTALS[mode]
    return total(table, brackets, after) - total(table, brackets, before)


def _tops_up(table: Table) -> bool:
    rolls = table["mode"] == "retroactive" and str(table["reset"]).startswith("rolling")
    return bool(table["qualify"]) or rolls


def _topped(table: Table, brackets: list[Bracket], after: Fraction, paid: Fraction) -> Fraction:
    """Pay the new sale, and on each earlier one what the reached rate is above its own."""
    rate = _reached(table, brackets, after)
    extra = (
        max(ZERO, rate - Fraction(sale["rate"])) * Fraction(sale["base"])
        for sale in table.get("earlier", ())
    )
    return paid * rate + sum(extra, ZERO)


def _reached(table: Table, brackets: list[Bracket], total: Fraction) -> Fraction:
    """Return the rate that a total reaches, where it applies to the whole."""
    if table["mode"] == "growth":
        baseline = Fraction(table["baseline"])
        return _rate(brackets, total / baseline) if baseline > 0 else ZERO
    if table["mode"] == "accelerator":
        target, rate = Fraction(table["target"]), Fraction(table["rate"])
        return rate if total < target else rate * _rate(brackets, total / target)
    return _rate(brackets, total)


def _bracket(each: dict[str, Any]) -> Bracket:
    upper = None if each["to"] is None else Fraction(each["to"])
    return Fraction(each["from"]), upper, Fraction(each["rate"]), each["amount"] or 0


def _rate(brackets: list[Bracket], value: Fraction) -> Fraction:
    rates = [
        rate
        for lower, upper, rate, _ in brackets
        if lower <= value < (value + 1 if upper is None else upper)
    ]
    return rates[-1] if rates else ZERO


def _graduated(brackets: list[Bracket], total: Fraction, unit: Fraction) -> Fraction:
    """Sum, over the brackets, the rate on what of the total lies above the lower less the upper."""
    sum_ = ZERO
    for lower, upper, rate, _ in brackets:
        above = max(ZERO, total - lower * unit)
        beyond = ZERO if upper is None else max(ZERO, total - upper * unit)
        sum_ += rate * (above - beyond)
    return sum_


def _marginal(_: Table, brackets: list[Bracket], total: Fraction) -> Fraction:
    return _graduated(brackets, total, Fraction(1))


def _retroactive(_: Table, brackets: list[Bracket], total: Fraction) -> Fraction:
    return total * _rate(brackets, total)


def _on_excess(table: Table, brackets: list[Bracket], total: Fraction) -> Fraction:
    return max(ZERO, total - Fraction(table["baseline"])) * _rate(brackets, total)


def _growth(table: Table, brackets: list[Bracket], total: Fraction) -> Fraction:
    baseline = Fraction(table["baseline"])
    if baseline <= 0:
        return ZERO
    if table["applies"] == "stepped":
        return _graduated(brackets, total, baseline)
    base = total if table["applies"] == "whole" else max(ZERO, total - baseline)
    return base * _rate(brackets, total / baseline)


def _accelerator(table: Table, brackets: list[Bracket], total: Fraction) -> Fraction:
    target, rate = Fraction(table["target"]), Fraction(table["rate"])
    base = rate * max(ZERO, min(total, target))
    if table["applies"] == "sliced":
        return base + rate * _graduated(brackets, total, target)
    end = brackets[-1][1]
    paid = total if end is None else min(total, end * target)
    past = end is not None and total >= end * target
    multiplier = brackets[-1][2] if past else _rate(brackets, total / target)
    return base + rate * multiplier * max(ZERO, paid - target)


def _threshold_bonus(table: Table, brackets: list[Bracket], total: Fraction) -> Fraction:
    hit = [amount for lower, _, _, amount in brackets if total >= lower]
    return Fraction(sum(hit) if table["applies"] == "each" else (hit[-1] if hit else 0))


_TOTALS: dict[str, Callable[[Table, list[Bracket], Fraction], Fraction]] = {
    "marginal": _marginal,
    "retroactive": _retroactive,
    "on_excess": _on_excess,
    "growth": _growth,
    "accelerator": _accelerator,
    "threshold_bonus": _threshold_bonus,
}
