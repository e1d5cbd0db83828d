"""How each method weighs the calendar months of a span."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from app.kernel.period import Days, add_months, month_of, months_between
from app.revenue.recognition.span import INSTANT, Method, Span

MID_MONTH = 15
_MONTH_OF_30 = 30


@dataclass(frozen=True, slots=True)
class Bucket:
    """One calendar month of a span: its covered days, and its weight."""

    days: Days
    weight: Fraction


def _covered(span: Span) -> Iterator[tuple[Days, Days]]:
    """Yield each calendar month and the days of it that the span covers."""
    until = span.last + timedelta(days=1)
    for month in months_between(span.first, until):
        yield month, Days(max(month.start, span.first), min(month.until, until))


def _length(days: Days) -> int:
    return (days.until - days.start).days


def _daily(span: Span) -> list[Bucket]:
    return [Bucket(days, Fraction(_length(days))) for _, days in _covered(span)]


def _prorated(span: Span) -> list[Bucket]:
    return [Bucket(days, Fraction(_length(days), _length(month))) for month, days in _covered(span)]


def _calendar(span: Span) -> list[Bucket]:
    return [Bucket(days, Fraction(1)) for _, days in _covered(span)]


def _half(span: Span) -> list[Bucket]:
    return [
        Bucket(days, Fraction(1) if days == month else Fraction(1, 2))
        for month, days in _covered(span)
    ]


def _begun(span: Span) -> list[Bucket]:
    """Weigh each month of service equally, in the calendar month in which it begins."""
    covered = dict(_covered(span))
    found, number = [], 0
    while (begins := add_months(span.first, number)) <= span.last:
        found.append(Bucket(covered[month_of(begins)], Fraction(1)))
        number += 1
    return found


def _full(span: Span) -> list[Bucket]:
    """Weigh the first month in full, and the last only where the span ends with it."""
    covered = list(_covered(span))
    whole = [days for month, days in covered if days.until == month.until]
    return [Bucket(days, Fraction(1)) for days in whole or [covered[0][1]]]


def _mid(span: Span) -> list[Bucket]:
    """Weigh the months in which the fifteenth is covered."""
    covered = [days for _, days in _covered(span)]
    whole = [days for days in covered if days.start.day <= MID_MONTH and days.last.day >= MID_MONTH]
    return [Bucket(days, Fraction(1)) for days in whole or covered[:1]]


def _thirty(span: Span) -> list[Bucket]:
    """Weigh days as if each month had thirty (30E/360 ISDA: its last day is the thirtieth)."""
    found = [
        Bucket(days, Fraction(_place(days.until) - _place(days.start)))
        for _, days in _covered(span)
    ]
    return found if any(bucket.weight for bucket in found) else _daily(span)


def _place(on: date) -> int:
    last = (on + timedelta(days=1)).day == 1
    day = _MONTH_OF_30 if last else on.day
    return (on.year * 12 + on.month) * _MONTH_OF_30 + min(day, _MONTH_OF_30)


def _instant(span: Span) -> list[Bucket]:
    found = []
    for _, days in _covered(span):
        begun, over = stretch(span, days)
        found.append(Bucket(days, Fraction((over - begun) // INSTANT)))
    return found


def stretch(span: Span, days: Days) -> tuple[datetime, datetime]:
    """Return the moments between which a span covers some of its days."""
    if isinstance(span.start, datetime) and isinstance(span.until, datetime):
        start, until = span.start, span.until
    else:
        zero = datetime(1970, 1, 1, tzinfo=UTC)
        start, until = midnight(span.start, zero), midnight(span.until, zero)
    return max(start, midnight(days.start, start)), min(until, midnight(days.until, start))


def midnight(on: date, like: datetime) -> datetime:
    """Return the midnight that begins a day, in the offset of a moment."""
    return datetime(on.year, on.month, on.day, tzinfo=like.tzinfo)


BUCKETS = {
    Method.DAILY: _daily,
    Method.MONTHLY: _begun,
    Method.MONTHLY_PRORATED: _prorated,
    Method.CALENDAR_MONTHS: _calendar,
    Method.FULL_MONTHS: _full,
    Method.HALF_MONTH: _half,
    Method.MID_MONTH: _mid,
    Method.THIRTY_360: _thirty,
    Method.INSTANT: _instant,
}
