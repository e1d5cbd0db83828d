"""A time of service, how its months are weighed, and which of them takes the cents of rounding."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

INSTANT = timedelta(microseconds=1)


class Method(StrEnum):
    """How time is weighed."""

    DAILY = "daily"
    MONTHLY = "monthly"
    MONTHLY_PRORATED = "monthly_prorated"
    CALENDAR_MONTHS = "calendar_months"
    FULL_MONTHS = "full_months"
    HALF_MONTH = "half_month"
    MID_MONTH = "mid_month"
    THIRTY_360 = "thirty_360"
    INSTANT = "instant"


class Remainder(StrEnum):
    """Where the cents go that rounding leaves."""

    CUMULATIVE = "cumulative"
    LAST = "last"
    FIRST = "first"
    LARGEST = "largest"


@dataclass(frozen=True, slots=True)
class Span:
    """A time of service [start, until) and how it is weighed; both are days, or both moments."""

    start: date
    until: date
    method: Method = Method.DAILY
    remainder: Remainder = Remainder.CUMULATIVE

    @property
    def first(self) -> date:
        """The first day."""
        return self.start.date() if isinstance(self.start, datetime) else self.start

    @property
    def last(self) -> date:
        """The last day on which anything of it lies."""
        if isinstance(self.until, datetime):
            return (self.until - INSTANT).date()
        return self.until - timedelta(days=1)
