"""What a calculation gives back: lines, reasons for nothing, and gates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Trace = dict[str, Any]
"""A line's whole working as JSON-able data: integers are minor units, exact values are text."""

LineKey = tuple[str, str, str, str, str]
"""Plan code, component code, event key, partner, part: one line each, whatever is run again."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Why a line cannot be paid yet, and the first day on which it can (None: not known).

    Codes: hold, awaiting_collection, below_minimum, dispute, missing_payout_details, risk_review.
    """

    code: str
    until: date | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One amount earned, taken back or adjusted; ``minor`` is negative when taken back.

    ``base_minor`` is what the amount was worked out on (units for a plan that counts units),
    rounded for display.
    ``part`` is main, or holdback for the share that is released later. ``payable_on`` is the
    earliest day of payment (None while it is not known); ``gate`` says what blocks it as of the
    calculation. ``corrects`` names the line that an adjustment corrects.
    """

    plan: str
    version: int
    component: str
    title: str
    partner_id: str
    event_key: str
    order_id: str
    base_minor: int
    minor: int
    currency: str
    earned_on: date
    payable_on: date | None
    gate: Gate | None
    trace: Trace
    part: str = "main"
    corrects: LineKey | None = None

    @property
    def kind(self) -> str:
        """Return earned, reversed, adjusted or draw."""
        return str(self.trace["kind"])

    @property
    def key(self) -> LineKey:
        """The identity of the line over all runs."""
        return self.plan, self.component, self.event_key, self.partner_id, self.part


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """Why one component pays nothing for one event: a stable code and a sentence.

    Codes: partner, basis, applies_to, tier, rate, share, base, term, repeated, first_deals, table,
    rounding, cap, stacking, reversal, no_plan.
    """

    plan: str
    version: int
    component: str
    partner_id: str
    event_key: str
    order_id: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Result:
    """The lines of a calculation and, for every event and component without one, the reason."""

    lines: Sequence[Line]
    nothing: Sequence[Nothing]

    def total(self, currency: str) -> int:
        """Return the sum of all lines of one currency in minor units."""
        return sum(line.minor for line in self.lines if line.currency == currency)

    def why_nothing(self, order_id: str, partner_id: str) -> list[Nothing]:
        """Return, per component that pays nothing on an order, the reason that came nearest.

        A reason about the wrong kind of event counts only where no other reason is known.
        """
        paid = {
            (line.plan, line.component)
            for line in self.lines
            if line.order_id == order_id and line.partner_id == partner_id
        }
        best: dict[tuple[str, str], Nothing] = {}
        for reason in self.nothing:
            place = (reason.plan, reason.component)
            if (reason.order_id, reason.partner_id) != (order_id, partner_id) or place in paid:
                continue
            if place not in best or best[place].code == "basis":
                best[place] = reason
        return list(best.values())
