"""Lines in short: what tells each from the others, its amount and its days, without the trace."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from app.incentives.engine.columns.lines import LineColumns
from app.incentives.engine.columns.payment import NEVER, PARTS
from app.incentives.engine.columns.telling import line_of
from app.incentives.engine.gates import gated
from app.incentives.engine.lines import Line, LineKey
from app.kernel.money import round_half_away


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


def lines_in_short(columns: LineColumns) -> tuple[Line, ...]:
    """Return all lines as ``calculate`` gives them, but of each trace only its kind."""
    lines = [_bare(columns, row) for row in range(len(columns))]
    ordered = columns.ordered
    found = [*gated(lines, (), ordered.facts.blocks, ordered.today)]
    found += (replace(line, trace={"kind": line.kind}) for line in columns.plain)
    return tuple(sorted(found, key=lambda line: (line.earned_on, line.key)))


def _bare(columns: LineColumns, row: int) -> Line:
    told = {name: int(column[row]) for name, column in columns.columns.items()}
    setting = columns.settings[told["place"]]
    if row in columns.taken and setting.pays.scale > 1:
        # Its base was rounded to the scale, and would be rounded again to the cent.
        line = line_of(columns, row)
        return replace(line, trace={"kind": line.kind}, gate=None)
    facts, fact = columns.ordered.facts, told["fact"]
    place = next(each for each in setting.chain.places if each.number == told["place"])
    return Line(
        plan=place.plan.code,
        version=place.plan.version,
        component=place.component.code,
        title=place.component.title,
        partner_id=facts.coded["partner_id"].at(fact),
        event_key=facts.coded["key"].at(fact),
        order_id=facts.coded["order_id"].at(fact),
        base_minor=round_half_away(Fraction(told["base"], setting.pays.scale)),
        minor=told["minor"],
        currency=place.plan.currency,
        earned_on=date.fromordinal(int(facts.numbers["on"][fact])),
        payable_on=None if told["payable"] == NEVER else date.fromordinal(told["payable"]),
        gate=None,
        part=PARTS[told["part"]],
        trace={"kind": "reversed" if row in columns.taken else "earned"},
    )


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
