"""Reading of rate tables: the mode, what it must declare, and brackets without overlap."""

from fractions import Fraction

from app.incentives.engine.facts import EventKind
from app.incentives.engine.plan import Applies, Basis, Bracket, Measure, Mode, Per, RateTable, Reset
from app.incentives.engine.windows import read_reset
from app.kernel.reading import Node

PAYING = tuple(kind for kind in EventKind if not kind.reverses)
CHOICES = {
    Mode.GROWTH: (Applies.WHOLE, Applies.EXCESS, Applies.STEPPED),
    Mode.ACCELERATOR: (Applies.SLICED, Applies.WHOLE),
    Mode.THRESHOLD_BONUS: (Applies.EACH, Applies.HIGHEST),
}
_RUNNING = ("mode", "reset", "brackets")
_KEYS: dict[Mode, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Mode.FLAT: (("mode",), ("rate", "amount", "per", "reset")),
    Mode.AGE: (("mode", "brackets"), ("reset",)),
    Mode.MARGINAL: (_RUNNING, ()),
    Mode.RETROACTIVE: (_RUNNING, ("qualify",)),
    Mode.ON_EXCESS: ((*_RUNNING, "baseline"), ()),
    Mode.NEXT_SALE: (_RUNNING, ("qualify",)),
    Mode.THRESHOLD_BONUS: ((*_RUNNING, "applies"), ()),
    Mode.GROWTH: ((*_RUNNING, "applies", "baseline"), ()),
    Mode.ACCELERATOR: ((*_RUNNING, "applies", "target", "rate"), ()),
}


def read_basis(node: Node) -> Basis:
    """Return which events count, and what of them: a word, or an object with event and of."""
    if isinstance(node.value, str):
        return Basis(node.choice(EventKind, PAYING))
    members = node.keys(("event",), ("of",))
    of = members["of"].choice(Measure) if "of" in members else Measure.AMOUNT
    return Basis(members["event"].choice(EventKind, PAYING), of)


def read_table(node: Node, basis: Basis, currency: str) -> RateTable:
    """Return the rate table that a document describes.

    :raises DocumentRefused: if the mode lacks a declaration it needs, or brackets overlap
    """
    if not isinstance(node.value, dict) or "mode" not in node.value:
        raise node.refuse("“mode” is missing: say how the rates are applied.")
    mode = Node(node.value["mode"], f"{node.path}.mode").choice(Mode)
    members = node.keys(*_KEYS[mode])
    reset = read_reset(members["reset"]) if "reset" in members else Reset.LIFETIME
    if mode is Mode.FLAT:
        return _flat(node, members, basis, currency)
    applies = members["applies"].choice(Applies, CHOICES[mode]) if mode in CHOICES else None
    baseline = _baseline(members, basis, currency)
    compares = mode is Mode.GROWTH or ("baseline" in members and baseline is None)
    if compares and reset == Reset.LIFETIME:
        raise members["reset"].refuse("It compares periods: month, quarter or year is needed.")
    return RateTable(
        mode,
        rate=_rate(members["rate"], basis, currency) if "rate" in members else None,
        brackets=_brackets(members["brackets"], mode, basis, currency),
        reset=reset,
        qualify=read_basis(members["qualify"]) if "qualify" in members else None,
        baseline=baseline,
        target=_bound(members["target"], basis, currency) if "target" in members else None,
        applies=applies,
    )


def _flat(node: Node, members: dict[str, Node], basis: Basis, currency: str) -> RateTable:
    reset = read_reset(members["reset"]) if "reset" in members else Reset.LIFETIME
    if ("rate" in members) == ("amount" in members):
        raise node.refuse("A flat table needs a rate or an amount, one of the two.")
    if "rate" in members:
        if "per" in members:
            raise members["per"].refuse("Only an amount is paid per event, order or unit.")
        return RateTable(Mode.FLAT, rate=_rate(members["rate"], basis, currency), reset=reset)
    per = members["per"].choice(Per) if "per" in members else Per.EVENT
    amount = members["amount"].amount(currency)
    return RateTable(Mode.FLAT, amount=amount, per=per, reset=reset)


def _baseline(members: dict[str, Node], basis: Basis, currency: str) -> Fraction | None:
    if "baseline" not in members or members["baseline"].value == "previous_year":
        return None
    return _bound(members["baseline"], basis, currency)


def _bound(node: Node, basis: Basis, currency: str) -> Fraction:
    if basis.of is Measure.QUANTITY:
        return Fraction(node.whole())
    return Fraction(node.amount(currency))


def _brackets(node: Node, mode: Mode, basis: Basis, currency: str) -> tuple[Bracket, ...]:
    found = []
    for item in node.items():
        worth = {Mode.THRESHOLD_BONUS: "amount", Mode.ACCELERATOR: "multiplier"}.get(mode, "rate")
        members = item.keys(("from", worth), ("to",))
        lower = _edge(members["from"], mode, basis, currency)
        upper = _edge(members["to"], mode, basis, currency) if "to" in members else None
        if upper is not None and upper <= lower:
            raise item.refuse("The bracket ends where it begins, or before.")
        if worth == "amount":
            found.append(Bracket(lower, upper, amount=members[worth].amount(currency)))
        else:
            rate = members[worth]
            plain = worth == "multiplier"
            exact = rate.exact() if plain else _rate(rate, basis, currency)
            found.append(Bracket(lower, upper, exact))
    return _joined(node, found, mode)


def _rate(node: Node, basis: Basis, currency: str) -> Fraction:
    """Return a rate of an amount; where units are counted, the money for each unit."""
    if basis.of is Measure.QUANTITY:
        return Fraction(node.amount(currency))
    return node.exact()


def _edge(node: Node, mode: Mode, basis: Basis, currency: str) -> Fraction:
    if mode in (Mode.GROWTH, Mode.ACCELERATOR):
        return node.exact()
    if mode is Mode.AGE:
        return Fraction(node.whole())
    return _bound(node, basis, currency)


def _joined(node: Node, found: list[Bracket], mode: Mode) -> tuple[Bracket, ...]:
    """Return the brackets in order, each without an end of its own ended by the next one."""
    ordered = sorted(found, key=lambda each: each.lower)
    joined = []
    for index, each in enumerate(ordered):
        following = ordered[index + 1].lower if index + 1 < len(ordered) else None
        if following is not None and (each.lower == following or (each.upper or 0) > following):
            raise node.refuse("Two brackets overlap.")
        upper = following if each.upper is None else each.upper
        joined.append(Bracket(each.lower, upper, each.rate, each.amount))
    if mode is Mode.ACCELERATOR and joined[0].lower != 1:
        raise node.refuse("Multipliers begin at the target: the first bracket is from 1.")
    return tuple(joined)
