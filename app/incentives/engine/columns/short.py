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
    lines = list(_bare(columns))
    ordered = columns.ordered
    found = [*gated(lines, (), ordered.facts.blocks, ordered.today)]
    found += (replace(line, trace={"kind": line.kind}) for line in columns.plain)
    return tuple(sorted(found, key=lambda line: (line.earned_on, line.key)))


def _bare(columns: LineColumns) -> Iterator[Line]:
    """Yield the lines of the columns, without gates and in no order."""
    facts = columns.ordered.facts
    partners, keys, orders = (facts.coded[name] for name in ("partner_id", "key", "order_id"))
    places = {
        place.number: (each.pays.scale, place.plan, place.component)
        for each in columns.settings.values()
        for place in each.chain.places
    }
    days = _Days()
    names = ("place", "part", "minor", "base", "payable")
    fact = columns.columns["fact"]
    rows = zip(
        *(columns.columns[name].tolist() for name in names),
        *(each.codes.take(fact).tolist() for each in (partners, keys, orders)),
        facts.numbers["on"].take(fact).tolist(),
        strict=True,
    )
    for row, told in enumerate(rows):
        number, part, minor, base, payable, partner, key, order, on = told
        scale, plan, component = places[number]
        yield Line(
            plan=plan.code,
            version=plan.version,
            component=component.code,
            title=component.title,
            partner_id=partners.values[partner],
            event_key=keys.values[key],
            order_id=orders.values[order],
            base_minor=base if scale == 1 else _base(columns, row, base, scale),
            minor=minor,
            currency=plan.currency,
            earned_on=days[on],
            payable_on=None if payable == NEVER else days[payable],
            gate=None,
            part=PARTS[part],
            trace={"kind": "reversed" if row in columns.taken else "earned"},
        )


def _base(columns: LineColumns, row: int, base: int, scale: int) -> int:
    """Return what a line was worked out on in minor units, rounded once."""
    if row in columns.taken:  # its base was rounded to the scale
        whole = sum((each.base_taken for each in columns.taken[row]), Fraction(0))
        return -round_half_away(whole / scale)
    return round_half_away(Fraction(base, scale))


class _Days(dict[int, date]):
    """Days by their ordinals; most lines share theirs with others."""

    def __missing__(self, ordinal: int) -> date:
        return self.setdefault(ordinal, date.fromordinal(ordinal))


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
