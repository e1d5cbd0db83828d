"""Reading of brackets: edges and rates in the units of what is counted and what is paid on."""

from dataclasses import dataclass
from fractions import Fraction

from app.incentives.engine.terms import Basis, Bracket, Measure, Mode
from app.kernel.reading import Node


@dataclass(frozen=True, slots=True)
class Units:
    """What is paid on, what reaches a bracket (mostly the same), and the plan's currency."""

    paid: Basis
    counted: Basis
    currency: str

    def bound(self, node: Node) -> Fraction:
        """Return an edge of what is counted: a number of units, or minor units."""
        if self.counted.of is Measure.QUANTITY:
            return Fraction(node.whole())
        return Fraction(node.amount(self.currency))

    def rate(self, node: Node) -> Fraction:
        """Return a rate of an amount; where units are paid on, the money for each unit."""
        if self.paid.of is Measure.QUANTITY:
            return Fraction(node.amount(self.currency))
        found = node.exact()
        if found > 1 and not str(node.value).rstrip().endswith("%"):
            raise node.refuse(
                f"A rate of {node.value} is {100 * found} %; if that is meant write it with %, "
                "and a tenth as 0.1 or 10%."
            )
        return found


def read_brackets(node: Node, mode: Mode, units: Units) -> tuple[Bracket, ...]:
    """Return brackets in order, each without an end of its own ended by the next one.

    :raises DocumentRefused: if two overlap, or one ends before it begins
    """
    worth = {Mode.THRESHOLD_BONUS: "amount", Mode.ACCELERATOR: "multiplier"}.get(mode, "rate")
    found = [(item, _bracket(item, mode, worth, units)) for item in node.items()]
    found.sort(key=lambda pair: pair[1].lower)
    joined = []
    for index, (item, each) in enumerate(found):
        following = found[index + 1][1].lower if index + 1 < len(found) else None
        if following is not None and (each.lower == following or (each.upper or 0) > following):
            other = found[index + 1][0].path.removeprefix(node.path)
            own = item.path.removeprefix(node.path)
            raise node.refuse(f"Two brackets overlap: {own} and {other}.")
        upper = following if each.upper is None else each.upper
        joined.append(Bracket(each.lower, upper, each.rate, each.amount))
    if mode is Mode.ACCELERATOR and joined[0].lower != 1:
        raise node.refuse("Multipliers begin at the target: the first bracket is from 1.")
    return tuple(joined)


def _bracket(item: Node, mode: Mode, worth: str, units: Units) -> Bracket:
    members = item.keys(("from", worth), ("to",))
    lower = _edge(members["from"], mode, units)
    upper = _edge(members["to"], mode, units) if "to" in members else None
    if upper is not None and upper <= lower:
        raise item.refuse("The bracket ends where it begins, or before.")
    if worth == "amount":
        return Bracket(lower, upper, amount=members[worth].amount(units.currency))
    rate = members[worth]
    return Bracket(lower, upper, rate.exact() if worth == "multiplier" else units.rate(rate))


def _edge(node: Node, mode: Mode, units: Units) -> Fraction:
    if mode in (Mode.GROWTH, Mode.ACCELERATOR):
        return node.exact()
    if mode is Mode.AGE:
        return Fraction(node.whole())
    return units.bound(node)
