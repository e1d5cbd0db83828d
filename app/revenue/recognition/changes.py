"""What a modification makes of one obligation: its new terms, its new time, what remains of it."""

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

from app.revenue.recognition.allocation import with_ssp
from app.revenue.recognition.book import refused
from app.revenue.recognition.calendar import DAY
from app.revenue.recognition.events import Change
from app.revenue.recognition.progress import Measured, whole_measure
from app.revenue.recognition.schedule import spread
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
    later = replace(ended(span, change), start=_from(span, on))
    return now, later if later.until > later.start else None


def ended(span: Span, change: Change | None) -> Span:
    """Return a time of service with the end that a change gives it, if it gives one."""
    if change is None or change.until is None:
        return span
    return replace(span, until=_as_in(span, change.until))


def _from(span: Span, on: date) -> date:
    return max(span.start, _as_in(span, on))


def _as_in(span: Span, on: date) -> date:
    """Return a day, or its midnight where the time of service is told in moments."""
    if isinstance(span.start, datetime):
        return datetime(on.year, on.month, on.day, tzinfo=span.start.tzinfo)
    return on


def covers(terms: Obligation, span: Span | None, change: Change, measured: Measured) -> bool:
    """Return whether a change gives an obligation that is done something more to do."""
    if change.until is not None and span is not None:
        return True
    if change.quantity is not None and change.quantity > 0:
        return True
    whole = whole_measure(terms)
    return change.total is not None and whole is not None and change.total > measured.done


def remaining_ssp(
    terms: Obligation, now: Obligation, later: Span | None, measured: Measured, on: date
) -> Fraction | None:
    """Return the stand-alone selling price of what remains from ``on``, by its own measure.

    The price is that of the whole service as it was first agreed, however often it was modified.
    """
    ssp = with_ssp(terms).ssp
    if ssp is None:
        return None
    if terms.pattern is Pattern.OVER_TIME:
        if terms.span is None or later is None:
            return Fraction(0)
        return ssp * _rest(terms.span, later, on) / (spread(terms.span).length or 1)
    before, whole = whole_measure(terms), whole_measure(now)
    if before is None or whole is None or before == 0:
        return ssp
    return ssp * max(whole - measured.done, Fraction(0)) / before


def _rest(span: Span, later: Span, on: date) -> Fraction:
    """Return how much service is left from ``on`` until the new end."""
    whole = spread(replace(span, until=later.until))
    return whole.length * (1 - whole.share(on - DAY))


def repriced_rest(
    now: Obligation, later: Span | None, measured: Measured, ssp: Fraction
) -> Obligation:
    """Return the terms with a new selling price of what remains, for what may follow."""
    if now.pattern is Pattern.OVER_TIME:
        return replace(now, ssp=ssp, span=later)
    whole = whole_measure(now)
    if whole is None or whole <= measured.done:
        return replace(now, ssp=ssp)
    return replace(now, ssp=ssp * whole / (whole - measured.done))
