"""What a chain would pay for facts: the rate tables, the one rounding, and the caps."""

from dataclasses import dataclass, fields, replace

import numpy as np

from app.incentives.engine.columns.arrays import Bools, Ints, rounded
from app.incentives.engine.columns.limits import limited
from app.incentives.engine.columns.ordered import Ordered
from app.incentives.engine.columns.pieces import Pieces, work_out
from app.incentives.engine.columns.settings import Setting
from app.incentives.engine.columns.standing import Standing
from app.incentives.engine.columns.terms import subjects
from app.incentives.engine.columns.volume import running_apart
from app.incentives.engine.plan import Per

NO_AGE = np.zeros(0, np.int64)


@dataclass(slots=True)
class Earned:
    """What a chain would pay: a row for each fact that it pays on.

    ``rows`` are those of the facts in order; ``places`` say under which place of the chain each is,
    from 1. ``base``, ``before`` and ``after`` are over the counting's scale; ``first`` and ``last``
    number the brackets in which the total stood. The exact amount is ``minor`` and ``rest`` over
    the denominator of the place's pieces: the rest is what rounding left, and what limits cut.
    ``used`` and ``base_used`` are what was used of a limit before.
    """

    rows: Ints
    places: Ints
    base: Ints
    before: Ints
    after: Ints
    first: Ints
    last: Ints
    minor: Ints
    rest: Ints
    used: Ints | None = None
    base_used: Ints | None = None

    def only(self, kept: Bools) -> "Earned":
        """Return some of the rows."""
        columns = {each.name: getattr(self, each.name) for each in fields(self)}
        rows = np.flatnonzero(kept)
        given = {name: each.take(rows) for name, each in columns.items() if each is not None}
        return replace(self, **given)


def earn(facts: Ordered, places: Ints, setting: Setting, stood: Standing) -> Earned:
    """Return what a chain would pay for facts under its places, before one of a group is chosen.

    :raises Unfit: if 64 bits might not hold a step, or a limit would be given back
    """
    earned = Earned(
        stood.rows, places, stood.base, stood.before, stood.after,
        *_rated(setting, places, stood), base_used=stood.base_used,
    )  # fmt: skip
    if setting.chain.first.caps:
        return _capped(facts, setting, earned)
    return _not_yet_paid(facts, setting, earned)


def _rated(setting: Setting, places: Ints, stood: Standing) -> tuple[Ints, Ints, Ints, Ints]:
    """Return brackets before and after, whole amounts and rests, table by table."""
    if not places.size or places.min() == places.max():
        pieces = setting.pieces[int(places[0]) - 1 if places.size else 0]
        return _of_table(pieces, stood)
    first, last = np.empty((2, len(places)), np.int8)
    minor, rest = np.empty((2, len(places)), np.int64)
    found: tuple[Ints, ...] = (first, last, minor, rest)
    for number, pieces in enumerate(setting.pieces, 1):
        rows = np.flatnonzero(places == number)
        if rows.size:
            for column, part in zip(found, _of_table(pieces, _part(stood, rows)), strict=True):
                column[rows] = part
    return first, last, minor, rest


def _part(stood: Standing, rows: Ints) -> Standing:
    age = None if stood.age is None else stood.age.take(rows)
    base, before, after = (each.take(rows) for each in (stood.base, stood.before, stood.after))
    return Standing(rows, base, before, after, age)


def _of_table(pieces: Pieces, stood: Standing) -> tuple[Ints, Ints, Ints, Ints]:
    age = NO_AGE if stood.age is None else stood.age
    worked = work_out(pieces, stood.before, stood.after, stood.base, age)
    minor = rounded(worked.exact, pieces.denominator)
    rest = worked.exact - minor * pieces.denominator
    brackets = pieces.brackets
    return brackets.take(worked.first), brackets.take(worked.last), minor, rest


def _capped(facts: Ordered, setting: Setting, earned: Earned) -> Earned:
    caps = setting.chain.first.caps
    minor, earned.used = limited(facts, earned.rows, earned.minor, caps)
    denominators = np.array([0, *(each.denominator for each in setting.pieces)], np.int64)
    earned.rest = earned.rest + (earned.minor - minor) * denominators.take(earned.places)
    earned.minor = minor
    return earned


def _not_yet_paid(facts: Ordered, setting: Setting, earned: Earned) -> Earned:
    """Leave out what is not paid because earlier facts were."""
    component, table = setting.chain.first, setting.table
    if component.term.kind == "once":
        return earned.only(_first(subjects(facts, component.term.anchor).take(earned.rows), earned))
    if table.amount is not None and table.per is Per.ORDER:
        return earned.only(_first(subjects(facts, "order").take(earned.rows), earned))
    if component.first_deals is not None:
        periods = facts.segments(table.reset).take(earned.rows)
        orders = subjects(facts, "order").take(earned.rows)
        return earned.only(_among_first(periods, orders, earned, component.first_deals))
    return earned


def _first(groups: Ints, earned: Earned) -> Bools:
    """Return which rows have no earlier one of their group that is paid."""
    pays = (earned.minor != 0).astype(np.int64)
    held: Bools = running_apart(groups, pays) == pays
    return held


def _among_first(periods: Ints, orders: Ints, earned: Earned, most: int) -> Bools:
    """Return which rows are of the first orders that are paid in each period."""
    _, deals = np.unique(np.stack((periods, orders)), axis=1, return_inverse=True)
    deals = deals.reshape(-1)
    pays = (earned.minor != 0).astype(np.int64)
    opens = pays & _first(deals, earned)
    rank = running_apart(periods, opens)
    ranks = np.full(int(deals.max(initial=0)) + 1, len(pays), np.int64)
    chosen = opens.astype(np.bool_)
    ranks[deals[chosen]] = rank[chosen]
    held: Bools = ranks.take(deals) <= most
    return held
