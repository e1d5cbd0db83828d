"""Reporting periods: days, months, quarters or years, the last two from any first month."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.kernel.period import Days, add_months

DAY = timedelta(days=1)


class Granularity(StrEnum):
    """How long a period of the report is."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Granularity.MONTH: 1, Granularity.QUARTER: 3, Granularity.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Calendar:
    """The periods of a report; a fiscal year begins in ``first_month`` and is named by its end."""

    granularity: Granularity = Granularity.MONTH
    first_month: int = 1

    def period_of(self, on: date) -> Days:
        """Return the period in which a day lies."""
        if self.granularity is Granularity.DAY:
            return Days(on, on + DAY)
        length = _MONTHS[self.granularity]
        into_year = (on.month - self.first_month) % 12
        start = add_months(on.replace(day=1), -(into_year % length))
        return Days(start, add_months(start, length))

    def label(self, period: Days) -> str:
        """Return the name of a period: 2026-03-31, 2026-03, 2026-Q1 or 2026."""
        if self.granularity is Granularity.DAY:
            return period.start.isoformat()
        if self.granularity is Granularity.MONTH:
            return f"{period.start:%Y-%m}"
        year = self._fiscal_year(period.start)
        if self.granularity is Granularity.YEAR:
            return f"{year:04d}"
        quarter = ((period.start.month - self.first_month) % 12) // 3 + 1
        return f"{year:04d}-Q{quarter}"

    def periods(self, first: date, last: date) -> list[Days]:
        """Return every period from the one of ``first`` to the one of ``last``."""
        found = [self.period_of(first)]
        while found[-1].until <= last:
            found.append(self.period_of(found[-1].until))
        return found

    def _fiscal_year(self, on: date) -> int:
        begun = on.month >= self.first_month
        return on.year + (begun if self.first_month > 1 else 0)
