"""Sales of a period that different tables paid: what one that is undone moves of the later ones.

Where one table pays them all, undoing any of them is a step down from the top of the running total.
Where the tier changed, or the version, each part of the total belongs to the table that paid it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from app.incentives.engine import trace as traces
from app.incentives.engine.lines import Trace
from app.incentives.engine.state import Source, State, place_key
from app.incentives.engine.tables import Position, Working, work

Pending = Mapping[int, Fraction]
"""By source: what the same event undoes of it, and is not taken out yet."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A sale at a place of the running total, and what its own table pays for it there."""

    source: Source
    position: Position
    working: Working

    @classmethod
    def of(cls, source: Source, start: Fraction, end: Fraction) -> "Standing":
        """Read the table of a sale on the way from one total to another."""
        position = Position(start, end, end - start, source.baseline, source.age)
        return cls(source, position, work(source.table, position))

    def trace(self) -> Trace:
        """Return the table with the place of the sale in it."""
        declared = replace(self.source.place[1], table=self.source.table)
        return traces.table(declared, self.position, self.source.event.on, self.working)


def mixed(state: State, source: Source) -> list[Source]:
    """Return the sales of the source's period in order; none where one table paid all later."""
    if not source.counts:
        return []
    key, reset = place_key(source.place, source.event.partner_id), source.table.reset
    period = reset.period(source.event.on)
    own = [
        each
        for each in state.of_place[key]
        if each.counts and each.table.reset == reset and period.contains(each.event.on)
    ]
    later = own[_place(own, source) + 1 :]
    differs = any(each.table is not source.table and each.table != source.table for each in later)
    return own if differs else []


def undone(own: Sequence[Source], source: Source, less: Fraction, pending: Pending) -> Standing:
    """Return the step down from the top of a sale, where it stands in the running total."""
    place = _place(own, source)
    top = sum((_base(each, pending) for each in own[: place + 1]), Fraction(0))
    return Standing.of(source, top, top - less)


def moved(
    own: Sequence[Source], source: Source, less: Fraction, pending: Pending
) -> Iterator[tuple[Standing, Standing]]:
    """Yield the later sales where they stood, and where they stand without what is undone."""
    place = _place(own, source)
    at = sum((_base(each, pending) for each in own[: place + 1]), Fraction(0))
    for each in own[place + 1 :]:
        end = at + _base(each, pending)
        if end != at:
            yield Standing.of(each, at, end), Standing.of(each, at - less, end - less)
        at = end


def _place(own: Sequence[Source], source: Source) -> int:
    return next(index for index, each in enumerate(own) if each is source)


def _base(source: Source, pending: Pending) -> Fraction:
    return source.base_left + pending.get(id(source), 0)
