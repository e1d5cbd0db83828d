"""Price models: what a quantity costs, as data. Amounts are exact and in major units."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

ZERO = Fraction(0)


class Model(StrEnum):
    """How a quantity becomes an amount."""

    PER_UNIT = "per_unit"
    GRADUATED = "graduated"
    VOLUME = "volume"
    PACKAGE = "package"
    PERCENTAGE = "percentage"
    GRADUATED_PERCENTAGE = "graduated_percentage"
    FIXED = "fixed"
    HYBRID = "hybrid"
    COMMITMENT = "commitment"


@dataclass(frozen=True, slots=True)
class Tier:
    """The quantities above ``above`` up to and including ``up_to`` (None: without end).

    ``unit_amount`` is the price of a unit, or the rate on an amount for percentages;
    ``flat_amount`` is added once when the tier is reached.
    """

    above: Fraction
    up_to: Fraction | None
    unit_amount: Fraction
    flat_amount: Fraction = ZERO

    def holds(self, quantity: Fraction) -> Fraction:
        """Return how much of ``quantity`` lies in this tier."""
        end = quantity if self.up_to is None else min(quantity, self.up_to)
        return max(ZERO, end - self.above)


@dataclass(frozen=True, slots=True)
class PerUnit:
    """Each unit costs the same; the first ``free_units`` cost nothing."""

    unit_amount: Fraction
    free_units: Fraction = ZERO


@dataclass(frozen=True, slots=True)
class Graduated:
    """Each tier's price for the units in it. At no usage nothing, or the first flat amount."""

    tiers: tuple[Tier, ...]
    is_flat_at_zero: bool = False


@dataclass(frozen=True, slots=True)
class Volume:
    """The price of the tier that the whole quantity reaches, for every unit."""

    tiers: tuple[Tier, ...]
    is_flat_at_zero: bool = False


@dataclass(frozen=True, slots=True)
class Package:
    """An amount for every package of units begun (or completed), after the free units."""

    package_size: Fraction
    amount: Fraction
    free_units: Fraction = ZERO
    is_rounded_up: bool = True


UnitPrice = PerUnit | Graduated | Volume | Package


@dataclass(frozen=True, slots=True)
class Percentage:
    """A rate on amounts, by tier of what is charged; terms of each transaction beside it.

    The first ``free_transactions`` and the first ``free_amount`` are free; where both are given,
    until one of them is used up. ``minimum`` and ``maximum`` bound what one transaction costs
    (its part of the rate and the fixed amount).
    """

    tiers: tuple[Tier, ...]
    fixed_amount: Fraction = ZERO
    free_transactions: int | None = None
    free_amount: Fraction | None = None
    minimum: Fraction | None = None
    maximum: Fraction | None = None

    @property
    def needs_transactions(self) -> bool:
        """Whether a total alone cannot be rated."""
        bounds = (self.free_transactions, self.minimum, self.maximum)
        return bool(self.fixed_amount) or any(each is not None for each in bounds)


@dataclass(frozen=True, slots=True)
class Fixed:
    """An amount for each period, whatever is used."""

    amount: Fraction


@dataclass(frozen=True, slots=True)
class Hybrid:
    """A fixed amount with included units, and a price for the units above them."""

    fixed_amount: Fraction
    price: UnitPrice
    included_units: Fraction = ZERO


@dataclass(frozen=True, slots=True)
class Rollover:
    """What is committed and not used serves in the next ``periods``, ``maximum`` of it at most."""

    periods: int
    maximum: Fraction | None = None
    is_oldest_first: bool = True


@dataclass(frozen=True, slots=True)
class Commitment:
    """An amount that is owed in any case, what it covers, and what more costs.

    With ``units`` it covers units, and ``price`` is that of the overage units. Without, it covers
    usage worth ``amount`` at ``price``, and overage costs ``premium`` more than that.
    """

    amount: Fraction
    price: UnitPrice
    units: Fraction | None = None
    premium: Fraction = ZERO
    is_whole_term: bool = False
    is_trued_up: bool = False
    rollover: Rollover | None = None

    @property
    def capacity(self) -> Fraction:
        """What is covered: units, or money."""
        return self.amount if self.units is None else self.units


Price = UnitPrice | Percentage | Fixed | Hybrid | Commitment


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the working: so many units at such a price, and what that makes."""

    label: str
    amount: Fraction
    units: Fraction | None = None
    unit_amount: Fraction | None = None
    above: Fraction | None = None
    up_to: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """An amount, exact and in major units, and the rows that add up to it."""

    rows: tuple[Row, ...]

    @property
    def amount(self) -> Fraction:
        """The sum of the rows."""
        return sum((row.amount for row in self.rows), ZERO)
