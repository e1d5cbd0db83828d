"""Plain contracts: a fixed price, shared by what time or one delivery satisfies, and invoices.

Most contracts are no more than that. Many of them together are rolled forward in columns, without
going through each period of each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from app.kernel.money import allocate, round_half_away
from app.revenue.recognition.allocation import allocation
from app.revenue.recognition.billing import check
from app.revenue.recognition.calendar import Calendar
from app.revenue.recognition.columns import days_of
from app.revenue.recognition.document import Document
from app.revenue.recognition.events import Event, Kind
from app.revenue.recognition.span import Method, Remainder
from app.revenue.recognition.terms import Obligation, Pattern, Role
from app.revenue.recognition.weights import Code

_CODES = {
    Method.DAILY: Code.DAILY,
    Method.MONTHLY: Code.MONTHLY,
    Method.MONTHLY_PRORATED: Code.MONTHLY_PRORATED,
}
LONGEST = 36_525
"""How many days columns may reach over: a hundred years."""
_KINDS = frozenset({Kind.DELIVERY, Kind.INVOICE, Kind.PAYMENT})


@dataclass(frozen=True, slots=True)
class Times:
    """How each obligation is satisfied, and when; days are counted from 1970-01-01."""

    codes: tuple[Code, ...]
    starts: tuple[int, ...]
    untils: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain contract as columns take it; amounts in grains."""

    amounts: tuple[int, ...]
    """What each obligation is allocated."""
    times: Times
    bills: tuple[tuple[int, int], ...]
    """The day and the amount of each invoice."""
    begins: int
    """The first day on which there is anything to report."""
    last: int
    """The day after which nothing happens any more."""


def plain(document: Document) -> Plain | None:
    """Return a document as a plain contract, or None if it is more than that.

    :raises DocumentRefused: if its papers contradict each other
    :raises NothingToAllocateBy: if its price cannot be allocated
    """
    if not _has_plain_terms(document) or not _has_plain_events(document.events):
        return None
    deliveries = [each for each in document.events if each.kind is Kind.DELIVERY]
    times = _times(document.obligations, deliveries)
    if times is None:
        return None
    bills = tuple(
        (days_of(each.on), round_half_away(each.amount))
        for each in document.events
        if each.kind is Kind.INVOICE
    )
    first = min([*times.starts, *(on for on, _ in bills)])
    inception = document.contract.inception
    begins = first if inception is None else days_of(inception)
    last = max([*times.untils, *(on for on, _ in bills)])
    if begins > first or last - begins > LONGEST:
        return None
    check(document.events, document.grain)
    return Plain(_amounts(document), times, bills, begins, last)


def _amounts(document: Document) -> tuple[int, ...]:
    price = document.price.fixed if document.price is not None else Fraction(0)
    total = round_half_away(price)
    made = allocation(Fraction(total), document.obligations, document.discounts)
    return tuple(allocate(total, made.weights))


def _has_plain_terms(document: Document) -> bool:
    price, contract = document.price, document.contract
    more = (
        document.costs, document.financing, document.repurchase, document.closings,
        document.posted, document.closed_until, document.booked_on, document.as_of,
        contract.criteria_met_on,
    )  # fmt: skip
    return (
        price is not None
        and bool(document.obligations)
        and not (price.variables or price.payables or price.noncash)
        and not any(more)
        and document.calendar == Calendar()
        and contract.criteria_met
        and contract.receivable_from == "invoice"
    )


def _has_plain_events(events: Iterable[Event]) -> bool:
    """Return whether there are only deliveries, invoices and payments of invoices."""
    return all(
        each.kind in _KINDS
        and (each.kind is not Kind.PAYMENT or bool(each.invoice))
        and (each.kind is not Kind.INVOICE or not each.obligation)
        for each in events
    )


def _times(obligations: tuple[Obligation, ...], deliveries: list[Event]) -> Times | None:
    delivered = {each.obligation: each for each in deliveries}
    if len(delivered) < len(deliveries):
        return None
    found = []
    for each in obligations:
        time = _time(each, delivered.pop(each.id, None)) if _is_plain(each) else None
        if time is None:
            return None
        found.append(time)
    if delivered:
        return None
    codes, starts, untils = zip(*found, strict=True)
    return Times(codes, starts, untils)


def _is_plain(each: Obligation) -> bool:
    more = (
        each.returns, each.unit_cost, each.uninstalled, each.progress_unit, each.recognised_before,
        each.open_ended, each.tiers,
    )  # fmt: skip
    return not any(more) and each.role is Role.PRINCIPAL and each.remaining_counts


def _time(each: Obligation, event: Event | None) -> tuple[Code, int, int] | None:
    span = each.span
    if each.pattern is Pattern.POINT_IN_TIME and event is not None:
        is_whole = event.quantity is None or event.quantity == each.quantity
        on: date = event.on
        if is_whole and each.expected_on == on:
            return Code.POINT_IN_TIME, days_of(on), days_of(on) + 1
    if span is None or event is not None or isinstance(span.start, datetime):
        return None
    code = _CODES.get(span.method)
    if code is None or span.remainder is not Remainder.CUMULATIVE:
        return None
    return code, days_of(span.start), days_of(span.until)
