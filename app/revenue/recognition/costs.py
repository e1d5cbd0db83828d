"""Costs to obtain and to fulfil a contract (IFRS 15.91-104, ASC 340-40).

What would not have been incurred without the contract, or makes what will satisfy it, and is
expected to be recovered, is an asset; it is amortised as the goods or services it belongs to are
transferred, renewals expected included, and written down to what they will still bring.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from app.kernel.money import round_half_away
from app.revenue.recognition.schedule import spread
from app.revenue.recognition.span import Span

EXPEDIENT_MONTHS = 12


class CostKind(StrEnum):
    """What a cost was incurred for."""

    OBTAIN = "obtain"
    FULFIL = "fulfil"


@dataclass(frozen=True, slots=True)
class Loss:
    """An impairment: what the asset may be carried at most, or the loss itself; or its reversal."""

    on: date
    reverses: bool = False
    most: Fraction | None = None
    amount: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """One cost, what makes it an asset or not, and over which time it is amortised."""

    id: str
    amount: Fraction
    kind: CostKind = CostKind.OBTAIN
    path: str = ""
    incurred_on: date | None = None
    incremental: bool = True
    chargeable: bool = False
    """Whether the customer pays it whether or not a contract comes about."""
    recoverable: bool = True
    elsewhere: str = ""
    """The other standard that it falls under."""
    expedient: bool = False
    months: int | None = None
    span: Span | None = None
    with_revenue_of: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()

    @property
    def verdict(self) -> tuple[bool, str]:
        """Return whether it is an asset of this standard, and why."""
        if self.elsewhere:
            return False, f"it falls under {self.elsewhere}"
        if self.kind is CostKind.OBTAIN and not self.incremental and not self.chargeable:
            return False, "it would have been incurred without the contract"
        if not self.recoverable:
            return False, "it is not expected to be recovered"
        if self.expedient and self.months is not None and self.months <= EXPEDIENT_MONTHS:
            return False, "it would be amortised within a year and the practical expedient is used"
        if self.kind is CostKind.FULFIL:
            return True, "it relates to the contract, makes what will satisfy it, and is recovered"
        return True, "it is incremental and expected to be recovered"


@dataclass(frozen=True, slots=True)
class Carried:
    """How a cost stands at the end of a day, in grains, cumulative."""

    capitalised: int = 0
    expensed: int = 0
    amortised: int = 0
    impaired: int = 0
    regained: int = 0
    """What of the impairments was taken back."""

    @property
    def carrying(self) -> int:
        """What the asset is carried at."""
        return self.capitalised - self.amortised - self.impaired + self.regained


def carried(cost: Cost, on: date, share: Fraction | None = None) -> Carried:
    """Return how a cost stands at the end of ``on``.

    ``share`` is the share of revenue recognised, for a cost that is amortised with revenue.
    """
    whole = round_half_away(cost.amount)
    if cost.incurred_on is not None and on < cost.incurred_on:
        return Carried()
    if not cost.verdict[0]:
        return Carried(expensed=0 if cost.elsewhere else whole)
    now, since = Carried(whole), Fraction(0)
    base = whole
    for loss in sorted(cost.losses, key=lambda each: (each.on, each.reverses)):
        if loss.on > on:
            break
        done = _share(cost, loss.on, share)
        now = replace(now, amortised=now.amortised + _part(cost, base, since, done, loss.on))
        now = _revalued(cost, now, loss, done)
        base, since = now.carrying, done
    rest = _part(cost, base, since, _share(cost, on, share), on)
    return replace(now, amortised=now.amortised + rest)


def _part(cost: Cost, base: int, since: Fraction, done: Fraction, on: date) -> int:
    """Return what of ``base`` is amortised between two shares of the whole time."""
    if since == 0 and cost.span is not None and not cost.with_revenue_of:
        return spread(cost.span).amount(base, on)
    if since >= 1:
        return 0
    return round_half_away(base * (done - since) / (1 - since))


def _share(cost: Cost, on: date, share: Fraction | None) -> Fraction:
    if cost.with_revenue_of:
        return share or Fraction(0)
    return spread(cost.span).share(on) if cost.span is not None else Fraction(0)


def _revalued(cost: Cost, now: Carried, loss: Loss, done: Fraction) -> Carried:
    """Return a cost after an impairment, or after one was taken back.

    A reversal leads to no more than the cost would be carried at had it never been impaired
    (IFRS 15.104).
    """
    if not loss.reverses:
        return replace(now, impaired=now.impaired + _loss(loss, now.carrying))
    never = now.capitalised - _part(cost, now.capitalised, Fraction(0), done, loss.on)
    if loss.amount is not None:
        never = min(never, now.carrying + round_half_away(loss.amount))
    else:
        never = min(never, round_half_away(loss.most or Fraction(0)))
    return replace(now, regained=now.regained + max(never - now.carrying, 0))


def _loss(loss: Loss, carrying: int) -> int:
    if loss.amount is not None:
        return min(round_half_away(loss.amount), carrying)
    most = max(round_half_away(loss.most or Fraction(0)), 0)
    return max(carrying - most, 0)
