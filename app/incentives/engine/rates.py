"""Reading of rate tables: the mode, what it must declare, and brackets without overlap."""

from dataclasses import replace
from fractions import Fraction

from app.incentives.engine.brackets import Units, read_brackets
from app.incentives.engine.facts import EventKind
from app.incentives.engine.names import TABLE, kind_of
from app.incentives.engine.plan import Applies, Basis, Measure, Mode, Per, RateTable, Reset
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
    Mode.GROWTH: ((*_RUNNING, "applies", "baseline"), ("qualify",)),
    Mode.ACCELERATOR: ((*_RUNNING, "applies", "target", "rate"), ("qualify",)),
}
_BY_TIER = ("rate", "amount", "brackets", "target", "baseline")
_OF_A_PERIOD = (Mode.ON_EXCESS, Mode.GROWTH, Mode.ACCELERATOR)


def read_basis(node: Node) -> Basis:
    """Return which events count, and what of them: a word, or an object with event and of."""
    if isinstance(node.value, str):
        return Basis(kind_of(node, PAYING))
    members = node.keys(("event",), ("of",))
    of = members["of"].choice(Measure) if "of" in members else Measure.AMOUNT
    return Basis(kind_of(members["event"], PAYING), of)


def read_table(node: Node, basis: Basis, currency: str) -> RateTable:
    """Return the rate table that a document describes.

    :raises DocumentRefused: if the mode lacks a declaration it needs, or brackets overlap
    """
    if not isinstance(node.value, dict) or "mode" not in node.value:
        raise node.refuse("“mode” is missing: say how the rates are applied.")
    if "by_tier" in node.value:
        return _by_tier(node, node.value, basis, currency)
    mode = Node(node.value["mode"], f"{node.path}.mode").choice(Mode)
    members = node.keys(*_KEYS[mode], also=TABLE)
    reset = read_reset(members["reset"]) if "reset" in members else Reset.LIFETIME
    if mode is Mode.FLAT:
        return _flat(node, members, Units(basis, basis, currency), reset)
    qualify = read_basis(members["qualify"]) if "qualify" in members else None
    units = Units(basis, qualify or basis, currency)
    table = RateTable(
        mode,
        rate=units.rate(members["rate"]) if "rate" in members else None,
        brackets=read_brackets(members["brackets"], mode, units),
        reset=reset,
        qualify=qualify,
        baseline=_baseline(members, units),
        target=_above_zero(members["target"], units) if "target" in members else None,
        applies=members["applies"].choice(Applies, CHOICES[mode]) if mode in CHOICES else None,
    )
    _refuse_contradictions(members, table)
    return table


def _by_tier(node: Node, value: dict[str, object], basis: Basis, currency: str) -> RateTable:
    """Return a table that says for each tier what differs; all else is common to them."""
    common = {name: each for name, each in value.items() if name != "by_tier"}
    tiers = Node(value["by_tier"], f"{node.path}.by_tier")
    if not isinstance(tiers.value, dict) or not tiers.value:
        raise tiers.refuse("Name at least one tier and its rates.")
    found = []
    for tier, each in tiers.keys(tuple(tiers.value)).items():
        own = {name: member.value for name, member in each.keys((), _BY_TIER, also=TABLE).items()}
        if twice := sorted(set(own) & set(common)):
            raise each.refuse(f"“{twice[0]}” is given for all tiers, too.")
        found.append((tier, read_table(Node(common | own, each.path), basis, currency)))
    first = found[0][1]
    if any(table.is_fixed != first.is_fixed for _, table in found):
        raise tiers.refuse("All tiers have rates, or all have amounts.")
    return replace(first, rate=None, amount=None, brackets=(), by_tier=tuple(found))


def _flat(node: Node, members: dict[str, Node], units: Units, reset: Reset) -> RateTable:
    if ("rate" in members) == ("amount" in members):
        raise node.refuse("A flat table needs a rate or an amount, one of the two.")
    if "rate" in members:
        if "per" in members:
            raise members["per"].refuse("Only an amount is paid per event, order or unit.")
        return RateTable(Mode.FLAT, rate=units.rate(members["rate"]), reset=reset)
    per = members["per"].choice(Per) if "per" in members else Per.EVENT
    amount = members["amount"].amount(units.currency)
    return RateTable(Mode.FLAT, amount=amount, per=per, reset=reset)


def _baseline(members: dict[str, Node], units: Units) -> Fraction | None:
    if "baseline" not in members or members["baseline"].value == "previous_year":
        return None
    return units.bound(members["baseline"])


def _above_zero(node: Node, units: Units) -> Fraction:
    found = units.bound(node)
    if found == 0:
        raise node.refuse("A target is above zero.")
    return found


def _refuse_contradictions(members: dict[str, Node], table: RateTable) -> None:
    compares = table.mode in _OF_A_PERIOD
    if compares and table.reset.rolls:
        raise members["reset"].refuse("A target or baseline belongs to a period, not to a window.")
    needs_period = table.mode is Mode.GROWTH or ("baseline" in members and table.baseline is None)
    if needs_period and table.reset == Reset.LIFETIME:
        raise members["reset"].refuse("It compares periods: month, quarter or year is needed.")
    if table.qualify is not None and table.applies not in (None, Applies.WHOLE):
        raise members["qualify"].refuse(
            "What is reached on another measure applies to the whole of what is paid on."
        )
