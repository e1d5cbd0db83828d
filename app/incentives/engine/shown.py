"""Values of a trace as people read them: money, units, percentages and days."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from app.incentives.engine.lines import Trace
from app.kernel.format import day, money
from app.kernel.money import Money, round_half_away


@lru_cache(maxsize=4096)
def percent(value: str | Fraction) -> str:
    """Return an exact rate as a percentage with the decimals that it has, at most six."""
    millionths = round_half_away(Fraction(value) * 100 * 10**6)
    text = f"{Decimal(millionths).scaleb(-6):.6f}".rstrip("0").rstrip(".")
    return f"{text} %"


def share_of(share: dict[str, Any]) -> str:
    """Return the partner's part of an event as a percentage."""
    return percent(share["share"])


def rate_of(trace: Trace, step: dict[str, Any]) -> str:
    """Return a rate as a percentage, or as money per unit where units are paid on."""
    if _pays(trace) == "quantity":
        return f"{exact(trace, step['rate'])} for each"
    return percent(step["rate"])


def band(trace: Trace, step: dict[str, Any]) -> str:
    """Return the bracket that a step was paid in."""
    if trace["table"]["mode"] in ("flat", "age"):
        return ""
    low, high = _edge(trace, step["from"]), step["to"]
    if high is None:
        return f" (bracket from {low})"
    return f" (bracket {low} to {_edge(trace, high)})"


def in_units(trace: Trace) -> bool:
    """Return whether what is paid on has no currency."""
    table = trace["table"]
    return _pays(trace) == "quantity" or (table["mode"] == "flat" and table["amount"] is not None)


def units(trace: Trace, value: str) -> str:
    """Return a base as money, or as a plain number where things are counted."""
    if _pays(trace) == "quantity":
        return f"{value} units"
    return value if in_units(trace) else exact(trace, value)


def _edge(trace: Trace, value: str) -> str:
    counts = trace["table"].get("counts", trace["base"]["of"])
    return f"{value} units" if counts == "quantity" else exact(trace, value)


def _pays(trace: Trace) -> str:
    return str(trace["table"].get("pays", trace["base"]["of"]))


def exact(trace: Trace, value: str | Fraction) -> str:
    """Return unrounded minor units as money, with “about” where cents do not express them."""
    found = Fraction(value)
    shown = in_currency(round_half_away(found), trace["plan"]["currency"])
    return shown if found.denominator == 1 else f"about {shown}"


def minor(trace: Trace, value: int) -> str:
    """Return minor units of the plan's currency as money."""
    return in_currency(value, trace["plan"]["currency"])


def result(trace: Trace) -> str:
    """Return the amount of the line."""
    return in_currency(trace["result"]["minor"], trace["result"]["currency"])


def amount(event: dict[str, Any]) -> str:
    """Return the whole amount of an event."""
    return in_currency(event["minor"], event["currency"])


def in_currency(value: int, currency: str) -> str:
    """Return minor units of a currency as money."""
    return money(Money(int(value), currency))


def on(value: str) -> str:
    """Return a day."""
    return day(date.fromisoformat(value))


def kind(event: dict[str, Any]) -> str:
    """Return what happened."""
    return str(event["kind"]).replace("_", " ")
