"""A plan version and its components, as frozen values."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from app.incentives.engine.facts import EventKind
from app.incentives.engine.predicates import ALWAYS, Predicate
from app.kernel.period import Days, add_months, month_of, quarter_of


class Mode(StrEnum):
    """How a rate table turns a base into an amount."""

    FLAT = "flat"
    AGE = "age"
    MARGINAL = "marginal"
    RETROACTIVE = "retroactive"
    ON_EXCESS = "on_excess"
    NEXT_SALE = "next_sale"
    THRESHOLD_BONUS = "threshold_bonus"
    GROWTH = "growth"
    ACCELERATOR = "accelerator"


class Reset(StrEnum):
    """When a running total begins again at zero."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    LIFETIME = "lifetime"

    def period(self, on: date) -> Days:
        """Return the days that share a running total with ``on``."""
        match self:
            case Reset.MONTH:
                return month_of(on)
            case Reset.QUARTER:
                return quarter_of(on)
            case Reset.YEAR:
                return Days(date(on.year, 1, 1), date(on.year + 1, 1, 1))
            case Reset.LIFETIME:
                return LIFETIME


LIFETIME = Days(date(1900, 1, 1), date(9000, 1, 1))


class Measure(StrEnum):
    """What of an event is counted."""

    AMOUNT = "amount"
    QUANTITY = "quantity"
    MARGIN = "margin"


class Applies(StrEnum):
    """How growth bands or accelerator multipliers are applied; a plan must say which."""

    WHOLE = "whole"
    EXCESS = "excess"
    STEPPED = "stepped"
    SLICED = "sliced"
    EACH = "each"
    HIGHEST = "highest"


class Per(StrEnum):
    """What a fixed amount is paid for, or what a cap is counted over."""

    EVENT = "event"
    ORDER = "order"
    UNIT = "unit"


class CapPer(StrEnum):
    """What a cap is counted over."""

    EVENT = "event"
    DEAL = "deal"
    PERIOD = "period"
    PARTNER = "partner"
    COMPONENT = "component"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Basis:
    """Which events a component pays on, and what of them."""

    event: EventKind
    of: Measure = Measure.AMOUNT


@dataclass(frozen=True, slots=True)
class Bracket:
    """From ``lower`` (inclusive) to ``upper`` (exclusive; None: without end).

    Bounds are minor units, units of quantity, or ratios to a baseline or target. ``rate`` is a
    rate, or the multiplier of an accelerator; ``amount`` a fixed amount in minor units.
    """

    lower: Fraction
    upper: Fraction | None = None
    rate: Fraction = Fraction(0)
    amount: int | None = None

    def holds(self, value: Fraction) -> bool:
        """Return whether ``value`` lies in the bracket."""
        return self.lower <= value and (self.upper is None or value < self.upper)


@dataclass(frozen=True, slots=True)
class RateTable:
    """A declared mode with its rate, amount or brackets."""

    mode: Mode
    rate: Fraction | None = None
    amount: int | None = None
    per: Per = Per.EVENT
    brackets: tuple[Bracket, ...] = ()
    reset: Reset = Reset.LIFETIME
    qualify: Basis | None = None
    baseline: Fraction | None = None
    target: Fraction | None = None
    applies: Applies | None = None

    @property
    def runs(self) -> bool:
        """Whether the mode looks at a running total."""
        return self.mode not in (Mode.FLAT, Mode.AGE)


@dataclass(frozen=True, slots=True)
class Cap:
    """At most ``limit`` (minor units) per event, deal, period, partner, component or plan."""

    per: CapPer
    limit: int
    period: Reset = Reset.LIFETIME


@dataclass(frozen=True, slots=True)
class Share:
    """How much of an event belongs to the partner: all, its attribution credit, or by role."""

    kind: str = "whole"
    roles: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """Once, for a number of months, or for life; counted per order or per customer."""

    kind: str = "life"
    months: int = 0
    anchor: str = "order"


@dataclass(frozen=True, slots=True)
class Timing:
    """When an earned amount may be paid."""

    hold_days: int = 0
    payable: str = "earned"
    holdback: Fraction = Fraction(0)
    holdback_days: int = 0


@dataclass(frozen=True, slots=True)
class Reversal:
    """What a refund, credit note or cancellation takes back.

    ``mode`` is none, full (within ``within_days``, if given) or pro_rata (the unexpired part of
    ``months``). ``at`` is as_paid (the line's own amount in proportion) or by_volume (the table is
    read again with the smaller volume).
    """

    mode: str = "full"
    on: frozenset[EventKind] = frozenset()
    within_days: int | None = None
    months: int = 0
    at: str = "as_paid"

    def factor(self, earned_on: date, on: date) -> Fraction:
        """Return which part of an amount earned on one day is taken back on another."""
        if self.mode == "pro_rata":
            end = add_months(earned_on, self.months)
            left = max(0, (end - max(on, earned_on)).days)
            return Fraction(left, (end - earned_on).days)
        late = self.within_days is not None and (on - earned_on).days > self.within_days
        return Fraction(0) if late else Fraction(1)


@dataclass(frozen=True, slots=True)
class Stacking:
    """Components of one group add up, or only the best for the partner pays."""

    group: str
    rule: str = "add"
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Component:
    """One way in which a plan pays."""

    code: str
    title: str
    basis: Basis
    table: RateTable
    applies_to: Predicate = ALWAYS
    caps: tuple[Cap, ...] = ()
    base_caps: tuple[Cap, ...] = ()
    share: Share = field(default_factory=Share)
    term: Term = field(default_factory=Term)
    timing: Timing = field(default_factory=Timing)
    reversal: Reversal = field(default_factory=Reversal)
    stacking: Stacking | None = None
    first_deals: int | None = None


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One immutable version of a plan; events dated inside ``start``..``until`` fall under it."""

    code: str
    version: int
    title: str
    currency: str
    start: date
    until: date | None
    components: tuple[Component, ...]

    def contains(self, on: date) -> bool:
        """Return whether the version is in force on that day."""
        return self.start <= on and (self.until is None or on < self.until)
