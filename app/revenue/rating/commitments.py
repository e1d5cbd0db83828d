"""Commitments: what is owed in any case, what it covers over the periods, and what more costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.revenue.rating.prices import ZERO, Commitment, Rated, Rollover, Row
from app.revenue.rating.units import rate_units


@dataclass(slots=True)
class Carried:
    """What is left of an earlier period, and the place of the last period that may use it."""

    left: Fraction
    last: int


def rate_term(
    price: Commitment,
    quantities: Sequence[Fraction],
    shares: Sequence[Fraction],
    term_share: Fraction = Fraction(1),
) -> list[Rated]:
    """Return the charge of each period; ``shares`` prorate the commitment of each.

    A commitment for the whole term is prorated by ``term_share`` and owed once: in the first
    period, or as it is used and trued up in the last.
    """
    used = [_measured(price, quantity) for quantity in quantities]
    if price.is_whole_term:
        return _whole_term(price, used, term_share)
    return _each_period(price, used, shares)


def _measured(price: Commitment, quantity: Fraction) -> Fraction:
    """Return what usage takes of the commitment: its units, or what they are worth."""
    return quantity if price.units is not None else rate_units(price.price, quantity).amount


def _whole_term(price: Commitment, used: Sequence[Fraction], share: Fraction) -> list[Rated]:
    capacity, amount = price.capacity * share, price.amount * share
    owed_so_far, drawn, last = ZERO, ZERO, len(used) - 1
    rated = []
    for place, each in enumerate(used):
        covered = min(each, capacity - drawn)
        drawn += covered
        if price.is_trued_up:
            owed = amount if place == last else _worth(drawn, capacity, amount)
        else:
            owed = amount
        rows = _base(owed - owed_so_far, covered, is_final=place == last and price.is_trued_up)
        owed_so_far = owed
        rated.append(Rated((*rows, *_overage(price, each - covered))))
    return rated


def _worth(drawn: Fraction, capacity: Fraction, amount: Fraction) -> Fraction:
    return drawn / capacity * amount if capacity else amount


def _base(amount: Fraction, covered: Fraction, *, is_final: bool) -> list[Row]:
    """Return the row of the commitment itself; the last one of a true-up carries the shortfall."""
    label = "commitment, trued up" if is_final else "commitment"
    return [Row(label, amount, covered)]


def _each_period(
    price: Commitment, used: Sequence[Fraction], shares: Sequence[Fraction]
) -> list[Rated]:
    store: list[Carried] = []
    rated = []
    for place, (each, share) in enumerate(zip(used, shares, strict=True)):
        own = Carried(price.capacity * share, place + _kept(price.rollover))
        store = [carried for carried in store if carried.last >= place]
        covered = _draw(_in_order(price.rollover, [*store, own]), each)
        rows = [Row("commitment", price.amount * share, covered)]
        rated.append(Rated((*rows, *_overage(price, each - covered))))
        store = _stored(price.rollover, [*store, own])
    return rated


def _kept(rollover: Rollover | None) -> int:
    return rollover.periods if rollover else 0


def _in_order(rollover: Rollover | None, store: list[Carried]) -> list[Carried]:
    return store if rollover is None or rollover.is_oldest_first else store[::-1]


def _draw(store: Sequence[Carried], wanted: Fraction) -> Fraction:
    """Take ``wanted`` out of the store as far as it goes; return what was taken."""
    taken = ZERO
    for carried in store:
        part = min(carried.left, wanted - taken)
        carried.left -= part
        taken += part
    return taken


def _stored(rollover: Rollover | None, store: list[Carried]) -> list[Carried]:
    """Return what is carried on, cut to the maximum; what lapses first is cut first."""
    if rollover is None:
        return []
    if rollover.maximum is not None:
        excess = sum((carried.left for carried in store), ZERO) - rollover.maximum
        _draw(store, max(ZERO, excess))
    return [carried for carried in store if carried.left]


def _overage(price: Commitment, over: Fraction) -> list[Row]:
    if not over:
        return []
    if price.units is not None:
        return [_said(row) for row in rate_units(price.price, over).rows]
    rows = [Row("overage", over, over, Fraction(1))]
    if price.premium:
        rows.append(Row("overage premium", over * price.premium, over, price.premium))
    return rows


def _said(row: Row) -> Row:
    label = "overage" if row.label in {"units", "tier"} else f"overage {row.label}"
    return Row(label, row.amount, row.units, row.unit_amount, row.above, row.up_to)
