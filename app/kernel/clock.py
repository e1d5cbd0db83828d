"""The only reader of the clock, and business hours."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(UTC)


def today(zone: str = "UTC") -> date:
    """Return the current calendar day in ``zone`` (IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works: a zone, a country's public holidays, daily hours, Monday to Friday."""

    zone: str = "UTC"
    country: str = "GB"
    opens: time = time(9)
    closes: time = time(17)

    def is_open(self, on: date) -> bool:
        """Return whether ``on`` is a working day."""
        return on.weekday() < 5 and on not in _holidays(self.country, on.year)


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays  # large, and needed by few requests

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def _hours(calendar: Calendar, on: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(calendar.zone)
    opens = datetime.combine(on, calendar.opens, zone).astimezone(UTC)
    return opens, datetime.combine(on, calendar.closes, zone).astimezone(UTC)


def after_business_hours(start: datetime, hours: float, calendar: Calendar) -> datetime:
    """Return the moment at which ``hours`` working hours have passed since ``start``."""
    left = timedelta(hours=hours)
    on = start.astimezone(ZoneInfo(calendar.zone)).date()
    while True:
        if calendar.is_open(on):
            opens, closes = _hours(calendar, on)
            begin = max(start, opens)
            if begin < closes:
                if left <= closes - begin:
                    return begin + left
                left -= closes - begin
        on += timedelta(days=1)


def business_hours_between(start: datetime, end: datetime, calendar: Calendar) -> float:
    """Return how many working hours lie in [``start``, ``end``); negative if it lies backwards."""
    if end < start:
        return -business_hours_between(end, start, calendar)
    zone = ZoneInfo(calendar.zone)
    on, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    total = timedelta()
    while on <= last:
        if calendar.is_open(on):
            opens, closes = _hours(calendar, on)
            total += max(timedelta(), min(end, closes) - max(start, opens))
        on += timedelta(days=1)
    return total / timedelta(hours=1)
