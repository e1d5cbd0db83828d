"""The terms of a component: basis, rate table, caps, share, term, timing, reversal, stacking."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from app.incentives.engine.facts import EventKind
from app.incentives.engine.resets import Reset
from app.kernel.period import add_months


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
    GROUP = "group"
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
    """A declared mode with its rate, amount or brackets.

    With ``by_tier`` the table of the tier held on the day of the event counts, and the outer one
    has neither rate nor brackets; the running total is the same for all tiers.
    """

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
    by_tier: tuple[tuple[str, "RateTable"], ...] = ()

    def of(self, tier: str) -> "RateTable | None":
        """Return the table that counts for a tier; None where none is declared for it."""
        return dict(self.by_tier).get(tier) if self.by_tier else self

    @property
    def is_fixed(self) -> bool:
        """Whether a fixed amount is paid, whatever the event's own amount."""
        tables = [table for _, table in self.by_tier] or [self]
        return self.mode is Mode.FLAT and tables[0].amount is not None

    @property
    def runs(self) -> bool:
        """Whether the mode looks at a running total."""
        return self.mode not in (Mode.FLAT, Mode.AGE)


@dataclass(frozen=True, slots=True)
class Cap:
    """At most ``limit`` (minor units) per event, deal, period or partner, or for all partners.

    Those of a component, stacking group or plan are spend limits: all partners share them.
    """

    per: CapPer
    limit: int
    period: Reset = Reset.LIFETIME


@dataclass(frozen=True, slots=True)
class Share:
    """How much of an event belongs to the partner: all, its attribution credit, or by role.

    Shares by role add up to one, unless the plan declares an ``overlay`` (more) or that the
    remainder is paid to nobody.
    """

    kind: str = "whole"
    roles: tuple[tuple[str, Fraction], ...] = ()
    overlay: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """Once, for a number of months, or for life; counted per order or per customer."""

    kind: str = "life"
    months: int = 0
    anchor: str = "order"


@dataclass(frozen=True, slots=True)
class Timing:
    """When an earned amount may be paid; ``minimum_payout`` is the least worth paying."""

    hold_days: int = 0
    payable: str = "earned"
    holdback: Fraction = Fraction(0)
    holdback_days: int = 0
    minimum_payout: int = 0


@dataclass(frozen=True, slots=True)
class Reversal:
    """What a refund, credit note, cancellation or lapse of certification takes back.

    ``mode`` is none, full (within ``within_days``, if given) or pro_rata (the unexpired part of
    ``months``; of the contract's own months, if it tells them, where ``contract``). ``at`` is
    as_paid (the line's own amount in proportion) or by_volume (the table is read again with the
    smaller volume). ``lapse`` says whether a lapse touches all that was earned or unreleased only,
    ``certifications`` whose lapse counts (empty: any).
    """

    mode: str = "full"
    on: frozenset[EventKind] = frozenset()
    within_days: int | None = None
    months: int = 0
    at: str = "as_paid"
    contract: bool = False
    lapse: str = ""
    certifications: tuple[str, ...] = ()

    def factor(self, earned_on: date, on: date, contract_months: int = 0) -> Fraction:
        """Return which part of an amount earned on one day is taken back on another."""
        if self.mode == "none":
            return Fraction(0)
        months = contract_months if self.contract else self.months
        if self.mode == "pro_rata" and months:
            end = add_months(earned_on, months)
            left = max(0, (end - max(on, earned_on)).days)
            return Fraction(left, (end - earned_on).days)
        late = self.within_days is not None and (on - earned_on).days > self.within_days
        return Fraction(0) if late else Fraction(1)


@dataclass(frozen=True, slots=True)
class Stacking:
    """Components of one group add up, or only one pays: the best, or the first by priority."""

    group: str
    rule: str = "add"
    priority: int = 0
