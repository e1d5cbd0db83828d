"""What follows from a document before anything is recognised: financing sets the price."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from app.revenue.recognition.allocation import allocation
from app.revenue.recognition.book import refused
from app.revenue.recognition.calendar import Calendar
from app.revenue.recognition.document import Document
from app.revenue.recognition.events import BILLING, Event, Kind
from app.revenue.recognition.financing import Financed, financed
from app.revenue.recognition.history import pooled
from app.revenue.recognition.schedule import spread
from app.revenue.recognition.terms import Financing, Obligation, Pattern, Price

Transfers = list[tuple[date, Fraction]]
_TRANSFER = "transfer"


def prepared(document: Document) -> tuple[Document, Financed | None]:
    """Return the document with the cash selling price, and its financing.

    :raises DocumentRefused: if it is not known when the financed obligations are satisfied
    """
    terms = document.financing
    if terms is None:
        return document, None
    if not document.obligations:
        document = _with_transfer(document, terms)
    members = pooled(document.obligations)
    found = financed(terms, _transfers(document, terms, members))
    price = document.price or Price(Fraction(0))
    events = document.events
    if not any(event.kind in BILLING for event in events):
        events = (*events, *_payments(found))
    return replace(document, price=replace(price, fixed=found.price), events=events), found


def _with_transfer(document: Document, terms: Financing) -> Document:
    """Return the document with the one obligation that a financing without any stands for."""
    on = terms.transfer_on
    if on is None:
        raise refused(f"{terms.path}.transfer_on", "Say when what is financed is transferred.")
    transfer = Event(Kind.DELIVERY, on, terms.path, on, 0, obligation=_TRANSFER)
    return replace(
        document,
        obligations=(Obligation(_TRANSFER, terms.path),),
        events=(*document.events, transfer),
    )


def _payments(found: Financed) -> list[Event]:
    return [
        Event(Kind.PAYMENT, flow.on, found.terms.path, flow.on, number, amount=flow.amount)
        for number, flow in enumerate(found.terms.payments)
    ]


def _transfers(document: Document, terms: Financing, members: list[Obligation]) -> Transfers:
    shares = allocation(Fraction(1), members, document.discounts).weights
    found: Transfers = []
    for each, weight in zip(members, shares, strict=True):
        found += [(on, weight * part) for on, part in _plan(document, terms, each)]
    whole = sum((part for _, part in found), Fraction(0))
    return [(on, part / whole) for on, part in found]


def _plan(document: Document, terms: Financing, each: Obligation) -> Transfers:
    if each.pattern is Pattern.OVER_TIME and each.span is not None:
        return _by_period(each, document.calendar)
    events = [
        event
        for event in document.events
        if event.kind is Kind.DELIVERY and event.obligation == each.id and not terms.transfer_on
    ]
    if each.pattern is Pattern.POINT_IN_TIME and events:
        return [(e.on, (e.quantity or each.quantity) / each.quantity) for e in events]
    on = terms.transfer_on or each.expected_on
    if on is None:
        why = "Financing needs to know when it is satisfied: give expected_on."
        raise refused(each.path, why)
    return [(on, Fraction(1))]


def _by_period(each: Obligation, calendar: Calendar) -> Transfers:
    """Return the share of each period, at its end, as it is posted."""
    if each.span is None:
        return []
    cut, found, done = spread(each.span), [], Fraction(0)
    for period in calendar.periods(each.span.first, each.span.last):
        share = cut.share(period.last)
        found.append((period.last, share - done))
        done = share
    return [(on, part) for on, part in found if part]
