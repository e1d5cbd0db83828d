"""Money: integers in minor units and a currency; one rounding, one way to split."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from math import lcm

from app.kernel.currencies import DECIMALS
from app.kernel.errors import Broken, Invalid

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
LARGEST_MINOR = 10**15
"""No single amount may exceed this many minor units; sums stay far inside 64 bits."""


class UnknownCurrency(Invalid):
    """The code is not an active ISO 4217 currency."""

    code = "money.unknown_currency"


class NotAnAmount(Invalid):
    """The text or number is not a finite amount with at most the currency's decimals."""

    code = "money.not_an_amount"


def decimals(currency: str) -> int:
    """Return the number of decimal places of ``currency`` (ISO 4217).

    :raises UnknownCurrency: if there is no such currency
    """
    try:
        return DECIMALS[currency]
    except KeyError:
        raise UnknownCurrency(f"“{currency}” is not a currency code.") from None


def round_half_away(value: Decimal | Fraction) -> int:
    """Return the nearest integer; halves go away from zero, so reversals mirror exactly."""
    exact = value if isinstance(value, Fraction) else Fraction(value)
    numerator, denominator = exact.numerator, exact.denominator
    whole, rest = divmod(abs(numerator), denominator)
    whole += 2 * rest >= denominator
    return whole if numerator >= 0 else -whole


def allocate(total: int, weights: Sequence[Decimal | Fraction | int]) -> list[int]:
    """Split ``total`` minor units by ``weights`` into parts that add up to it (largest remainder).

    Ties go to the earlier weight. A negative total gives the negatives of the positive split.

    :raises Broken: if there is no weight, a negative one, or all are zero
    """
    if len(weights) == 1 and weights[0] > 0:
        return [total]  # most often there is one: it needs no arithmetic
    shares = _whole_numbers(weights)
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise Broken("weights must be non-negative and add up to more than zero")
    size = abs(total)
    parts = [size * share // whole for share in shares]
    by_rest = sorted(range(len(parts)), key=lambda i: (-(size * shares[i] % whole), i))
    for index in by_rest[: size - sum(parts)]:
        parts[index] += 1
    return parts if total >= 0 else [-part for part in parts]


def _whole_numbers(weights: Sequence[Decimal | Fraction | int]) -> list[int]:
    """Return whole numbers in the same proportions."""
    exact = [Fraction(weight) for weight in weights]
    scale = lcm(*(share.denominator for share in exact))
    return [share.numerator * (scale // share.denominator) for share in exact]


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: ``minor`` units (cents, yen, fils) of one ISO 4217 ``currency``."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal | str | int, currency: str) -> "Money":
        """Return the amount given in major units (``"12.50"``, ``"EUR"``).

        :raises UnknownCurrency: if there is no such currency
        :raises NotAnAmount: if it is not finite, has too many decimals, or is out of range
        """
        places = decimals(currency)
        try:
            value = Decimal(amount)
        except (InvalidOperation, ValueError):
            raise NotAnAmount(f"“{str(amount)[:40]}” is not an amount.") from None
        if not value.is_finite():
            raise NotAnAmount("An amount must be a finite number.")
        if value.adjusted() > len(str(LARGEST_MINOR)):
            raise NotAnAmount("The amount is too large.")
        minor = value.scaleb(places, _EXACT)
        if minor != minor.to_integral_value():
            raise NotAnAmount(f"{currency} has {places} decimals; the amount has more.")
        if abs(minor) > LARGEST_MINOR:
            raise NotAnAmount("The amount is too large.")
        return cls(int(minor), currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Return nothing, in ``currency``."""
        return cls(0, currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with the currency's number of decimals."""
        return Decimal(self.minor).scaleb(-decimals(self.currency), _EXACT)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def times(self, rate: Decimal | Fraction) -> "Money":
        """Return ``rate`` of this amount, rounded once, half away from zero."""
        return Money(round_half_away(Fraction(rate) * self.minor), self.currency)

    def split(self, weights: Sequence[Decimal | Fraction | int]) -> "list[Money]":
        """Return parts in proportion to ``weights`` that add up to this amount exactly."""
        return [Money(part, self.currency) for part in allocate(self.minor, weights)]

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise Broken(f"{self.currency} and {other.currency} cannot be combined")
        return other
