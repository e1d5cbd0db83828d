"""Adjustments: what a closed period's lines lack against a new calculation of the same facts."""

from collections import defaultdict
from collections.abc import Iterable

from app.incentives.engine.lines import Line, LineKey, Trace
from app.incentives.engine.trace import FORMAT


def difference(old_lines: Iterable[Line], new_lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return one adjustment line per line whose amount changed, each naming what it corrects.

    ``old_lines`` are all lines issued so far, adjustments included: their sum per line is compared,
    so that a second run of unchanged facts gives nothing.
    """
    issued: dict[LineKey, list[Line]] = defaultdict(list)
    for line in old_lines:
        issued[line.corrects or line.key].append(line)
    current = {line.key: line for line in new_lines}
    keys = sorted({*issued, *current})
    made = (_adjustment(key, issued.get(key, []), current.get(key)) for key in keys)
    return tuple(line for line in made if line is not None)


def _adjustment(key: LineKey, old: list[Line], new: Line | None) -> Line | None:
    was = sum(line.minor for line in old)
    now = 0 if new is None else new.minor
    if was == now:
        return None
    pattern = new or old[-1]
    based = 0 if new is None else new.base_minor
    return Line(
        plan=pattern.plan,
        version=pattern.version,
        component=pattern.component,
        title=pattern.title,
        partner_id=pattern.partner_id,
        event_key=pattern.event_key,
        order_id=pattern.order_id,
        base_minor=based - sum(line.base_minor for line in old),
        minor=now - was,
        currency=pattern.currency,
        earned_on=pattern.earned_on,
        payable_on=pattern.payable_on,
        gate=pattern.gate,
        part=pattern.part,
        corrects=key,
        trace=_trace(key, pattern, was, new),
    )


def _trace(key: LineKey, pattern: Line, was: int, new: Line | None) -> Trace:
    plan, component, event, partner, part = key
    now = 0 if new is None else new.minor
    return {
        "format": FORMAT,
        "kind": "adjusted",
        "plan": {
            "code": plan,
            "version": pattern.version,
            "title": pattern.trace["plan"]["title"],
            "currency": pattern.currency,
        },
        "component": {"code": component, "title": pattern.title},
        "corrects": {"event": event, "component": component, "partner": partner, "part": part},
        "was": was,
        "now": now,
        "because": None if new is None else new.trace,
        "result": {"minor": now - was, "currency": pattern.currency},
    }
