"""The smallest amount that is posted: amounts in, whole numbers of it inside, text out."""

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache

from app.kernel.money import decimals, round_half_away

_EXACT = Context(prec=60)
PLACES_WITHOUT_CURRENCY = 2


@dataclass(frozen=True, slots=True)
class Grain:
    """What amounts are counted in: ``unit`` of ``currency`` (a cent, a whole euro, ...)."""

    currency: str | None
    unit: Decimal

    @classmethod
    def of(cls, currency: str | None, unit: Decimal | None = None) -> "Grain":
        """Return the grain of a currency: its minor unit, unless another ``unit`` is declared."""
        places = PLACES_WITHOUT_CURRENCY if currency is None else decimals(currency)
        return cls(currency, Decimal(1).scaleb(-places) if unit is None else unit)

    @property
    def places(self) -> int:
        """How many decimals an amount in this grain has."""
        return _written(self.unit)[0]

    def units(self, amount: Fraction) -> Fraction:
        """Return an amount in major units as an exact, perhaps broken, number of grains."""
        return amount / Fraction(self.unit)

    def major(self, units: Fraction | int) -> Fraction:
        """Return a number of grains as an exact amount in major units."""
        return units * Fraction(self.unit)

    def text(self, units: int) -> str:
        """Return a number of grains as an amount in major units, without grouping."""
        places, each = _written(self.unit)
        digits = str(abs(units) * each)
        sign = "-" if units < 0 else ""
        if not places:
            return sign + digits
        digits = digits.zfill(places + 1)
        return f"{sign}{digits[:-places]}.{digits[-places:]}"

    def words(self, units: int) -> str:
        """Return an amount as it stands in a sentence, with its currency and grouping."""
        amount = f"{Decimal(self.text(units)):,}"
        return f"{self.currency} {amount}" if self.currency else amount


@lru_cache(maxsize=64)
def _written(unit: Decimal) -> tuple[int, int]:
    """Return how many decimals a unit has, and how many of the last decimal it is."""
    exponent = unit.normalize(_EXACT).as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return places, int(unit.scaleb(places, _EXACT))


def part(whole: int, share: Fraction | int, of: int = 1) -> int:
    """Return ``whole * share / of``, rounded once, half away from zero.

    The same as the kernel's rounding of the product, in whole numbers alone.
    """
    above = 2 * abs(whole) * share.numerator
    below = 2 * share.denominator * of
    rounded = (above + below // 2) // below
    return rounded if whole >= 0 else -rounded


def exact_text(value: Fraction) -> str:
    """Return a number exactly: whole, as a decimal where that is short, else as a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest == 1 and value.denominator <= 10**12:
        return format(_EXACT.divide(Decimal(value.numerator), Decimal(value.denominator)), "f")
    return f"{value.numerator}/{value.denominator}"


def percent_text(value: Fraction, places: int = 2) -> str:
    """Return a share as a percentage, rounded for reading only."""
    scaled = Decimal(round_half_away(value * 100 * 10**places)).scaleb(-places, _EXACT)
    text = format(scaled, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) + " %"
