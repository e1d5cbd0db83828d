"""Why a product of factors changed: the contribution of each factor, and all of them add up.

Log-mean (LMDI-I, Ang 2004): ``L(V1, V0) x ln(x1 / x0)`` with ``L(a, b) = (a - b) / (ln a - ln b)``.
It leaves no residual and does not depend on the order of the factors. Where a factor is zero in
one period the limit is taken (Ang and Liu 2007): the factor that is zero carries the whole change.

Sequential: factors are replaced one after the other in their order; earlier ones act on old values
of the later ones, so the order matters.
"""

from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction
from itertools import pairwise

from app.kernel.money import round_half_away

_DIGITS = 60
"""Digits of a logarithm beyond those of the value itself: far beyond a minor unit."""


def product(factors: Sequence[Fraction]) -> Fraction:
    """Return the product."""
    value = Fraction(1)
    for factor in factors:
        value *= factor
    return value


def sequential(before: Sequence[Fraction], after: Sequence[Fraction]) -> list[Fraction]:
    """Return each factor's contribution when they are replaced one after the other."""
    values = [product([*after[:count], *before[count:]]) for count in range(len(before) + 1)]
    return [b - a for a, b in pairwise(values)]


def log_mean(before: Sequence[Fraction], after: Sequence[Fraction]) -> list[Fraction]:
    """Return each factor's contribution by logarithmic means; they add up but for 1e-50 or so.

    At most one factor may be zero in each period.
    """
    old, new = product(before), product(after)
    if not old or not new:
        return _limit(before, after, new - old)
    precise = Context(prec=_DIGITS + len(str(int(max(old, new)))))
    weight = _logarithmic_mean(old, new, precise)
    return [
        Fraction(precise.multiply(weight, _log(b / a, precise)))
        for a, b in zip(before, after, strict=True)
    ]


def _limit(
    before: Sequence[Fraction], after: Sequence[Fraction], change: Fraction
) -> list[Fraction]:
    """Return the limit as the zero goes to zero: its factor carries the change."""
    contributions = [Fraction(0)] * len(before)
    if change:
        vanishing = before if product(after) else after
        contributions[list(vanishing).index(Fraction(0))] = change
    return contributions


def _logarithmic_mean(old: Fraction, new: Fraction, precise: Context) -> Decimal:
    if old == new:
        return _decimal(old, precise)
    return precise.divide(_decimal(new - old, precise), _log(new / old, precise))


def _log(value: Fraction, precise: Context) -> Decimal:
    return precise.ln(_decimal(value, precise))


def _decimal(value: Fraction, precise: Context) -> Decimal:
    return precise.divide(Decimal(value.numerator), Decimal(value.denominator))


def to_minor(contributions: Sequence[Fraction], change: int) -> list[int]:
    """Return whole minor units that add up to ``change``, by largest remainder.

    Swapping the two periods turns every sign and nothing else; ties go to the earlier factor.
    """
    if change < 0:
        return [-part for part in to_minor([-each for each in contributions], -change)]
    parts = [each.numerator // each.denominator for each in contributions]
    by_rest = sorted(range(len(parts)), key=lambda i: (parts[i] - contributions[i], i))
    for index in by_rest[: change - sum(parts)]:
        parts[index] += 1
    return parts


def in_minor(value: Fraction, places: int) -> int:
    """Return an amount of major units in minor ones, half away from zero."""
    return round_half_away(value * 10**places)
