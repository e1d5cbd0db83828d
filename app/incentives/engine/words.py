"""A trace in words: the sentence that answers “Why this amount?”; ``rows`` has the table."""

from fractions import Fraction
from typing import Any

from app.incentives.engine import shown
from app.incentives.engine.lines import Trace
from app.incentives.engine.rows import table as table
from app.incentives.engine.shown import percent as percent


def sentence(trace: Trace) -> str:
    """Return why a line is this amount, in one or two plain sentences."""
    match trace["kind"]:
        case "earned":
            return _earned(trace)
        case "reversed":
            return _reversed(trace)
        case "draw":
            return _drawn(trace)
        case "granted":
            return str(trace["words"])
    was, now = shown.minor(trace, trace["was"]), shown.minor(trace, trace["now"])
    return (
        f"Corrects event {trace['corrects']['event']} of {trace['corrects']['component']}: "
        f"{was} was calculated before, {now} is right, which leaves {shown.result(trace)}."
    )


def _earned(trace: Trace) -> str:
    event, plan = trace["event"], trace["plan"]
    parts = [_how(trace, step) for step in trace["table"]["steps"]]
    already = sum((Fraction(step["exact"]) for step in trace["table"]["already"]), Fraction(0))
    if already:
        parts.append(f"less {shown.exact(trace, already)} earned before in the period")
    text = (
        f"{shown.amount(event)} {event['kind']} on {shown.on(event['on'])} under {plan['title']}, "
        f"version {plan['version']}, {trace['component']['title']}: "
        f"{_base_words(trace)}{', '.join(parts)}"
    )
    capped = [cap for cap in trace["caps"] if cap["before"] != cap["after"]]
    if capped:
        text += f", capped at {shown.minor(trace, capped[-1]['limit'])} per {capped[-1]['per']}"
    if trace["holdback"]:
        held = trace["holdback"]
        text += f", of which {percent(held['share'])} is held back" + (
            " (this line)" if held["part"] == "holdback" else ""
        )
    return f"{text}. That is {shown.result(trace)}."


def _base_words(trace: Trace) -> str:
    base = trace["base"]
    text = ""
    if base["share"]["share"] != "1":
        text += f"the partner's share is {shown.share_of(base['share'])}, "
    if base["conversion"]:
        rate = base["conversion"]
        source = f" ({rate['source']})" if rate["source"] else ""
        text += (
            f"at {rate['rate']} {rate['to']} per {rate['from']} of {shown.on(rate['on'])}{source} "
            f"that is {shown.exact(trace, rate['result'])}, "
        )
    capped = [cap for cap in base["caps"] if cap["before"] != cap["after"]]
    if capped:
        text += f"of which {shown.units(trace, base['value'])} counts under the cap, "
    return text


def _how(trace: Trace, step: dict[str, Any]) -> str:
    if step["rate"] is None:
        amount = shown.exact(trace, step["exact"])
        fixed = trace["table"]["mode"] == "threshold_bonus"
        return f"a bonus of {amount}" if fixed else f"a fixed amount of {amount}"
    rate, base = shown.rate_of(trace, step), shown.units(trace, step["base"])
    return f"{rate} of {base}{shown.band(trace, step)}"


def _reversed(trace: Trace) -> str:
    event = trace["event"]
    notes = trace["reversal"]["takes_back"]
    if event["kind"] == "certification_lapsed":
        return _lapsed(trace, len({note["event"] for note in notes}))
    undone = "; ".join(
        f"{shown.in_currency(note['minor'], event['currency'])} of event {note['event']} "
        f"({shown.on(note['on'])})"
        for note in {note["event"]: note for note in notes}.values()
    )
    how = (
        "the table is read again with the smaller volume"
        if trace["reversal"]["at"] == "by_volume"
        else "what was paid on it is taken back in proportion"
    )
    return (
        f"{shown.amount(event)} {event['kind']} on {shown.on(event['on'])} undoes {undone}; {how}. "
        f"That is {shown.result(trace)}."
    )


def _lapsed(trace: Trace, count: int) -> str:
    event = trace["event"]
    which = f" of {event['certification']}" if event.get("certification") else ""
    events = "one event" if count == 1 else f"{count} events"
    return (
        f"The certification{which} lapsed on {shown.on(event['on'])}; what was paid on {events} is "
        f"taken back as the plan says. That is {shown.result(trace)}."
    )


def _drawn(trace: Trace) -> str:
    drawn = trace["draw"]
    gross, least = shown.minor(trace, drawn["gross"]), shown.minor(trace, drawn["amount"])
    head = f"{gross} was earned from {shown.on(drawn['from'])} up to {shown.on(drawn['until'])}"
    if drawn["advance"]:
        how = (
            f"the draw pays at least {least}, so {shown.minor(trace, drawn['advance'])} is advanced"
        )
    else:
        how = (
            f"of what is above the draw of {least}, {shown.minor(trace, drawn['repaid'])} repays "
            "earlier advances"
        )
    left = shown.minor(trace, drawn["deficit_after"])
    owed = f" {left} remains to be repaid." if drawn["recoverable"] else ""
    return f"{head}; {how}. That is {shown.result(trace)}.{owed}"
