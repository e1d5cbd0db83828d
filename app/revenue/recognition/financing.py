"""A significant financing component (IFRS 15.60-65, ASC 606-10-32-15 to 20).

The transaction price is the cash selling price: what makes payments and transfers worth the same at
one rate. Interest is what the balance between them bears; over the whole contract revenue less
payments equals interest, so that the balance ends at zero exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from app.kernel.money import LARGEST_MINOR, round_half_away
from app.revenue.recognition.book import refused
from app.revenue.recognition.interest import Growth, balance_moment, flow_moment
from app.revenue.recognition.terms import Compounding, Financing, Flow

_HALVINGS = 100
_LARGEST_RATE = Fraction(100)
_RATE_UNIT = Fraction(1, 10**12)


@dataclass(frozen=True, slots=True)
class Financed:
    """Terms with their rate, what is transferred when (shares), and the price that follows."""

    terms: Financing
    growth: Growth | None
    transfers: tuple[tuple[date, Fraction], ...]
    price: Fraction

    @property
    def promised(self) -> Fraction:
        """Return the sum of the payments."""
        return sum((flow.amount for flow in self.terms.payments), Fraction(0))

    @property
    def ends_on(self) -> date:
        """The last payment or transfer."""
        days = [flow.on for flow in self.terms.payments]
        return max(*days, *(on for on, _ in self.transfers))

    def interest(self, on: date, revenue: Sequence[tuple[date, int]], paid: int) -> int:
        """Return interest accrued by the end of ``on``, in grains.

        Above zero it is expense on what was paid in advance, below zero income on what is owed.
        ``revenue`` are the amounts recognised and their days, ``paid`` is what was due by ``on``.
        """
        earned = sum(amount for _, amount in revenue)
        if self.growth is None:
            return 0
        if on >= self.ends_on:
            return earned - paid
        at = balance_moment(on)
        worth = Fraction(0)
        for flow in self.terms.payments:
            if flow.on <= on:
                worth += flow.amount * self.growth.factor(flow_moment(flow.on), at)
        for day, amount in revenue:
            worth -= amount * self.growth.factor(flow_moment(day), at)
        return round_half_away(worth - paid + earned)


def financed(terms: Financing, transfers: Sequence[tuple[date, Fraction]]) -> Financed:
    """Return the price at which payments and transfers balance.

    :raises DocumentRefused: if neither a rate nor a cash selling price is given, or no rate fits
    """
    days = [flow_moment(flow.on) for flow in terms.payments]
    days += [flow_moment(on) for on, _ in transfers]
    if terms.expedient:
        return Financed(terms, None, tuple(transfers), _sum(terms.payments))
    if terms.compounding is None:
        terms = replace(terms, compounding=_implied(terms, transfers, min(days)))
    growth = Growth(terms.compounding or Compounding(Fraction(0), 1), min(days))
    price = _price(terms.payments, transfers, growth, max(days))
    if terms.cash_price is not None:
        price = terms.cash_price
    if price > LARGEST_MINOR:
        raise refused(terms.path, "At this rate what is paid grows beyond any amount.")
    return Financed(terms, growth, tuple(transfers), price)


def _price(
    payments: Sequence[Flow],
    transfers: Sequence[tuple[date, Fraction]],
    growth: Growth,
    end: date,
) -> Fraction:
    paid = sum(
        (flow.amount * growth.factor(flow_moment(flow.on), end) for flow in payments), Fraction(0)
    )
    weight = sum(
        (share * growth.factor(flow_moment(on), end) for on, share in transfers), Fraction(0)
    )
    return paid / weight


def _implied(
    terms: Financing, transfers: Sequence[tuple[date, Fraction]], anchor: date
) -> Compounding:
    """Return the rate that makes the payments worth the cash selling price."""
    if terms.cash_price is None:
        raise refused(terms.path, "Give a rate, or the cash selling price that implies one.")
    end = max(
        *(flow_moment(f.on) for f in terms.payments), *(flow_moment(on) for on, _ in transfers)
    )
    target = terms.cash_price

    def gap(rate: Fraction) -> Fraction:
        growth = Growth(Compounding(rate, terms.times), anchor)
        return _price(terms.payments, transfers, growth, end) - target

    low, high = Fraction(0), _LARGEST_RATE
    rising = gap(high) > gap(low)
    if gap(low) == 0:
        return Compounding(low, terms.times)
    if (gap(low) > 0) == (gap(high) > 0):
        raise refused(f"{terms.path}.cash_selling_price", "No rate makes the payments worth it.")
    for _ in range(_HALVINGS):
        middle = Fraction(round_half_away((low + high) / 2 / _RATE_UNIT)) * _RATE_UNIT
        if middle in (low, high):
            break
        if (gap(middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return Compounding(min(low, high, key=lambda rate: abs(gap(rate))), terms.times)


def _sum(payments: Sequence[Flow]) -> Fraction:
    return sum((flow.amount for flow in payments), Fraction(0))
