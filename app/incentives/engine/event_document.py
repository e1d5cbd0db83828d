"""Reading of one event from a JSON object."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from fractions import Fraction
from typing import Any

from app.incentives.engine.bounds import day_of, moment_of, months_of
from app.incentives.engine.consistency import Told
from app.incentives.engine.facts import CreditedEvent, EventKind
from app.incentives.engine.names import EVENT, kind_of
from app.kernel.reading import Node, plain_word

LAPSED = EventKind.CERTIFICATION_LAPSED
_NEEDED = ("key", "kind", "on", "partner")
_OF_ORDER = (*_NEEDED, "order", "amount", "currency")
_LAPSE = ("certification", "product", "family", "recorded_at")
_KINDS = ("kind", *(word for word, key in EVENT.items() if key == "kind"))
_BESIDE = ("recorded_at", "invoice", "overlay")


def read_event(node: Node) -> Told:
    """Return one record of an event, with the names that it must be held against others by.

    :raises DocumentRefused: naming the path of the first value that cannot be accepted
    """
    needed, optional = (_NEEDED, _LAPSE) if _is_lapse(node.value) else (_OF_ORDER, _OPTIONAL)
    members = node.keys(needed, optional, also=EVENT)
    currency = members["currency"].currency() if "currency" in members else ""
    on = day_of(members["on"])
    event = CreditedEvent(
        key=members["key"].text(),
        kind=kind_of(members["kind"]),
        on=on,
        order_id=members["order"].text() if "order" in members else "",
        partner_id=members["partner"].text(),
        minor=members["amount"].amount(currency) if "amount" in members else 0,
        currency=currency,
        recorded_at=_recorded(members, on),
        **_details(members, currency),
    )
    return Told(
        event,
        node,
        is_dated="recorded_at" in members,
        is_shared="share" in members,
        is_overlay="overlay" in members and members["overlay"].flag(),
        invoice=members["invoice"].text() if "invoice" in members else "",
    )


def _is_lapse(value: object) -> bool:
    """Whether an event says, in whichever way, that it is a lapse: it has keys of its own."""
    said = [value.get(name) for name in _KINDS] if isinstance(value, dict) else []
    return any(isinstance(each, str) and plain_word(each) == LAPSED for each in said)


def _recorded(members: dict[str, Node], on: date) -> datetime:
    """Return when it was recorded; what does not say so was known on its day."""
    if "recorded_at" in members:
        return moment_of(members["recorded_at"])
    return datetime.combine(on, time.min, UTC)


def _details(members: dict[str, Node], currency: str) -> dict[str, Any]:
    """Return what an event may also tell, by the names of its fields."""
    given: dict[str, Any] = {}
    for name, (field, read) in _DETAILS.items():
        if name in members:
            given[field] = read(members[name], currency)
    return given


def _share(node: Node) -> Fraction:
    share = node.exact()
    if share > 1:
        raise node.refuse("A share is at most 1.")
    return share


def _margin(node: Node, currency: str) -> int:
    """Return a margin; a sale at a loss has none to pay on."""
    text = str(node.value).strip()
    if isinstance(node.value, bool) or not text.startswith("-"):
        return node.amount(currency)
    return 0 * Node(text[1:], node.path).amount(currency)


def _text(node: Node, _currency: str) -> str:
    return node.text()


def _day(node: Node, _currency: str) -> date:
    return day_of(node)


def _words(node: Node, _currency: str) -> frozenset[str]:
    return frozenset(item.text() for item in node.items(0))


_DETAILS: dict[str, tuple[str, Callable[[Node, str], object]]] = {
    "product": ("product", _text),
    "family": ("family", _text),
    "deal_type": ("deal_type", _text),
    "reverses": ("reverses", _text),
    "customer": ("customer_id", _text),
    "credit_class": ("credit_class", _text),
    "certification": ("certification", _text),
    "credited": ("credited_minor", Node.amount),
    "order_amount": ("order_minor", Node.amount),
    "margin": ("margin_minor", _margin),
    "ordered_on": ("ordered_on", _day),
    "customer_since": ("customer_since", _day),
    "quantity": ("quantity", lambda node, _: node.whole()),
    "contract_months": ("contract_months", lambda node, _: months_of(node)),
    "share": ("share", lambda node, _: _share(node)),
    "routes": ("routes", _words),
    "roles": ("roles", _words),
}
_OPTIONAL = (*_BESIDE, *_DETAILS)
