"""Values as text: at most six decimals, half away from zero, or the exact fraction."""

from fractions import Fraction

from app.kernel.money import round_half_away
from app.reporting.metrics.definition import Unit

PLACES = 6
NONE = "n/a"


def plain(value: Fraction, places: int = PLACES) -> str:
    """Return the number with at most ``places`` decimals, zeros at the end left out."""
    scaled = round_half_away(value * 10**places)
    digits = f"{abs(scaled):0{places + 1}d}"
    whole, rest = digits[: len(digits) - places], digits[len(digits) - places :].rstrip("0")
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"


def shown(value: Fraction | None, unit: Unit | None, *, exact: bool = False) -> str:
    """Return the number of a value in its unit, without the unit; n/a where there is none."""
    if value is None:
        return NONE
    scaled = value * (unit.scale if unit else 1)
    return str(scaled) if exact else plain(scaled)


def with_unit(
    value: Fraction | None, unit: Unit | None, currency: str = "", *, exact: bool = False
) -> str:
    """Return the value first, then its unit; n/a stands alone."""
    number = shown(value, unit, exact=exact)
    if value is None or unit is None:
        return number
    return f"{number} {unit.label(currency)}"
