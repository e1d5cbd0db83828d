"""What transactions cost: a rate by tier of the running amount, and terms of each transaction."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from app.revenue.rating.prices import ZERO, Percentage, Rated, Row
from app.revenue.rating.units import tier_rows


def rate_amounts(price: Percentage, amounts: Sequence[Fraction]) -> Rated:
    """Return what transactions of these amounts cost, in their order."""
    charged, fixed_count, adjusted = ZERO, 0, ZERO
    for part, is_charged in _charged(price, amounts):
        if not is_charged:
            continue
        before = _by_rate(price, charged + part) - _by_rate(price, charged) + price.fixed_amount
        adjusted += _bounded(price, before) - before
        charged, fixed_count = charged + part, fixed_count + 1
    rows = _tiers(price, charged)
    if price.fixed_amount:
        count = Fraction(fixed_count)
        rows.append(Row("fixed", count * price.fixed_amount, count, price.fixed_amount))
    if adjusted:
        rows.append(Row("transaction bounds", adjusted))
    free = sum(amounts, ZERO) - charged
    return Rated((*([Row("free", ZERO, free, ZERO)] if free else []), *rows))


def _charged(price: Percentage, amounts: Sequence[Fraction]) -> Iterator[tuple[Fraction, bool]]:
    """Yield what of each transaction is charged, and whether any of it is.

    A transaction wholly free costs nothing at all, not even the fixed amount.
    """
    limit, left = price.free_transactions, price.free_amount
    for place, amount in enumerate(amounts, start=1):
        if (limit is None and left is None) or (limit is not None and place > limit):
            yield amount, True
            continue
        if left is None:
            yield ZERO, False
            continue
        free = min(amount, left)
        is_charged = free < amount or (not amount and not left)
        left -= free
        yield amount - free, is_charged


def _by_rate(price: Percentage, running: Fraction) -> Fraction:
    return sum((tier.holds(running) * tier.unit_amount for tier in price.tiers), ZERO)


def _bounded(price: Percentage, cost: Fraction) -> Fraction:
    if price.minimum is not None:
        cost = max(cost, price.minimum)
    return cost if price.maximum is None else min(cost, price.maximum)


def _tiers(price: Percentage, charged: Fraction) -> list[Row]:
    rows: list[Row] = []
    for tier in price.tiers:
        if tier.above < charged:
            rows += tier_rows(tier, tier.holds(charged), "rate")
    return rows or [Row("rate", ZERO, ZERO, price.tiers[0].unit_amount)]
