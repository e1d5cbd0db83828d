"""Remaining performance obligations: what is allocated and not satisfied, and when it will be.

IFRS 15.120, ASC 606-10-50-13. Left out are obligations that a practical expedient excludes, amounts
that the constraint keeps out of the price, royalties, and what the customer may but need not order.
"""

from datetime import date

from app.kernel.period import add_months
from app.revenue.recognition.calendar import Calendar, Granularity
from app.revenue.recognition.document import Document
from app.revenue.recognition.history import History
from app.revenue.recognition.result import Remaining
from app.revenue.recognition.standing import Standing

CURRENT_MONTHS = 12
_MOST_YEARS = 100


def remaining(history: History, on: date) -> Remaining:
    """Return what remains at the end of ``on``, and what of it is due within twelve months."""
    now, whole = history.standing(on), history.completed(on)
    soon = history.expected(_later(on, CURRENT_MONTHS), on)
    last = history.in_the_end(on)
    total, current = _between(history, now, whole), _between(history, now, soon)
    return Remaining(total, current, total - _between(history, now, last))


def bands(history: History, document: Document, on: date) -> Remaining:
    """Return what remains at the end of ``on`` by the year in which it will be recognised."""
    found = remaining(history, on)
    years = Calendar(Granularity.YEAR, document.calendar.first_month)
    by_year, was, left = [], history.standing(on), found.total - found.undated
    period = years.period_of(on)
    for _ in range(_MOST_YEARS):
        if not left:
            break
        now = history.expected(period.last, on)
        amount = _between(history, was, now)
        if amount:
            by_year.append((years.label(period), amount))
        was, left, period = now, left - amount, years.period_of(period.until)
    return Remaining(found.total, found.current, found.undated, tuple(by_year))


def _later(on: date, months: int) -> date:
    """Return the day so many months later; the last of a month leads to the last of a month."""
    following = date.fromordinal(on.toordinal() + 1)
    return date.fromordinal(add_months(following, months).toordinal() - 1)


def _between(history: History, was: Standing, now: Standing) -> int:
    before, left_out = was.revenue, history.left_out
    return sum(
        amount - before.get(key, 0) for key, amount in now.revenue.items() if key not in left_out
    )
