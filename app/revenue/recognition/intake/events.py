"""Reading of events: which keys each kind has, and what stands for what is left out."""

import json
from dataclasses import replace

from app.kernel.reading import Node
from app.revenue.recognition.events import Event, Kind
from app.revenue.recognition.intake.event_values import READERS
from app.revenue.recognition.intake.modifications import MODIFICATION_KEYS, additions
from app.revenue.recognition.intake.naming import Setting, obligation_named
from app.revenue.recognition.intake.price import ESTIMATE_KEYS
from app.revenue.recognition.intake.values import day, members

COMMON = ("type", "on")
EITHER = ("id", "recorded_on", "note")
_COUNTED: tuple[str, ...] = ("obligation", "quantity", "cumulative")
_IMPAIRED: tuple[str, ...] = (
    "cost", "amount", "recoverable_amount", "remaining_consideration", "remaining_costs",
)  # fmt: skip
EVENT_KEYS: dict[Kind, tuple[str, ...]] = {
    Kind.DELIVERY: _COUNTED,
    Kind.USAGE: _COUNTED,
    Kind.REDEMPTION: _COUNTED,
    Kind.OUTPUT: _COUNTED,
    Kind.INPUT: _COUNTED,
    Kind.COST: (
        "obligation", "amount", "cumulative", "uninstalled_materials", "measures_progress",
    ),
    Kind.PROGRESS: ("obligation", "percent"),
    Kind.MILESTONE: ("obligation", "milestone"),
    Kind.ROYALTY: ("variable", "amount", "sales"),
    Kind.RETURN: ("obligation", "quantity"),
    Kind.EXPIRY: ("obligation",),
    Kind.ESTIMATE: (
        "variable", "obligation", "expected_cost", "expected_quantity", "expected_returns",
        "return_rate", *ESTIMATE_KEYS,
    ),
    Kind.TRUE_UP: ("variable", "amount"),
    Kind.PROMISE_TO_CUSTOMER: ("amount", "fair_value_received"),
    Kind.PAYMENT_TO_CUSTOMER: ("amount", "fair_value_received"),
    Kind.INVOICE: ("amount", "due_on", "obligation"),
    Kind.CREDIT_NOTE: ("amount", "invoice", "obligation", "variable"),
    Kind.PAYMENT: ("amount", "invoice"),
    Kind.REFUND: ("amount", "invoice", "variable"),
    Kind.APPLY_CREDIT: ("amount", "invoice"),
    Kind.IMPAIRMENT: _IMPAIRED,
    Kind.IMPAIRMENT_REVERSAL: _IMPAIRED,
    Kind.MODIFICATION: MODIFICATION_KEYS,
    Kind.CANCELLATION: ("refund", "fee"),
}  # fmt: skip


def events_of(node: Node, setting: Setting) -> list[Event]:
    """Return the events of a list, and the deliveries of what modifications add with their day.

    :raises DocumentRefused: if the same event is there twice
    """
    nodes = members(node)
    added = additions(nodes, setting)
    setting = added.known(setting)
    found: list[Event] = []
    seen: dict[str, str] = {}
    for number, each in enumerate(nodes):
        event = _event(each, setting, number)
        mark = f"{event.kind} {event.id}" if event.id else _written(each.value)
        if mark in seen:
            why = f"It is the same as {seen[mark]}; give each an id if both happened."
            if event.id:
                why = f"There is a {event.kind} “{event.id}” already, at {seen[mark]}."
            raise each.refuse(why)
        seen[mark] = each.path
        found.append(event)
    return found + added.deliveries


def _written(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _event(node: Node, setting: Setting, number: int) -> Event:
    if not isinstance(node.value, dict):
        raise node.refuse("An object with named values is needed here.")
    if "type" not in node.value:
        raise node.refuse("“type” is missing.")
    kind = Node(node.value["type"], f"{node.path}.type").choice(Kind)
    keys = node.keys(COMMON, (*EITHER, *EVENT_KEYS[kind]))
    on = day(keys["on"])
    recorded = day(keys["recorded_on"]) if "recorded_on" in keys else on
    if recorded < on:
        raise keys["recorded_on"].refuse("It is before the day on which it happened.")
    event = Event(
        kind, on, node.path, recorded, number,
        id=keys["id"].text() if "id" in keys else "",
        obligation=obligation_named(node, keys, kind, setting, on),
        invoice=keys["invoice"].text() if "invoice" in keys else "",
    )  # fmt: skip
    return replace(event, **READERS[kind](node, keys, setting))
