"""A trace as the rows of a small table: what, the base, the rate, the amount."""

from fractions import Fraction
from typing import Any

from app.incentives.engine import shown
from app.incentives.engine.lines import Trace

Row = tuple[str, str, str, str]
"""What, the base, the rate, the amount."""


def table(trace: Trace) -> list[Row]:
    """Return the working as rows of what, base, rate and amount; the last row is the result."""
    last: Row = ("Amount of this line", "", "", shown.result(trace))
    match trace["kind"]:
        case "earned":
            return [*_earned(trace), *_ending(trace), last]
        case "reversed":
            return [*_reversed(trace), *_ending(trace), last]
        case "draw":
            return [*_drawn(trace), last]
    return [
        ("Calculated now", "", "", shown.minor(trace, trace["now"])),
        ("Calculated before", "", "", shown.minor(trace, -trace["was"])),
        last,
    ]


def _earned(trace: Trace) -> list[Row]:
    base, event = trace["base"], trace["event"]
    rows: list[Row] = [(f"{event['kind'].capitalize()} amount", shown.amount(event), "", "")]
    if base["share"]["share"] != "1":
        shared, currency = Fraction(base["share"]["result"]), event["currency"]
        of_plan = {"plan": {"currency": currency}}
        amount = str(base["share"]["result"]) if shown.in_units(trace) else ""
        amount = amount or shown.exact(of_plan, shared)
        rows.append(("Share of the partner", amount, shown.share_of(base["share"]), ""))
    if base["conversion"]:
        rate = base["conversion"]
        what = f"Converted at the rate of {shown.on(rate['on'])}"
        rows.append((what, shown.exact(trace, rate["result"]), rate["rate"], ""))
    rows.extend(
        (f"Cap on the base per {cap['per']}", shown.units(trace, cap["after"]), "", "")
        for cap in base["caps"]
    )
    rows.extend(_step(trace, step, 1) for step in trace["table"]["steps"])
    rows.extend(_step(trace, step, -1) for step in trace["table"]["already"])
    rows.extend(
        (
            f"Cap per {cap['per']} of {shown.minor(trace, cap['limit'])}",
            "",
            "",
            shown.exact(trace, cap["after"]),
        )
        for cap in trace["caps"]
        if cap["before"] != cap["after"]
    )
    return rows


def _step(trace: Trace, step: dict[str, Any], sign: int) -> Row:
    what = "Earned before in the period" if sign < 0 else "Rate"
    rate = "" if step["rate"] is None else shown.rate_of(trace, step)
    if step["rate"] is None and sign > 0:
        what = "Bonus" if trace["table"]["mode"] == "threshold_bonus" else "Fixed amount"
    elif sign > 0 or "earlier" not in trace["table"]:
        what += shown.band(trace, step)
    exact = Fraction(step["exact"]) * sign
    return what, shown.units(trace, step["base"]), rate, shown.exact(trace, exact)


def _reversed(trace: Trace) -> list[Row]:
    rows: list[Row] = []
    currency = trace["event"]["currency"]
    for note in trace["reversal"]["takes_back"]:
        what = f"Undoes event {note['event']}"
        share = shown.percent(Fraction(note["minor"], note["of"]) * Fraction(note["factor"]))
        if "paid" in note:
            amount = shown.minor(trace, -note["taken"])
        else:
            amount = shown.exact(trace, _moved(note) * Fraction(note["factor"]))
        undone = shown.in_currency(note["minor"], currency) if currency else ""
        rows.append((what, undone, share, amount))
    return rows


def _moved(note: Trace) -> Fraction:
    """Return what an undone sale pays less, with what moves of later sales of other tables."""
    later = (
        Fraction(each["now"]["exact"]) - Fraction(each["was"]["exact"])
        for each in note.get("later", ())
    )
    return Fraction(note["table"]["exact"]) + sum(later, Fraction(0))


def _drawn(trace: Trace) -> list[Row]:
    drawn = trace["draw"]
    return [
        ("Earned in the period", "", "", shown.minor(trace, drawn["gross"])),
        ("Draw", "", "", shown.minor(trace, drawn["amount"])),
        ("To be repaid before", "", "", shown.minor(trace, drawn["deficit_before"])),
        ("To be repaid afterwards", "", "", shown.minor(trace, drawn["deficit_after"])),
    ]


def _ending(trace: Trace) -> list[Row]:
    held = trace.get("holdback")
    if not held:
        return []
    name = "Released later" if held["part"] == "holdback" else "Paid first, the rest held back"
    whole = shown.minor(trace, held["whole"])
    return [(name, whole, shown.percent(held["share"]), shown.result(trace))]
