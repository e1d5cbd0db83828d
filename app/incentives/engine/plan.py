"""A plan version and its components, as frozen values."""

from dataclasses import dataclass, field
from datetime import date

from app.incentives.engine.predicates import ALWAYS, Predicate
from app.incentives.engine.resets import LIFETIME, Reset
from app.incentives.engine.terms import (
    Applies,
    Basis,
    Bracket,
    Cap,
    CapPer,
    Measure,
    Mode,
    Per,
    RateTable,
    Reversal,
    Share,
    Stacking,
    Term,
    Timing,
)

__all__ = [
    "LIFETIME", "Applies", "Basis", "Bracket", "Cap", "CapPer", "Component", "Draw", "Measure",
    "Mode", "Per", "PlanVersion", "RateTable", "Reset", "Reversal", "Share", "Stacking", "Term",
    "Timing",
]  # fmt: skip


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
class Draw:
    """At least ``amount`` (minor units) is paid for each period; see ``draw``.

    Where it is ``recoverable`` what was advanced is kept from later surplus above the draw. Only
    whole periods from ``start`` (None: the plan's first day) up to ``until`` count.
    """

    amount: int
    period: Reset
    recoverable: bool
    start: date | None = None
    until: date | None = None
    applies_to: Predicate = ALWAYS


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
    minimum_payout: int = 0
    draw: Draw | None = None

    def contains(self, on: date) -> bool:
        """Return whether the version is in force on that day."""
        return self.start <= on and (self.until is None or on < self.until)
