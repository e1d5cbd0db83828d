"""What units cost: each alone, by tiers, or in packages."""

from fractions import Fraction
from functools import singledispatch

from app.revenue.rating.prices import (
    ZERO,
    Graduated,
    Package,
    PerUnit,
    Rated,
    Row,
    Tier,
    UnitPrice,
    Volume,
)


def rate_units(price: UnitPrice, quantity: Fraction) -> Rated:
    """Return what ``quantity`` units cost."""
    return Rated(tuple(_rows(price, quantity)))


@singledispatch
def _rows(price: UnitPrice, quantity: Fraction) -> list[Row]:
    raise NotImplementedError(f"{type(price).__name__} does not price {quantity} units")


@_rows.register
def _(price: PerUnit, quantity: Fraction) -> list[Row]:
    free = min(quantity, price.free_units)
    charged = quantity - free
    rows = [Row("free", ZERO, free, ZERO)] if free else []
    return [*rows, Row("units", charged * price.unit_amount, charged, price.unit_amount)]


@_rows.register
def _(price: Graduated, quantity: Fraction) -> list[Row]:
    if not quantity:
        return _at_zero(price.tiers[0], price.is_flat_at_zero)
    rows = []
    for tier in price.tiers:
        if tier.above < quantity:
            rows += tier_rows(tier, tier.holds(quantity))
    return rows


@_rows.register
def _(price: Volume, quantity: Fraction) -> list[Row]:
    if not quantity:
        return _at_zero(price.tiers[0], price.is_flat_at_zero)
    reached = next(tier for tier in price.tiers if tier.up_to is None or quantity <= tier.up_to)
    return tier_rows(reached, quantity)


@_rows.register
def _(price: Package, quantity: Fraction) -> list[Row]:
    free = min(quantity, price.free_units)
    parts = (quantity - free) / price.package_size
    count = Fraction(-(-parts.numerator // parts.denominator))
    if not price.is_rounded_up:
        count = Fraction(parts.numerator // parts.denominator)
    rows = [Row("free", ZERO, free, ZERO)] if free else []
    return [*rows, Row("packages", count * price.amount, count, price.amount)]


def _at_zero(first: Tier, is_flat: bool) -> list[Row]:
    return tier_rows(first, ZERO) if is_flat else [Row("units", ZERO, ZERO, first.unit_amount)]


def tier_rows(tier: Tier, quantity: Fraction, label: str = "tier") -> list[Row]:
    """Return the row of the units in a tier, and that of its flat amount where it has one."""
    units = quantity * tier.unit_amount
    rows = [Row(label, units, quantity, tier.unit_amount, tier.above, tier.up_to)]
    if tier.flat_amount:
        rows.append(Row("flat", tier.flat_amount, above=tier.above, up_to=tier.up_to))
    return rows
