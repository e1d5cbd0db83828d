"""Shares as people read them."""

from fractions import Fraction

SIMPLE = 99  # the largest denominator that people read as a fraction


def share(value: Fraction) -> str:
    """Return a share: a whole percentage, a simple fraction, or a percentage of four digits."""
    if (value * 100).denominator == 1 or value.denominator > SIMPLE:
        return percent(value)
    return f"{value.numerator}/{value.denominator}"


def percent(value: Fraction | float) -> str:
    """Return a percentage of at most four digits, with a blank before its sign."""
    return f"{float(value * 100):.4g} %"
