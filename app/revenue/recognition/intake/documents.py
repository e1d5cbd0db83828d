"""Reading of whole documents: one contract each, or as little of one as there is to compute."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from app.kernel.reading import DocumentRefused, Node
from app.revenue.recognition.document import Document
from app.revenue.recognition.document import Standard as Framework
from app.revenue.recognition.events import Event, Kind
from app.revenue.recognition.intake.contracts import costs_in, price_in, promises
from app.revenue.recognition.intake.dated import dated, names_dated
from app.revenue.recognition.intake.events import events_of
from app.revenue.recognition.intake.financing import financing_of
from app.revenue.recognition.intake.names import Standard
from app.revenue.recognition.intake.naming import Setting
from app.revenue.recognition.intake.obligations import obligations_of
from app.revenue.recognition.intake.price import discount
from app.revenue.recognition.intake.sections import (
    billing_of,
    closing_of,
    contract_of,
    posted_of,
    repurchase_of,
    schedule_of,
)
from app.revenue.recognition.intake.settings import calendar_of, grain_of
from app.revenue.recognition.intake.values import Nodes, Scale, day, listed

SECTIONS = (
    "contract", "transaction_price", "obligations", "discounts", "events", "billing", "costs",
    "financing", "schedule", "repurchase",
)  # fmt: skip
SETTINGS = (
    "id", "title", "note", "currency", "round_to", "granularity", "fiscal_year_start", "as_of",
    "closed_until", "closings", "posted", "booked_on", "standard",
)  # fmt: skip


def read_documents(value: object, *, as_of: date | None = None) -> list[Document]:
    """Return the documents of a file: one object, a list, or an object with “documents”.

    ``as_of`` takes the place of what the documents say themselves.

    :raises DocumentRefused: at the first value that cannot be taken
    """
    found = documents_in(value)
    return [each if as_of is None else replace(each, as_of=as_of) for each in found]


def documents_in(value: object) -> Iterator[Document]:
    """Yield the documents of a file one by one.

    :raises DocumentRefused: at the first value that cannot be taken
    """
    if isinstance(value, dict) and "documents" in value:
        node = Node(value, "").keys(("documents",))["documents"]
        yield from (_document(each) for each in node.items())
    elif isinstance(value, list):
        yield from (_document(each) for each in Node(value, "").items())
    else:
        yield _document(Node(value, ""))


def listed_in(value: object) -> tuple[str, list[object]] | None:
    """Return what the path of a list of documents begins with, and them; None of a single one.

    :raises DocumentRefused: if what should be a list is none, or is empty
    """
    if isinstance(value, dict) and "documents" in value:
        node = Node(value, "").keys(("documents",))["documents"]
        return node.path, [each.value for each in node.items()]
    if isinstance(value, list):
        return "", [each.value for each in Node(value, "").items()]
    return None


def read_document(value: object, *, path: str = "", as_of: date | None = None) -> Document:
    """Return one document; ``path`` leads to it, ``as_of`` takes the place of its own.

    :raises DocumentRefused: if it does not say what it must
    """
    document = _document(Node(value, path))
    return document if as_of is None else replace(document, as_of=as_of)


def _document(node: Node) -> Document:
    standard = Standard(node.value, node.path)
    try:
        return _in_standard_names(Node(standard.value, node.path))
    except DocumentRefused as refused:
        raise standard.refusal(refused) from None


def _in_standard_names(node: Node) -> Document:
    keys = node.keys((), (*SETTINGS, *SECTIONS))
    if not any(name in keys for name in SECTIONS):
        raise node.refuse(f"There is nothing to compute: give one of {', '.join(SECTIONS)}.")
    scale = Scale(grain_of(keys))
    document = Document(
        grain=scale.grain,
        id=keys["id"].text() if "id" in keys else "",
        title=keys["title"].text() if "title" in keys else "",
        calendar=calendar_of(keys),
        as_of=_day(keys, "as_of"),
        closed_until=_day(keys, "closed_until"),
        booked_on=_day(keys, "booked_on"),
        standard=keys["standard"].choice(Framework) if "standard" in keys else None,
        closings=tuple(closing_of(each) for each in listed(keys, "closings")),
        posted=tuple(posted_of(each, scale) for each in listed(keys, "posted")),
        financing=financing_of(keys["financing"], scale) if "financing" in keys else None,
        repurchase=repurchase_of(keys["repurchase"], scale) if "repurchase" in keys else None,
    )
    document = _with_contract(node, keys, scale, document)
    _check(document)
    return document


def _day(keys: Nodes, name: str) -> date | None:
    return day(keys[name]) if name in keys else None


def _with_contract(node: Node, keys: Nodes, scale: Scale, document: Document) -> Document:
    if "contract" in keys:
        document = replace(document, contract=contract_of(keys["contract"]))
    events: list[Event] = []
    if "schedule" in keys:
        return _scheduled(node, keys, scale, document)
    told = obligations_of(keys["obligations"], scale) if "obligations" in keys else []
    read = [(made, each) for made, each in told if not made.assurance]
    if told and not read:
        raise keys["obligations"].refuse("An assurance-type warranty alone is no obligation.")
    obligations = tuple(made for made, _ in read)
    discounts = tuple(discount(each, scale, obligations) for each in listed(keys, "discounts"))
    price = price_in(node, keys, scale, obligations, discounts)
    if "events" in keys:
        variables = price.variables if price else ()
        setting = Setting(scale, obligations, variables, dated=names_dated(read))
        events += events_of(keys["events"], setting)
    events += dated(read, len(events))
    if price is not None:
        price, promised = promises(keys, price, events, document.contract.inception)
        events += promised
    if "billing" in keys:
        events += billing_of(keys["billing"], scale, price.fixed if price else None)
    costs = costs_in(keys, scale, events)
    return replace(
        document,
        price=price,
        obligations=obligations,
        discounts=discounts,
        events=tuple(replace(event, number=at) for at, event in enumerate(events)),
        costs=costs,
        assurances=tuple(made.id for made, _ in told if made.assurance),
    )


def _scheduled(node: Node, keys: Nodes, scale: Scale, document: Document) -> Document:
    both = [name for name in SECTIONS if name in keys and name not in ("schedule", "contract")]
    if both:
        raise node.refuse(
            f"“schedule” is a whole contract by itself; {both[0]} cannot be beside it."
        )
    price, made, events, invoiced = schedule_of(keys["schedule"], scale)
    booked = document.booked_on or invoiced
    return replace(
        document,
        price=price,
        obligations=(made,),
        events=tuple(events),
        booked_on=booked,
        scheduled=True,
    )


def _check(document: Document) -> None:
    known = {each.id for each in document.obligations}
    named = [(each.path, each.obligations) for each in document.discounts]
    if document.price is not None:
        named += [(each.path, each.obligations) for each in document.price.variables]
    for path, names in named:
        for place, key in enumerate(names):
            _known(key, known, f"{path}.obligations[{place}]")
    for each in document.posted:
        _known(each.obligation, known, f"{each.path}.obligation")
    for cost in document.costs:
        for place, key in enumerate(cost.with_revenue_of):
            _known(key, known, f"{cost.path}.with_revenue_of[{place}]")
    _check_reversals(document)
    _check_days(document)


def _check_reversals(document: Document) -> None:
    """Refuse to take back an impairment where the standard does not say so, or forbids it."""
    for event in document.events:
        if event.kind is not Kind.IMPAIRMENT_REVERSAL or document.standard is Framework.IFRS:
            continue
        why = "An impairment is taken back under IFRS 15 (15.104) alone: say standard ifrs_15."
        if document.standard is Framework.US_GAAP:
            why = "ASC 340-40-35-6 does not let an impairment be taken back."
        raise Node(None, event.path).refuse(why)


def _check_days(document: Document) -> None:
    inception = document.contract.inception
    for event in document.events:
        if inception is not None and event.on < inception and event.kind in _PERFORMANCE:
            why = f"It is before the contract began on {inception}."
            raise Node(None, f"{event.path}.on").refuse(why)


def _known(key: str, known: set[str], path: str) -> None:
    if key not in known:
        raise Node(None, path).refuse(f"There is no obligation “{key}”.")


_PERFORMANCE = frozenset({Kind.MODIFICATION, Kind.CANCELLATION, Kind.ESTIMATE, Kind.RETURN})
