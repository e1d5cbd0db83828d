"""Goods that may come back: refund liability, return asset, cost of what stays sold.

IFRS 15.B20-B27, ASC 606-10-55-22 to 29: what is expected back is no revenue but a refund liability;
the goods are an asset at their former cost less what it takes to recover them.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.kernel.money import round_half_away
from app.revenue.recognition.book import Book
from app.revenue.recognition.terms import Obligation, Returns


@dataclass(frozen=True, slots=True)
class Goods:
    """Amounts in grains: owed back, credited already, and what the goods cost."""

    refundable: int = 0
    credited: int = 0
    cost_of_sales: int = 0
    return_asset: int = 0
    shipped: int = 0
    """Cost of the goods that left and did not come back."""

    def plus(self, other: "Goods") -> "Goods":
        """Return both together."""
        return Goods(
            self.refundable + other.refundable,
            self.credited + other.credited,
            self.cost_of_sales + other.cost_of_sales,
            self.return_asset + other.return_asset,
            self.shipped + other.shipped,
        )


def transferred(book: Book, terms: Obligation) -> Fraction:
    """Return how many units were transferred."""
    if terms.open_ended:
        return sum((each.quantity for each in book.sold.get(terms.id, ())), Fraction(0))
    return book.done.get(terms.id, Fraction(0))


def goods_of(book: Book, terms: Obligation, gross: int, on: date) -> Goods:
    """Return what of ``gross`` is owed back or credited for one obligation, and its cost."""
    if terms.returns is None and terms.unit_cost is None:
        spent = round_half_away(book.spent.get(terms.id, Fraction(0)))
        return Goods(cost_of_sales=spent, shipped=spent)
    units = transferred(book, terms)
    if gross and not units:
        units = terms.quantity  # all of it is only planned
    back = book.returned.get(terms.id, Fraction(0))
    expected = _expected(terms.returns, terms, units, back, on)
    each = Fraction(gross) / units if units else Fraction(0)
    if terms.returns and each > 0:
        each -= min(terms.returns.restocking_fee, each)
    credited, given_back = round_half_away(each * back), round_half_away(each * expected)
    cost = terms.unit_cost or Fraction(0)
    recovery = terms.returns.recovery_cost if terms.returns else Fraction(0)
    shipped = round_half_away(cost * (units - back))
    asset = round_half_away(max(cost - recovery, Fraction(0)) * (expected - back))
    return Goods(given_back - credited, credited, shipped - asset, asset, shipped)


def _expected(
    returns: Returns | None, terms: Obligation, units: Fraction, back: Fraction, on: date
) -> Fraction:
    """Return how many of the units transferred are expected back, those that came included."""
    if returns is None or (returns.until is not None and on >= returns.until):
        return back
    if returns.unknown:
        return units
    if returns.rate is not None:
        expected = units * returns.rate
    elif terms.counted:
        expected = (returns.quantity or Fraction(0)) * units / terms.quantity
    else:
        expected = returns.quantity or Fraction(0)
    return min(max(expected, back), units)
