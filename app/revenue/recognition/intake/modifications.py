"""Reading of modifications of a contract."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from app.kernel.reading import Node
from app.revenue.recognition.events import Change, Event, Kind, Modification, Treatment
from app.revenue.recognition.intake.dated import dated, names_dated
from app.revenue.recognition.intake.naming import Setting
from app.revenue.recognition.intake.obligations import obligations_of
from app.revenue.recognition.intake.values import Nodes, Scale, day, listed, quantity
from app.revenue.recognition.terms import Obligation

MODIFICATION_KEYS = (
    "treatment", "price_change", "add", "change", "at_stand_alone_selling_prices",
    "remaining_distinct", "credit", "credit_of",
)  # fmt: skip
CHANGE_KEYS = (
    "add_quantity", "remove_quantity", "expected_cost", "expected_quantity",
    "uninstalled_materials", "end", "until", "ssp", "unit_price", "remove",
)  # fmt: skip


@dataclass(slots=True)
class Additions:
    """What modifications add, from which day; and the deliveries that it carries itself."""

    obligations: list[tuple[date, Obligation]] = field(default_factory=list)
    deliveries: list[Event] = field(default_factory=list)
    dated: set[str] = field(default_factory=set)

    def known(self, setting: Setting) -> Setting:
        """Return the setting with what was added."""
        if not self.obligations:
            return setting
        return replace(
            setting, added=tuple(self.obligations), dated=setting.dated | frozenset(self.dated)
        )


def additions(nodes: Iterable[Node], setting: Setting) -> Additions:
    """Return what the modifications among some events add."""
    found = Additions()
    for node in nodes:
        value = node.value
        if isinstance(value, dict) and value.get("type") == Kind.MODIFICATION and "add" in value:
            _added(node, setting, found)
    return found


def _added(node: Node, setting: Setting, found: Additions) -> None:
    keys = node.part(("on", "recorded_on", "add"))
    if not {"on", "add"} <= keys.keys():
        return  # refused where the event itself is read
    on = day(keys["on"])
    recorded = day(keys["recorded_on"]) if "recorded_on" in keys else on
    read = _obligations(keys, setting.scale)
    found.obligations += [(on, made) for made, _ in read]
    found.dated |= names_dated(read)
    for event in dated(read):
        if event.on < on:
            raise Node(None, event.path).refuse(f"It is before the modification of {on}.")
        found.deliveries.append(replace(event, recorded_on=max(event.on, recorded)))


def _obligations(keys: Nodes, scale: Scale) -> list[tuple[Obligation, Node]]:
    """Return what is added; an assurance-type warranty is no obligation."""
    read = obligations_of(keys["add"], scale) if "add" in keys else []
    return [(made, node) for made, node in read if not made.assurance]


def modification(node: Node, keys: Nodes, setting: Setting) -> Modification:
    """Return what a modification adds, changes, takes out and costs."""
    scale = setting.scale
    added = [made for made, _ in _obligations(keys, scale)]
    there = setting.obligations
    alone = there[0].id if len(there) == 1 else ""
    changes = [_change(each, scale, alone) for each in listed(keys, "change")]
    named = [each.obligation for each in changes]
    if len(set(named)) < len(named):
        raise keys["change"].refuse("An obligation is changed twice.")
    price = Fraction(0)
    if "price_change" in keys:
        price = scale.amount(keys["price_change"], signed=True)
    elif added:
        raise node.refuse("“price_change” is missing: what is added has a price, perhaps zero.")
    return Modification(
        treatment=keys["treatment"].choice(Treatment) if "treatment" in keys else None,
        price_change=price,
        added=tuple(added),
        changes=tuple(changes),
        at_ssp=_flag(keys, "at_stand_alone_selling_prices"),
        distinct=_distinct(keys),
        credit=scale.amount(keys["credit"]) if "credit" in keys else Fraction(0),
        credit_of=keys["credit_of"].text() if "credit_of" in keys else "",
    )


def _flag(keys: Nodes, name: str) -> bool | None:
    return keys[name].flag() if name in keys else None


def _distinct(keys: Nodes) -> bool | frozenset[str] | None:
    """Return whether what remains is distinct, or of which obligations it is."""
    if "remaining_distinct" in keys and isinstance(keys["remaining_distinct"].value, list):
        return frozenset(each.text() for each in keys["remaining_distinct"].items())
    return _flag(keys, "remaining_distinct")


def _change(node: Node, scale: Scale, alone: str) -> Change:
    """Return a change of the obligation it names, else of the only one of the contract."""
    keys = node.keys(() if alone else ("id",), ("id", *CHANGE_KEYS) if alone else CHANGE_KEYS)
    if not keys.keys() - {"id"}:
        raise node.refuse("Say what changes.")
    if "expected_cost" in keys and "expected_quantity" in keys:
        raise node.refuse("Give expected_cost or expected_quantity, not both.")
    total = None
    if "expected_cost" in keys:
        total = scale.price(keys["expected_cost"])
    elif "expected_quantity" in keys:
        total = quantity(keys["expected_quantity"])
    return Change(
        obligation=keys["id"].text() if "id" in keys else alone,
        path=node.path,
        quantity=_quantity(node, keys),
        total=total,
        uninstalled=_price(keys, "uninstalled_materials", scale),
        until=_until(node, keys),
        ssp=_price(keys, "ssp", scale),
        unit_price=_price(keys, "unit_price", scale),
        removed=keys["remove"].flag() if "remove" in keys else False,
    )


def _price(keys: Nodes, name: str, scale: Scale) -> Fraction | None:
    return scale.price(keys[name]) if name in keys else None


def _quantity(node: Node, keys: Nodes) -> Fraction | None:
    if "add_quantity" in keys and "remove_quantity" in keys:
        raise node.refuse("Give add_quantity or remove_quantity, not both.")
    if "add_quantity" in keys:
        return quantity(keys["add_quantity"])
    return -quantity(keys["remove_quantity"]) if "remove_quantity" in keys else None


def _until(node: Node, keys: Nodes) -> date | None:
    if "end" in keys and "until" in keys:
        raise node.refuse("Give end (the last day) or until (the first day after), not both.")
    if "end" in keys:
        return day(keys["end"]) + timedelta(days=1)
    return day(keys["until"]) if "until" in keys else None
