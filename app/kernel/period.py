"""Half-open periods: of moments, and of days; months and quarters."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """The moments from ``start`` up to, not including, ``end`` (both aware)."""

    start: datetime
    end: datetime

    def contains(self, at: datetime) -> bool:
        """Return whether ``at`` lies inside."""
        return self.start <= at < self.end

    def overlaps(self, other: "Period") -> bool:
        """Return whether any moment lies in both."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Days:
    """The calendar days from ``start`` up to, not including, ``until``."""

    start: date
    until: date

    def contains(self, on: date) -> bool:
        """Return whether ``on`` lies inside."""
        return self.start <= on < self.until

    @property
    def last(self) -> date:
        """The last day inside."""
        return self.until - timedelta(days=1)


def month(year: int, number: int) -> Days:
    """Return the days of one month."""
    return Days(date(year, number, 1), add_months(date(year, number, 1), 1))


def month_of(on: date) -> Days:
    """Return the month that ``on`` lies in."""
    return month(on.year, on.month)


def quarter_of(on: date) -> Days:
    """Return the calendar quarter that ``on`` lies in."""
    start = date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)
    return Days(start, add_months(start, 3))


def add_months(on: date, count: int) -> date:
    """Return the same day ``count`` months away, or that month's last where it has no such day."""
    index = on.year * 12 + on.month - 1 + count
    year, zero_based = divmod(index, 12)
    following = date(year + (zero_based == 11), (zero_based + 1) % 12 + 1, 1)
    return min(
        date(year, zero_based + 1, 1) + timedelta(days=on.day - 1), following - timedelta(days=1)
    )


def months_between(first: date, until: date) -> list[Days]:
    """Return every month that begins in [``first``'s month, ``until``)."""
    months = [month_of(first)]
    while months[-1].until < until:
        months.append(month_of(months[-1].until))
    return months
