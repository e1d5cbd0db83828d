"""What a modification makes of one obligation: its new terms, its new time, what remains of it."""

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

from app.revenue.recognition.allocation import with_ssp
from app.revenue.recognition.book import refused
from app.revenue.recognition.events import Change
from app.revenue.recognition.progress import Measured, whole_measure
from app.revenue.recognition.span import Span
from app.revenue.recognition.terms import Obligation, Pattern


def changed(
    terms: Obligation, span: Span | None, change: Change | None, on: date
) -> tuple[Obligation, Span | None]:
    """Return the terms after a change, and the time that remains from ``on``.

    The stand-alone selling price grows with the quantity, since it is a price per unit.
    """
    now = terms
    if change is not None and change.quantity is not None:
        quantity = terms.quantity + change.quantity
        if quantity < 0:
            raise refused(f"{change.path}.quantity", "More is taken out than there is.")
        ssp = with_ssp(terms).ssp
        grown = None if ssp is None or not terms.quantity else ssp * quantity / terms.quantity
        now = replace(now, quantity=quantity, ssp=grown, counted=True)
    if change is not None and change.total is not None:
        now = replace(now, total=change.total)
    if change is not None and change.uninstalled is not None:
        now = replace(now, uninstalled=change.uninstalled)
    if span is None:
        return now, None
    until = change.until if change is not None and change.until is not None else span.until
    start = _from(span, on)
    return now, replace(span, start=start, until=until) if until > start else None


def _from(span: Span, on: date) -> date:
    if isinstance(span.start, datetime):
        return max(span.start, datetime(on.year, on.month, on.day, tzinfo=span.start.tzinfo))
    return max(span.start, on)


def covers(terms: Obligation, span: Span | None, change: Change, measured: Measured) -> bool:
    """Return whether a change gives an obligation that is done something more to do."""
    if change.until is not None and span is not None:
        return True
    if change.quantity is not None and change.quantity > 0:
        return True
    whole = whole_measure(terms)
    return change.total is not None and whole is not None and change.total > measured.done


def remaining_ssp(
    terms: Obligation,
    span: Span | None,
    now: Obligation,
    later: Span | None,
    measured: Measured,
) -> Fraction | None:
    """Return the stand-alone selling price of what remains, in proportion to its measure."""
    ssp = with_ssp(terms).ssp
    if ssp is None:
        return None
    if terms.pattern is Pattern.OVER_TIME:
        if span is None or later is None:
            return Fraction(0)
        return ssp * _days(later) / _days(span)
    before, whole = whole_measure(terms), whole_measure(now)
    if before is None or whole is None or before == 0:
        return ssp
    return ssp * max(whole - measured.done, Fraction(0)) / before


def _days(span: Span) -> int:
    return (span.last - span.first).days + 1
