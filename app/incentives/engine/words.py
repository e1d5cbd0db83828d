"""A trace in words: one sentence, and the rows of a small table, for “Why this amount?”."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.incentives.engine.lines import Trace
from app.kernel.format import day, money
from app.kernel.money import Money, round_half_away

Row = tuple[str, str, str, str]
"""What, the base, the rate, the amount."""


def sentence(trace: Trace) -> str:
    """Return why a line is this amount, in one or two plain sentences."""
    match trace["kind"]:
        case "earned":
            return _earned(trace)
        case "reversed":
            return _reversed(trace)
        case "granted":
            return str(trace["words"])
    was, now = _minor(trace, trace["was"]), _minor(trace, trace["now"])
    return (
        f"Corrects event {trace['corrects']['event']} of {trace['corrects']['component']}: "
        f"{was} was calculated before, {now} is right, which leaves {_result(trace)}."
    )


def table(trace: Trace) -> list[Row]:
    """Return the working as rows of what, base, rate and amount; the last row is the result."""
    if trace["kind"] in ("adjusted", "granted"):
        return [
            ("Calculated now", "", "", _minor(trace, trace["now"])),
            ("Calculated before", "", "", _minor(trace, -trace["was"])),
            ("Amount of this line", "", "", _result(trace)),
        ]
    rows = _reversal_rows(trace) if trace["kind"] == "reversed" else _earned_rows(trace)
    return [*rows, *_ending(trace), ("Amount of this line", "", "", _result(trace))]


def percent(value: str | Fraction) -> str:
    """Return an exact rate as a percentage with the decimals that it has, at most six."""
    scaled = Decimal((Fraction(value) * 100).limit_denominator(10**6).numerator) / Decimal(
        (Fraction(value) * 100).limit_denominator(10**6).denominator
    )
    text = f"{scaled:.6f}".rstrip("0").rstrip(".")
    return f"{text} %"


def _earned(trace: Trace) -> str:
    event, plan = trace["event"], trace["plan"]
    parts = [_how(trace, step) for step in trace["table"]["steps"]]
    already = sum((Fraction(step["exact"]) for step in trace["table"]["already"]), Fraction(0))
    if already:
        parts.append(f"less {_exact(trace, already)} earned before in the period")
    text = (
        f"{_amount(event)} {event['kind']} on {_day(event['on'])} under {plan['title']}, "
        f"version {plan['version']}, {trace['component']['title']}: "
        f"{_base_words(trace)}{', '.join(parts)}"
    )
    capped = [cap for cap in trace["caps"] if cap["before"] != cap["after"]]
    if capped:
        text += f", capped at {_minor(trace, capped[-1]['limit'])} per {capped[-1]['per']}"
    if trace["holdback"]:
        held = trace["holdback"]
        share = percent(held["share"])
        text += f", of which {share} is held back" + (
            " (this line)" if held["part"] == "holdback" else ""
        )
    return f"{text}. That is {_result(trace)}."


def _reversed(trace: Trace) -> str:
    event = trace["event"]
    notes = trace["reversal"]["takes_back"]
    undone = "; ".join(
        f"{_money(note['minor'], event['currency'])} of event {note['event']} ({_day(note['on'])})"
        for note in notes
    )
    how = (
        "the table is read again with the smaller volume"
        if trace["reversal"]["at"] == "by_volume"
        else "what was paid on it is taken back in proportion"
    )
    return (
        f"{_amount(event)} {event['kind']} on {_day(event['on'])} undoes {undone}; {how}. "
        f"That is {_result(trace)}."
    )


def _base_words(trace: Trace) -> str:
    base = trace["base"]
    text = ""
    if base["share"]["share"] != "1":
        text += f"the partner's share is {_share(base['share'])}, "
    if base["conversion"]:
        rate = base["conversion"]
        source = f" ({rate['source']})" if rate["source"] else ""
        text += (
            f"at {rate['rate']} {rate['to']} per {rate['from']} of {_day(rate['on'])}{source} "
            f"that is {_exact(trace, rate['result'])}, "
        )
    capped = [cap for cap in base["caps"] if cap["before"] != cap["after"]]
    if capped:
        text += f"of which {_exact(trace, base['value'])} counts under the cap, "
    return text


def _share(share: dict[str, Any]) -> str:
    return percent(share["share"])


def _how(trace: Trace, step: dict[str, Any]) -> str:
    if step["rate"] is None:
        amount = _exact(trace, step["exact"])
        fixed = trace["table"]["mode"] == "threshold_bonus"
        return f"a bonus of {amount}" if fixed else f"a fixed amount of {amount}"
    return f"{_rate(trace, step)} of {_units(trace, step['base'])}{_band(trace, step)}"


def _rate(trace: Trace, step: dict[str, Any]) -> str:
    """Return a rate as a percentage, or as money per unit where units are counted."""
    if trace["base"]["of"] == "quantity":
        return f"{_exact(trace, step['rate'])} for each"
    return percent(step["rate"])


def _band(trace: Trace, step: dict[str, Any]) -> str:
    if trace["table"]["mode"] in ("flat", "age"):
        return ""
    low, high = _units(trace, step["from"]), step["to"]
    if high is None:
        return f" (bracket from {low})"
    return f" (bracket {low} to {_units(trace, high)})"


def _earned_rows(trace: Trace) -> list[Row]:
    base = trace["base"]
    rows: list[Row] = [
        (f"{trace['event']['kind'].capitalize()} amount", _amount(trace["event"]), "", "")
    ]
    if base["share"]["share"] != "1":
        shared = base["share"]["result"]
        of = trace["event"]["currency"]
        shown = shared if _in_units(trace) else _money(round_half_away(Fraction(shared)), of)
        rows.append(("Share of the partner", shown, _share(base["share"]), ""))
    if base["conversion"]:
        rate = base["conversion"]
        rows.append((f"Converted at the rate of {_day(rate['on'])}",
                     _exact(trace, rate["result"]), rate["rate"], ""))  # fmt: skip
    rows.extend(
        (f"Cap on the base per {cap['per']}", _exact(trace, cap["after"]), "", "")
        for cap in base["caps"]
    )
    rows.extend(_step_row(trace, step, 1) for step in trace["table"]["steps"])
    rows.extend(_step_row(trace, step, -1) for step in trace["table"]["already"])
    rows.extend(
        (
            f"Cap per {cap['per']} of {_minor(trace, cap['limit'])}",
            "",
            "",
            _exact(trace, cap["after"]),
        )
        for cap in trace["caps"]
        if cap["before"] != cap["after"]
    )
    return rows


def _step_row(trace: Trace, step: dict[str, Any], sign: int) -> Row:
    what = "Earned before in the period" if sign < 0 else "Rate"
    rate = "" if step["rate"] is None else _rate(trace, step)
    if step["rate"] is None and sign > 0:
        what = "Bonus" if trace["table"]["mode"] == "threshold_bonus" else "Fixed amount"
    else:
        what += _band(trace, step)
    exact = Fraction(step["exact"]) * sign
    return what, _units(trace, step["base"]), rate, _exact(trace, exact)


def _reversal_rows(trace: Trace) -> list[Row]:
    rows: list[Row] = []
    currency = trace["event"]["currency"]
    for note in trace["reversal"]["takes_back"]:
        what = f"Undoes event {note['event']}"
        share = percent(Fraction(note["minor"], note["of"]) * Fraction(note["factor"]))
        if "paid" in note:
            amount = _minor(trace, -note["taken"])
        else:
            amount = _exact(trace, Fraction(note["table"]["exact"]) * Fraction(note["factor"]))
        rows.append((what, _money(note["minor"], currency), share, amount))
    return rows


def _ending(trace: Trace) -> list[Row]:
    held = trace.get("holdback")
    if not held:
        return []
    name = "Released later" if held["part"] == "holdback" else "Paid first, the rest held back"
    return [(name, _minor(trace, held["whole"]), percent(held["share"]), _result(trace))]


def _in_units(trace: Trace) -> bool:
    table, base = trace["table"], trace["base"]
    return base["of"] == "quantity" or (table["mode"] == "flat" and table["amount"] is not None)


def _units(trace: Trace, value: str) -> str:
    """Return a base as money, or as a plain number where things are counted."""
    if trace["base"]["of"] == "quantity":
        return f"{value} units"
    return value if _in_units(trace) else _exact(trace, value)


def _exact(trace: Trace, value: str | Fraction) -> str:
    """Return unrounded minor units as money, with “about” where cents do not express them."""
    exact = Fraction(value)
    shown = _money(round_half_away(exact), trace["plan"]["currency"])
    return shown if exact.denominator == 1 else f"about {shown}"


def _minor(trace: Trace, minor: int) -> str:
    return _money(minor, trace["plan"]["currency"])


def _result(trace: Trace) -> str:
    return _money(trace["result"]["minor"], trace["result"]["currency"])


def _amount(event: dict[str, Any]) -> str:
    return _money(event["minor"], event["currency"])


def _money(minor: int, currency: str) -> str:
    return money(Money(int(minor), currency))


def _day(value: str) -> str:
    return day(date.fromisoformat(value))
