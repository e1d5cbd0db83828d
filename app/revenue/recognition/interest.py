"""Growth of an amount at a nominal yearly rate: compound at its dates, simple between them.

Exact in fractions. Time between two dates of compounding counts as months of thirty days, or as
actual days. A flow on the last day of a month counts from the end of that day, any other from its
beginning; a balance is always that of the end of its day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from app.kernel.period import add_months
from app.revenue.recognition.terms import Compounding

_DAY = timedelta(days=1)
_MONTH_OF_30 = 30
_YEAR = 12


def flow_moment(on: date) -> date:
    """Return the midnight at which a flow of ``on`` happens."""
    following = on + _DAY
    return following if following.day == 1 else on


def balance_moment(on: date) -> date:
    """Return the midnight that ends ``on``."""
    return on + _DAY


@dataclass(frozen=True, slots=True)
class Growth:
    """Dates of compounding counted from ``anchor``, a midnight before every flow."""

    terms: Compounding
    anchor: date

    def factor(self, start: date, end: date) -> Fraction:
        """Return what 1 at ``start`` has grown to at ``end`` (both midnights)."""
        if end < start:
            return 1 / self.factor(end, start)
        each = self.terms.rate / self.terms.times
        (first, into), (last, beyond) = self._place(start), self._place(end)
        if first == last:
            return 1 + each * (beyond - into)
        whole: Fraction = (1 + each) ** (last - first - 1)
        return (1 + each * (1 - into)) * whole * (1 + each * beyond)

    def _place(self, at: date) -> tuple[int, Fraction]:
        """Return how many periods of compounding are over, and the share of the one under way."""
        step = _YEAR // self.terms.times
        months = (at.year - self.anchor.year) * _YEAR + at.month - self.anchor.month
        number = months // step
        if add_months(self.anchor, number * step) > at:
            number -= 1
        begun = add_months(self.anchor, number * step)
        if self.terms.actual_days:
            ends = add_months(self.anchor, (number + 1) * step)
            return number, Fraction((at - begun).days, (ends - begun).days)
        return number, Fraction(_thirty(begun, at), step * _MONTH_OF_30)


def _thirty(begun: date, at: date) -> int:
    months = (at.year - begun.year) * _YEAR + at.month - begun.month
    days = min(at.day, _MONTH_OF_30) - min(begun.day, _MONTH_OF_30)
    return min(max(months * _MONTH_OF_30 + days, 0), _MONTH_OF_30 * _YEAR)


def instalment(principal: Fraction, rate: Fraction, count: int) -> Fraction:
    """Return the level payment at the end of each of ``count`` periods that repays a principal."""
    if rate == 0:
        return principal / count
    factor: Fraction = 1 - (1 + rate) ** -count
    return principal * rate / factor
