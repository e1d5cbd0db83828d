"""When a running total begins again: calendar, fiscal and rolling periods, or never."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from app.kernel.period import Days, add_months, month_of, quarter_of

LIFETIME = Days(date(1900, 1, 1), date(9000, 1, 1))


class Every(StrEnum):
    """The kinds of period that a running total can be counted over."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    LIFETIME = "lifetime"
    FISCAL_QUARTER = "fiscal_quarter"
    FISCAL_YEAR = "fiscal_year"
    ROLLING = "rolling"


@dataclass(frozen=True, slots=True)
class Reset:
    """When a running total begins again at zero.

    Months, quarters and years are those of the calendar; fiscal ones begin with ``start_month``. A
    rolling window is the last ``months`` (or ``days``) up to and including the day asked about.
    """

    every: Every
    start_month: int = 1
    months: int = 0
    days: int = 0

    MONTH: ClassVar["Reset"]
    QUARTER: ClassVar["Reset"]
    YEAR: ClassVar["Reset"]
    LIFETIME: ClassVar["Reset"]

    @property
    def rolls(self) -> bool:
        """Whether the window moves with every day."""
        return self.every is Every.ROLLING

    def period(self, on: date) -> Days:
        """Return the days whose events share a running total with one on that day."""
        match self.every:
            case Every.MONTH:
                return month_of(on)
            case Every.QUARTER:
                return quarter_of(on)
            case Every.YEAR:
                return Days(date(on.year, 1, 1), date(on.year + 1, 1, 1))
            case Every.LIFETIME:
                return LIFETIME
            case Every.ROLLING:
                return self._window(on)
        return self._fiscal(on, 3 if self.every is Every.FISCAL_QUARTER else 12)

    def _fiscal(self, on: date, months: int) -> Days:
        since = (on.month - self.start_month) % months
        start = add_months(on.replace(day=1), -since)
        return Days(start, add_months(start, months))

    def _window(self, on: date) -> Days:
        before = add_months(on, -self.months) if self.months else on - timedelta(days=self.days)
        return Days(before + timedelta(days=1), on + timedelta(days=1))

    def __str__(self) -> str:
        if self.every is Every.ROLLING:
            return f"rolling {self.months} months" if self.months else f"rolling {self.days} days"
        if self.every in (Every.FISCAL_QUARTER, Every.FISCAL_YEAR):
            return f"{self.every} from month {self.start_month}"
        return str(self.every)


Reset.MONTH = Reset(Every.MONTH)
Reset.QUARTER = Reset(Every.QUARTER)
Reset.YEAR = Reset(Every.YEAR)
Reset.LIFETIME = Reset(Every.LIFETIME)
