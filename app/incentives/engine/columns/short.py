"""Lines in short: what tells each from the others, its amount and its days, without the trace."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.incentives.engine.columns.lines import LineColumns
from app.incentives.engine.columns.payment import NEVER, PARTS
from app.incentives.engine.columns.telling import line_of
from app.incentives.engine.lines import Line, LineKey


@dataclass(frozen=True, slots=True)
class Short:
    """A line in short; ``full`` tells it with its trace."""

    key: LineKey
    minor: int
    earned_on: date
    payable_on: date | None
    told: "Line | tuple[LineColumns, int]"

    def full(self) -> Line:
        """Return the line with its trace."""
        return self.told if isinstance(self.told, Line) else line_of(*self.told)


def in_short(columns: LineColumns) -> Iterator[Short]:
    """Yield every line in short, in no order that means anything."""
    for line in columns.plain:
        yield Short(line.key, line.minor, line.earned_on, line.payable_on, line)
    facts = columns.ordered.facts
    keys, partners, on = facts.coded["key"], facts.coded["partner_id"], facts.numbers["on"]
    places = {
        place.number: each.chain.key
        for each in columns.settings.values()
        for place in each.chain.places
    }
    names = ("fact", "place", "part", "minor", "payable")
    rows = zip(*(columns.columns[name].tolist() for name in names), strict=True)
    for row, (fact, place, part, minor, payable) in enumerate(rows):
        plan, component = places[place]
        key = plan, component, keys.at(fact), partners.at(fact), PARTS[part]
        due = None if payable == NEVER else date.fromordinal(payable)
        yield Short(key, minor, date.fromordinal(int(on[fact])), due, (columns, row))
