"""Obligations without a fixed quantity: each unit transferred brings its own consideration."""

from fractions import Fraction

from app.kernel.money import round_half_away
from app.revenue.recognition.book import Book
from app.revenue.recognition.terms import Obligation, Pattern, Tier, TiersApply


def brought(book: Book, terms: Obligation) -> tuple[int, int]:
    """Return what was charged for what was transferred, and what of it is expected to be kept.

    They differ where a lower unit price is expected for units that were charged the higher one (a
    retrospective volume rebate).
    """
    if terms.pattern is Pattern.AS_INVOICED:
        amount = round_half_away(book.invoiced_for.get(terms.id, Fraction(0)))
        return amount, amount
    sold = book.sold.get(terms.id, ())
    listed = sum((each.quantity * each.unit_price for each in sold), Fraction(0))
    if not terms.tiers:
        return round_half_away(listed), round_half_away(listed)
    quantity = sum((each.quantity for each in sold), Fraction(0))
    if terms.tiers_apply is TiersApply.PROSPECTIVE:
        amount = round_half_away(_sliced(terms, quantity))
        return amount, amount
    reached = max(quantity, terms.expected_quantity or Fraction(0))
    kept = quantity * unit_price_at(terms, reached)
    return round_half_away(listed), round_half_away(kept)


def unit_price_at(terms: Obligation, quantity: Fraction) -> Fraction:
    """Return the unit price that holds for a whole quantity."""
    price = terms.unit_price or Fraction(0)
    for tier in terms.tiers:
        if _reached(tier, quantity):
            price = tier.unit_price
    return price


def _reached(tier: Tier, quantity: Fraction) -> bool:
    return quantity > tier.start or (quantity == tier.start and not tier.excluded)


def _sliced(terms: Obligation, quantity: Fraction) -> Fraction:
    """Return what a quantity costs when each tier prices only the units beyond its edge.

    The unit with the number of an edge written as ``from`` has the new price already.
    """
    edges = [tier.start - (0 if tier.excluded else 1) for tier in terms.tiers]
    prices = [terms.unit_price or Fraction(0), *(tier.unit_price for tier in terms.tiers)]
    bounds = [Fraction(0), *(max(edge, Fraction(0)) for edge in edges), quantity]
    total = Fraction(0)
    for place, price in enumerate(prices):
        upper = min(bounds[place + 1], quantity)
        total += max(upper - bounds[place], Fraction(0)) * price
    return total
