"""Reading of facts from a JSON document (facts.schema.json says the same)."""

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from app.incentives.engine.facts import (
    Baseline,
    CreditedEvent,
    EventKind,
    ExchangeRate,
    Facts,
    PartnerFacts,
    TierSpan,
)
from app.kernel.reading import Node

_NEEDED = ("key", "kind", "on", "order", "partner", "amount", "currency")


def read_facts(document: object, path: str = "") -> Facts:
    """Return the facts that a JSON document describes.

    :raises DocumentRefused: naming the path of the first value that cannot be accepted; also for a
        refund above what came before it, a second different record, or an unknown partner
    """
    members = Node(document, path).keys(("partners", "events"), ("rates",))
    partners = tuple(_partner(item) for item in members["partners"].items(0))
    known = {partner.id for partner in partners}
    if len(known) < len(partners):
        raise members["partners"].refuse("A partner is told twice.")
    events = []
    for item in members["events"].items(0):
        event = _event(item)
        if event.partner_id not in known:
            raise item.refuse(f"Partner “{event.partner_id}” is not among the partners.")
        events.append(event)
    _refuse_repeats(members["events"], events)
    _refuse_overdrawn(members["events"], events)
    rates = members["rates"].items(0) if "rates" in members else []
    return Facts(partners, tuple(events), tuple(_rate(item) for item in rates))


def _partner(node: Node) -> PartnerFacts:
    members = node.keys(("id", "programme"), ("tier", "tiers", "country", "region", "baselines"))
    texts = {name: members[name].text() for name in ("country", "region") if name in members}
    spans = tuple(_span(item) for item in members["tiers"].items(0)) if "tiers" in members else ()
    if "tier" in members:
        spans = (TierSpan(members["tier"].text(), date.min),)
    told = members["baselines"].items(0) if "baselines" in members else []
    return PartnerFacts(
        members["id"].text(),
        members["programme"].text(),
        spans,
        baselines=tuple(_baseline(item) for item in told),
        **texts,
    )


def _span(node: Node) -> TierSpan:
    members = node.keys(("tier", "from"), ("until",))
    until = members["until"].day() if "until" in members else None
    return TierSpan(members["tier"].text(), members["from"].day(), until)


def _baseline(node: Node) -> Baseline:
    members = node.keys(("component", "from", "amount", "currency"))
    amount = members["amount"].amount(members["currency"].currency())
    return Baseline(members["component"].text(), members["from"].day(), amount)


def _event(node: Node) -> CreditedEvent:
    members = node.keys(_NEEDED, ("recorded_at", *_DETAILS))
    currency = members["currency"].currency()
    on = members["on"].day()
    recorded = members["recorded_at"].moment() if "recorded_at" in members else None
    return CreditedEvent(
        key=members["key"].text(),
        kind=members["kind"].choice(EventKind),
        on=on,
        order_id=members["order"].text(),
        partner_id=members["partner"].text(),
        minor=members["amount"].amount(currency),
        currency=currency,
        recorded_at=recorded or datetime.fromisoformat(f"{on.isoformat()}T00:00:00+00:00"),
        **_details(members, currency),
    )


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


def _rate(node: Node) -> ExchangeRate:
    members = node.keys(("from", "to", "on", "rate"), ("source",))
    rate = members["rate"].exact()
    if rate <= 0:
        raise members["rate"].refuse("An exchange rate is above zero.")
    source = members["source"].text() if "source" in members else ""
    pair = members["from"].currency(), members["to"].currency()
    return ExchangeRate(*pair, members["on"].day(), rate, source)


def _refuse_repeats(node: Node, events: list[CreditedEvent]) -> None:
    seen: set[tuple[str, str, datetime]] = set()
    for index, event in enumerate(events):
        identity = event.key, event.partner_id, event.recorded_at
        if identity in seen:
            raise Node(None, f"{node.path}[{index}]").refuse(
                f"Event “{event.key}” of partner “{event.partner_id}” is told twice."
            )
        seen.add(identity)


def _refuse_overdrawn(node: Node, events: list[CreditedEvent]) -> None:
    """Refuse a refund above what was collected, and a credit note above what was billed."""
    pairs = {
        EventKind.REFUNDED: EventKind.COLLECTED,
        EventKind.CREDITED: EventKind.BILLED,
        EventKind.CANCELLED: EventKind.BOOKED,
    }
    left: dict[tuple[EventKind, str, str], int] = {}
    order = sorted(range(len(events)), key=lambda index: events[index].sort_key)
    for index in order:
        event = events[index]
        source = pairs.get(event.kind, event.kind)
        place = source, event.order_id, event.partner_id
        sign = -1 if event.kind in pairs else 1
        left[place] = left.get(place, 0) + sign * event.minor
        if left[place] < 0:
            raise Node(None, f"{node.path}[{index}]").refuse(
                f"It takes back more than was {source} on order “{event.order_id}” by then."
            )


def _words(node: Node, _currency: str) -> frozenset[str]:
    return frozenset(item.text() for item in node.items(0))


_DETAILS: dict[str, tuple[str, Callable[[Node, str], object]]] = {
    "product": ("product", lambda node, _: node.text()),
    "family": ("family", lambda node, _: node.text()),
    "deal_type": ("deal_type", lambda node, _: node.text()),
    "reverses": ("reverses", lambda node, _: node.text()),
    "customer": ("customer_id", lambda node, _: node.text()),
    "credited": ("credited_minor", Node.amount),
    "order_amount": ("order_minor", Node.amount),
    "margin": ("margin_minor", Node.amount),
    "ordered_on": ("ordered_on", lambda node, _: node.day()),
    "customer_since": ("customer_since", lambda node, _: node.day()),
    "quantity": ("quantity", lambda node, _: node.whole()),
    "share": ("share", lambda node, _: _share(node)),
    "routes": ("routes", _words),
    "roles": ("roles", _words),
}
