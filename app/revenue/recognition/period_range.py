"""From which day to which day a document is reported on."""

from datetime import date

from app.revenue.recognition.book import refused
from app.revenue.recognition.calendar import DAY
from app.revenue.recognition.document import Document
from app.revenue.recognition.events import Kind
from app.revenue.recognition.financing import Financed

MOST_PERIODS = 4_000


def range_of(document: Document, found: Financed | None) -> tuple[date, date] | None:
    """Return the first and the last day, or None for a document without a day."""
    days = _of_obligations(document)
    ends = [event.on for event in document.events if event.kind is Kind.CANCELLATION]
    days = [min([on, *ends]) for on in days]
    days += [event.on for event in document.events]
    days += [event.due_on for event in document.events if event.due_on]
    days += [each.on for each in document.posted]
    for cost in document.costs:
        days += [cost.incurred_on] if cost.incurred_on else []
        days += [cost.span.first, cost.span.last] if cost.span else []
        days += [loss.on for loss in cost.losses]
    if found is not None:
        days += [flow.on for flow in found.terms.payments] + [on for on, _ in found.transfers]
    if document.repurchase is not None:
        days += [document.repurchase.sold_on, document.repurchase.until]
    return _bounded(document, days)


def _of_obligations(document: Document) -> list[date]:
    days: list[date] = []
    terms = list(document.obligations)
    for event in document.events:
        if event.modification is not None:
            terms += event.modification.added
            days += [each.until - DAY for each in event.modification.changes if each.until]
    for each in terms:
        if each.span is not None:
            days += [each.span.first, each.span.last]
        days += [each.expected_on] if each.expected_on else []
        if each.returns is not None and each.returns.until is not None:
            days.append(each.returns.until)
    return days


def _bounded(document: Document, days: list[date]) -> tuple[date, date] | None:
    contract = document.contract
    days += [on for on in (contract.inception, contract.criteria_met_on) if on is not None]
    if not days:
        return None
    last = max(days)
    if document.closed_until is not None:
        last = max(last, document.closed_until + DAY)
    if document.booked_on is not None:
        last = max(last, document.booked_on)
    if document.as_of is not None:
        last = document.as_of
    first = min(days)
    if first > last:
        return None
    _check_length(document, first, last)
    return first, last


def _check_length(document: Document, first: date, last: date) -> None:
    """Refuse a report of more periods than anybody reads."""
    period = document.calendar.period_of(first)
    many = (last - first).days // (period.until - period.start).days
    if many > MOST_PERIODS:
        why = f"From {first} to {last} there are more than {MOST_PERIODS} periods."
        raise refused("granularity", why)
