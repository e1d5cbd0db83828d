"""What events count for by a basis: measure, share and rate of exchange as whole numbers."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from app.incentives.engine.columns.arrays import NONE, Bools, Ints, Unfit, need_room, reach
from app.incentives.engine.columns.conversion import FINEST, Conversion, conversion
from app.incentives.engine.columns.facts import Coded, FactColumns
from app.incentives.engine.columns.ordered import Ordered
from app.incentives.engine.columns.splitting import largest_remainder
from app.incentives.engine.plan import Basis, Measure, Mode, Per, RateTable, Share

_NAMES = {
    Measure.AMOUNT: "minor", Measure.QUANTITY: "quantity", Measure.MARGIN: "margin_minor",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """What each fact counts for, over the scale of its counting; ``counts``: not all facts do."""

    values: Ints
    counts: Bools | None


@dataclass(frozen=True, slots=True, eq=False)
class Counting:
    """How a measure is counted: ``scale`` parts make a minor unit, or a unit of quantity.

    ``per`` is what a fixed amount is paid for, None for a rate. Things have no ``conversion``.
    """

    of: Measure
    per: Per | None
    share: Share
    share_scale: int
    conversion: Conversion | None

    @property
    def scale(self) -> int:
        """How many parts make a unit."""
        return self.share_scale * (self.conversion.scale if self.conversion else 1)

    def counted(self, facts: Ordered) -> Counted:
        """Return what facts count for.

        :raises Unfit: if a value does not fit into 64 bits
        """
        values, given = self._measured(facts)
        values, shared = self._shared(facts, values)
        tests = [test for test in (given, shared) if test is not None]
        if self.conversion is not None and self.conversion.listed:
            factors = self.conversion.factors(facts.codes("currency"), facts.number("on"))
            need_room(reach(values) * reach(factors))
            values = values * factors
            tests.append(factors > 0)
        return Counted(values, np.logical_and.reduce(tests) if tests else None)

    def _measured(self, facts: Ordered) -> tuple[Ints, Bools | None]:
        margin = facts.number("margin_minor") if self.of is Measure.MARGIN else None
        told = None if margin is None else margin != NONE
        if self.per in (Per.EVENT, Per.ORDER):
            return np.ones(len(facts), np.int64), told
        values = facts.number("quantity" if self.per else _NAMES[self.of])
        given = values != NONE
        return (values if given.all() else np.where(given, values, 0)), told

    def _shared(self, facts: Ordered, values: Ints) -> tuple[Ints, Bools | None]:
        if self.share.kind == "whole":
            return values, None
        by_credit = self.share.kind == "credit"
        held = _by_code(facts, *(("share", Fraction(1)) if by_credit else ("roles", frozenset())))
        shares = held.values if by_credit else [_of_roles(self.share, each) for each in held.values]
        counts = np.array([share != 0 for share in shares]).take(held.codes)
        money = self.per is None and self.of is not Measure.QUANTITY
        if money and not by_credit and not self.share.overlay:
            return _split(self.share, held, values), counts
        told = facts.number("credited_minor")
        if not (by_credit and money and self.of is Measure.AMOUNT):
            told = np.full(len(values), NONE)
        return self._parts(shares, held.codes, values, told), counts

    def _parts(self, shares: Sequence[Fraction], codes: Ints, values: Ints, told: Ints) -> Ints:
        """Return the share of each value, or the cents that are told in its place."""
        scale, known = self.share_scale, told != NONE
        need_room(reach(np.where(known, told, 0)) * scale)
        if known.all():
            return told * scale
        tops = np.array([int(share * scale) for share in shares], np.int64)
        need_room(reach(values) * reach(tops))
        return np.where(known, told * scale, values * tops.take(codes))


def counting(
    facts: FactColumns, basis: Basis, table: RateTable, share: Share, currency: str
) -> Counting:
    """Return how a basis is counted under a table.

    :raises Unfit: if shares or rates are too fine to be whole numbers of 64 bits
    """
    per = table.per if table.mode is Mode.FLAT and table.amount is not None else None
    money = per is None and basis.of is not Measure.QUANTITY
    found = conversion(facts, currency) if money else None
    made = Counting(basis.of, per, share, _share_scale(facts, share, money, basis.of), found)
    if made.scale > FINEST:
        raise Unfit("Shares or exchange rates are too fine to be counted in columns.")
    return made


def _share_scale(facts: FactColumns, share: Share, money: bool, of: Measure) -> int:
    if share.kind == "role" and (share.overlay or not money):
        return lcm(*(part.denominator for _, part in share.roles))
    if share.kind != "credit" or "share" not in facts.coded:
        return 1
    if money and of is Measure.AMOUNT:
        told = facts.numbers.get("credited_minor")
        if told is not None and bool((told != NONE).all()):
            return 1
    return min(lcm(*(each.denominator for each in facts.coded["share"].values)), FINEST + 1)


def _by_code(facts: Ordered, name: str, default: Hashable) -> Coded:
    """Return a column of words in order, of one word where it was left out."""
    if name in facts.facts.coded:
        return Coded(facts.codes(name), facts.facts.coded[name].values)
    return Coded(np.zeros(len(facts), np.int32), [default])


def _of_roles(share: Share, roles: frozenset[str]) -> Fraction:
    return sum((part for role, part in share.roles if role in roles), Fraction(0))


def _split(share: Share, held: Coded, values: Ints) -> Ints:
    """Return the cents of the roles that are held, of a split that adds up to the whole."""
    parts = [part for _, part in share.roles]
    cents = largest_remainder(values, [*parts, 1 - sum(parts, Fraction(0))])
    found = np.zeros(len(values), np.int64)
    for (role, _), part in zip(share.roles, cents, strict=False):
        found += np.where(
            np.array([role in roles for roles in held.values]).take(held.codes), part, 0
        )
    return found
