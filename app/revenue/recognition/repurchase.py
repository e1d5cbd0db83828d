"""Repurchase agreements (IFRS 15.B64-B76, ASC 606-10-55-66 to 78): sale, lease or financing."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from app.kernel.money import round_half_away


class Right(StrEnum):
    """Who may or must bring the asset back."""

    FORWARD = "forward"
    CALL = "call"
    PUT = "put"


class Nature(StrEnum):
    """What the agreement is in substance."""

    FINANCING = "financing arrangement"
    LEASE = "lease"
    RETURNABLE = "sale with a right of return"


@dataclass(frozen=True, slots=True)
class Repurchase:
    """An asset sold with a right or duty to take it back."""

    right: Right
    sale_price: Fraction
    repurchase_price: Fraction
    sold_on: date
    until: date
    market_value: Fraction | None = None
    lapsed_on: date | None = None
    exercised_on: date | None = None
    path: str = "repurchase"

    @property
    def nature(self) -> tuple[Nature, str]:
        """Return what it is, and why."""
        above = self.repurchase_price >= self.sale_price
        side = "not below" if above else "below"
        why = f"the repurchase price is {side} the selling price"
        if self.right is not Right.PUT:
            return (Nature.FINANCING if above else Nature.LEASE), f"{self.right}: {why}"
        keen = self.market_value is not None and self.repurchase_price > self.market_value
        if not keen:
            return Nature.RETURNABLE, f"put: {why}, without a significant incentive to exercise it"
        why += ", and above the expected market value, so that the customer will exercise the put"
        return (Nature.FINANCING if above else Nature.LEASE), why


@dataclass(frozen=True, slots=True)
class Held:
    """Cumulative amounts in grains at the end of a day."""

    liability: int = 0
    interest: int = 0
    revenue: int = 0
    lease_income: int = 0


def held(terms: Repurchase, on: date) -> Held:
    """Return how the agreement stands at the end of ``on``; interest and rent accrue by day."""
    if on < terms.sold_on:
        return Held()
    ended = min((day for day in (terms.lapsed_on, terms.exercised_on) if day), default=None)
    until = min(on, terms.until, ended or terms.until)
    days = (until - terms.sold_on).days + 1
    whole = (terms.until - terms.sold_on).days + 1
    share = Fraction(days, whole)
    gap = terms.repurchase_price - terms.sale_price
    lapsed = terms.lapsed_on is not None and on >= terms.lapsed_on
    exercised = terms.exercised_on is not None and on >= terms.exercised_on
    kind = terms.nature[0]
    if kind is Nature.RETURNABLE:
        kept = round_half_away(terms.sale_price) if lapsed else 0
        owed = 0 if lapsed or exercised else round_half_away(terms.sale_price)
        return Held(liability=owed, revenue=kept)
    if kind is Nature.FINANCING:
        interest = round_half_away(gap * share)
        owed = round_half_away(terms.sale_price) + interest
        return Held(0 if lapsed or exercised else owed, interest, owed if lapsed else 0)
    rent = round_half_away(-gap * share)
    owed = round_half_away(terms.sale_price) - rent
    return Held(0 if lapsed or exercised else owed, 0, owed if lapsed else 0, rent)
