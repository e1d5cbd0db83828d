"""Reading of facts from a JSON document (facts.schema.json says the same)."""

from datetime import date

from app.incentives.engine.bounds import day_of
from app.incentives.engine.consistency import Told, consistent
from app.incentives.engine.event_document import read_event
from app.incentives.engine.facts import (
    Baseline,
    Block,
    BlockCode,
    ExchangeRate,
    Facts,
    PartnerFacts,
    TierSpan,
)
from app.incentives.engine.names import PARTNER
from app.incentives.engine.watching import Watch
from app.kernel.reading import Node


def read_facts(document: object, path: str = "", *, watch: Watch = iter) -> Facts:
    """Return the facts that a JSON document describes; the same record told twice counts once.

    :raises DocumentRefused: naming the path of the first value that cannot be accepted; also for
        records that contradict each other, shares that do not add up, what names something that is
        not there, and what takes back more than there was
    """
    members = Node(document, path).keys(("partners", "events"), ("rates", "blocks"))
    partners = _partners(members["partners"])
    known = {partner.id for partner in partners}
    told: list[Told] = []
    for item in watch(members["events"].items(0)):
        each = read_event(item)
        _refuse_stranger(item, each.event.partner_id, known)
        told.append(each)
    events = consistent(told)
    rates = _rates(members["rates"]) if "rates" in members else ()
    blocks = members["blocks"].items(0) if "blocks" in members else []
    return Facts(partners, events, rates, tuple(_block(item, known) for item in blocks))


def _refuse_stranger(node: Node, partner_id: str, known: set[str]) -> None:
    if partner_id not in known:
        raise node.refuse(f"Partner “{partner_id}” is not among the partners.")


def _partners(node: Node) -> tuple[PartnerFacts, ...]:
    seen: dict[str, str] = {}
    found = []
    for item in node.items(0):
        partner = _partner(item)
        if partner.id in seen:
            raise item.refuse(f"Partner “{partner.id}” is told already, at {seen[partner.id]}.")
        seen[partner.id] = item.path
        found.append(partner)
    return tuple(found)


def _partner(node: Node) -> PartnerFacts:
    members = node.keys(
        ("id", "programme"), ("tier", "tiers", "country", "region", "baselines"), also=PARTNER
    )
    texts = {name: members[name].text() for name in ("country", "region") if name in members}
    if "tier" in members and "tiers" in members:
        raise members["tier"].refuse("Give one tier for all time, or tiers with their days.")
    spans = _spans(members["tiers"]) if "tiers" in members else ()
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


def _spans(node: Node) -> tuple[TierSpan, ...]:
    found: list[TierSpan] = []
    for item in node.items(0):
        members = item.keys(("tier", "from"), ("until",))
        until = day_of(members["until"]) if "until" in members else None
        span = TierSpan(members["tier"].text(), day_of(members["from"]), until)
        if until is not None and until <= span.start:
            raise item.refuse("It ends before it begins.")
        for index, other in enumerate(found):
            if _overlap(span, other):
                raise item.refuse(f"It overlaps with {node.path}[{index}].")
        found.append(span)
    return tuple(found)


def _overlap(one: TierSpan, other: TierSpan) -> bool:
    return one.start < (other.until or date.max) and other.start < (one.until or date.max)


def _baseline(node: Node) -> Baseline:
    members = node.keys(("component", "from", "amount", "currency"))
    amount = members["amount"].amount(members["currency"].currency())
    return Baseline(members["component"].text(), day_of(members["from"]), amount)


def _rates(node: Node) -> tuple[ExchangeRate, ...]:
    """Return the rates; one told twice counts once, and a day has one for each pair."""
    seen: dict[tuple[str, str, date], tuple[ExchangeRate, str]] = {}
    for item in node.items(0):
        rate = _rate(item)
        place = rate.source_currency, rate.target_currency, rate.on
        known, where = seen.setdefault(place, (rate, item.path))
        if known != rate:
            pair = f"{rate.source_currency} to {rate.target_currency}"
            raise item.refuse(f"The rate from {pair} of that day is told differently at {where}.")
    return tuple(rate for rate, _ in seen.values())


def _rate(node: Node) -> ExchangeRate:
    members = node.keys(("from", "to", "on", "rate"), ("source",))
    rate = members["rate"].exact()
    if rate <= 0:
        raise members["rate"].refuse("An exchange rate is above zero.")
    source = members["source"].text() if "source" in members else ""
    pair = members["from"].currency(), members["to"].currency()
    if pair[0] == pair[1]:
        raise node.refuse("A rate is between two currencies.")
    return ExchangeRate(*pair, day_of(members["on"]), rate, source)


def _block(node: Node, known: set[str]) -> Block:
    members = node.keys(("code", "partner", "from"), ("until", "order", "event"))
    partner = members["partner"].text()
    _refuse_stranger(node, partner, known)
    start = day_of(members["from"])
    until = day_of(members["until"]) if "until" in members else None
    if until is not None and until <= start:
        raise node.refuse("It ends before it begins.")
    return Block(
        members["code"].choice(BlockCode),
        partner,
        start,
        until,
        members["order"].text() if "order" in members else "",
        members["event"].text() if "event" in members else "",
    )
