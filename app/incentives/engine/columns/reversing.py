"""What is taken back of what was paid, where a later fact undoes an earlier one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby
from operator import attrgetter

import numpy as np

from app.incentives.engine.columns.chains import Chain
from app.incentives.engine.columns.earning import Earned
from app.incentives.engine.columns.ordered import Ordered
from app.incentives.engine.columns.payment import NEVER, Paid
from app.incentives.engine.columns.undone import Undone, refuse_limits
from app.kernel.money import round_half_away


@dataclass(frozen=True, slots=True)
class Taken:
    """What one fact undoes of an earlier one: ``minor`` of its ``of`` minor units.

    ``place`` is where the earlier one is among those that the chain counted. ``factor`` says which
    part of that takes pay back, ``weight`` which part of the pay was taken back before. ``base`` is
    what the earlier one counted for, over the scale of the place.
    """

    source: int
    place: int
    by: int
    minor: int
    of: int
    factor: Fraction
    weight: Fraction
    base: int

    @property
    def base_taken(self) -> Fraction:
        """What the undone part counted for, over the same scale."""
        return Fraction(self.base * self.minor, self.of)

    @property
    def weight_after(self) -> Fraction:
        """The part of the pay that is taken back with this."""
        return self.weight + Fraction(self.minor, self.of) * self.factor


@dataclass(frozen=True, slots=True)
class Reversed:
    """One line that takes back a part of what was paid, under a place of the chain."""

    by: int
    part: int
    place: int
    minor: int
    base: int
    payable: int
    takings: Sequence[Taken]


def taken_back(
    facts: Ordered, chain: Chain, earned: Earned, undone: Undone, paid: Sequence[Paid]
) -> list[Reversed]:
    """Return the lines that take back what was paid on facts that are undone.

    ``earned`` is all that the chain counted, also what was not paid.

    :raises Unfit: if the component cannot be undone in columns
    """
    takings = list(_takings(facts, chain, earned, undone))
    if takings:
        refuse_limits(chain.first)
    found: list[Reversed] = []
    for by, group in groupby(takings, attrgetter("by")):
        together = list(group)
        for each in paid:
            line = _line(facts, earned, by, together, each)
            found += [] if line is None else [line]
    return found


def _takings(facts: Ordered, chain: Chain, earned: Earned, undone: Undone) -> Iterator[Taken]:
    """Yield what is undone in the order of the facts that undo it."""
    found, places = undone.among(earned.rows)
    factor = chain.first.reversal.factor
    months = facts.facts.numbers.get("contract_months")
    weights: dict[int, Fraction] = {}
    on = facts.number("on")
    for index in np.argsort(found.by, kind="stable").tolist():
        source, by = int(found.source[index]), int(found.by[index])
        term = 0 if months is None else int(months[facts.rows[source]])
        earned_on, undone_on = (date.fromordinal(int(on[row])) for row in (source, by))
        taken = Taken(
            source, int(places[index]), by, int(found.minor[index]), int(found.of[index]),
            factor(earned_on, undone_on, term), weights.get(source, Fraction(0)),
            int(earned.base[places[index]]),
        )  # fmt: skip
        weights[source] = taken.weight_after
        yield taken


def _line(
    facts: Ordered, earned: Earned, by: int, takings: Sequence[Taken], paid: Paid
) -> Reversed | None:
    rows = paid.earned.rows
    minor, payable = 0, [int(facts.number("on")[by])]
    for each in takings:
        at = int(np.searchsorted(rows, each.source))
        if at == len(rows) or rows[at] != each.source or not paid.minor[at]:
            continue
        whole = int(paid.minor[at])
        minor += round_half_away(whole * each.weight_after) - round_half_away(whole * each.weight)
        payable.append(int(paid.payable[at]))
    if not minor:
        return None
    latest = max(takings, key=attrgetter("source"))
    parts = (each.base_taken for each in takings)
    return Reversed(
        by=by,
        part=paid.part,
        place=int(earned.places[latest.place]),
        minor=-minor,
        base=-round_half_away(sum(parts, Fraction(0))),
        payable=NEVER if NEVER in payable else max(payable),
        takings=takings,
    )
