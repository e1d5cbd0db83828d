"""The lines of a calculation as columns, each of which can be told as the plain engine does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.incentives.engine.columns.arrays import Ints
from app.incentives.engine.columns.ordered import Ordered
from app.incentives.engine.columns.reversing import Taken
from app.incentives.engine.columns.room import Room
from app.incentives.engine.columns.settings import Setting
from app.incentives.engine.lines import Line


@dataclass(frozen=True, slots=True)
class LineColumns:
    """Lines, a row each, in no order that means anything.

    ``columns`` are: ``fact``, a row of the facts; ``place``, the number of plan version and
    component; ``part`` (0 main, 1 held back); ``minor``; ``base``, ``before`` and ``after``, the
    running total round it, over the place's scale; ``first`` and ``last``, the numbers of the
    brackets in which the total stood (-1: none); ``rest``, what rounding left and limits cut, over
    the denominator of the place's table; ``payable``, the earliest day as an ordinal (0: not
    known); ``used`` and ``base_used``, what was used of a limit before. ``taken`` is, for lines
    that take back, what they take. ``plain`` are the lines that the plain engine made.
    """

    ordered: Ordered
    settings: Mapping[int, Setting]
    columns: Mapping[str, Ints]
    taken: Mapping[int, Sequence[Taken]]
    plain: tuple[Line, ...] = ()

    @classmethod
    def of(
        cls, ordered: Ordered, settings: Sequence[Setting], room: Room, plain: tuple[Line, ...]
    ) -> "LineColumns":
        """Return what was written into a room."""
        by_place = {place.number: each for each in settings for place in each.chain.places}
        return cls(ordered, by_place, *room.closed(), plain)

    def __len__(self) -> int:
        return len(self.columns["minor"])

    @property
    def minor(self) -> Ints:
        """The amounts in minor units of the currency of each line's plan."""
        return self.columns["minor"]

    def totals(self) -> dict[tuple[str, str], int]:
        """Return the sum of all lines by partner and currency."""
        facts = self.ordered.facts
        found: dict[tuple[str, str], int] = {}
        partner = facts.coded["partner_id"]
        for currency, rows in self._by_currency():
            codes = partner.codes.take(self.columns["fact"][rows])
            kept, inverse = np.unique(codes, return_inverse=True)
            sums = np.zeros(len(kept), np.int64)
            np.add.at(sums, inverse, self.minor[rows])
            found |= {
                (partner.values[code], currency): int(minor)
                for code, minor in zip(kept, sums, strict=True)
            }
        for line in self.plain:
            place = line.partner_id, line.currency
            found[place] = found.get(place, 0) + line.minor
        return found

    def _by_currency(self) -> Iterator[tuple[str, Ints]]:
        currencies = {
            place.number: place.plan.currency
            for each in self.settings.values()
            for place in each.chain.places
        }
        for currency in sorted(set(currencies.values())):
            numbers = [number for number, each in currencies.items() if each == currency]
            yield currency, np.flatnonzero(np.isin(self.columns["place"], numbers))
