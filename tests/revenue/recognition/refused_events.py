"""Events that cannot be, each with a part of the sentence that says why."""

from typing import Any

from tests.revenue.recognition.refused import event, events

PAID = (
    event("invoice", id="I-1", amount=80),
    event("payment", "2026-02-01", invoice="I-1", amount=50),
)
BAD_EVENTS: list[tuple[Any, str]] = [
    (
        events(event("delivery", quantity=11)),
        "events[0].quantity: 11 delivered is more than the 10 of “a”",
    ),
    (events(event("delivery", quantity=-1)), "events[0].quantity: It must be at least 0"),
    (events(event("delivery", obligation="z")), "events[0].obligation: There is no obligation “z”"),
    (events(event("delivery", on="31.1.2026")), "events[0].on: A day such as 2026-03-31"),
    (events({"on": "2026-01-01"}), "events[0]: “type” is missing"),
    (events(event("gift")), "events[0].type: One of modification"),
    (events(event("delivery", colour=1)), "events[0]: “colour” is not known here"),
    (
        events(event("delivery", quantity=1), event("delivery", quantity=1)),
        "events[1]: It is the same as events[0]",
    ),
    (
        events(event("invoice", id="I", amount=1), event("invoice", id="I", amount=2)),
        "There is a invoice “I” already",
    ),
    (
        events(event("delivery", quantity=2), event("return", quantity=3)),
        "3 returned is more than the 2 delivered",
    ),
    (
        events(event("delivery", quantity=1, recorded_on="2026-01-30")),
        "events[0].recorded_on: It is before the day",
    ),
    (
        events(event("payment", invoice="I-9", amount=1)),
        "events[0].invoice: There is no invoice “I-9”",
    ),
    (
        events(event("payment", "2026-01-30", invoice="I-1", amount=1), PAID[0]),
        "events[0].on: It is before its invoice",
    ),
    (
        events(*PAID, event("payment", "2026-03-01", invoice="I-1", amount=31)),
        "events[2].amount: Only 30.00 is open on it",
    ),
    (
        events(*PAID, event("refund", "2026-03-01", invoice="I-1", amount=51)),
        "Only 50.00 was paid on it",
    ),
    (
        events(*PAID, event("refund", "2026-03-01", amount=51)),
        "Only 50.00 was paid and is not given back yet",
    ),
    (
        events(*PAID, event("credit_note", "2026-03-01", invoice="I-1", amount=81)),
        "Only 80.00 is left to credit on it",
    ),
    (
        events(event("invoice", amount=1, due_on="2026-01-01")),
        "events[0].due_on: It is before the day of the invoice",
    ),
    (
        events(event("cancellation"), event("delivery", "2026-02-01")),
        "events[1]: The contract was cancelled on 2026-01-31",
    ),
    (events(event("modification", add=[{"id": "b", "ssp": 1}])), "“price_change” is missing"),
    (
        events(event("modification", change=[{"id": "z", "add_quantity": 1}])),
        "events[0].change[0].id: There is no obligation “z”",
    ),
    (
        events(event("modification", price_change=1, add=[{"id": "a", "ssp": 1}])),
        "There is an obligation “a” already",
    ),
    (
        events(
            event("modification", contract={}, on="2025-12-31"),
            contract={"inception": "2026-01-01"},
        ),
        "“contract” is not known here",
    ),
    (
        events(
            event("modification", on="2025-12-31", price_change=1),
            contract={"inception": "2026-01-01"},
        ),
        "events[0].on: It is before the contract began on 2026-01-01",
    ),
    (
        events(event("estimate", variable="z", amount=1)),
        "events[0].variable: There is no variable element “z”",
    ),
    (events(event("progress", percent=10)), "is measured by point_in_time, not by a percentage"),
]
