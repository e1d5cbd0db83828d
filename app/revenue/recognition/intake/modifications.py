"""Reading of modifications of a contract."""

from datetime import date, timedelta
from fractions import Fraction

from app.kernel.reading import Node
from app.revenue.recognition.events import Change, Modification, Treatment
from app.revenue.recognition.intake.obligations import obligations_of
from app.revenue.recognition.intake.values import Nodes, Scale, day, quantity

MODIFICATION_KEYS = (
    "treatment", "price_change", "add", "change", "at_stand_alone_selling_prices",
    "remaining_distinct", "credit", "credit_of",
)  # fmt: skip
CHANGE_KEYS = (
    "add_quantity", "remove_quantity", "expected_cost", "expected_quantity",
    "uninstalled_materials", "end", "until", "ssp", "unit_price", "remove",
)  # fmt: skip


def modification(node: Node, keys: Nodes, scale: Scale) -> Modification:
    """Return what a modification adds, changes, takes out and costs."""
    added = [made for made, _ in obligations_of(keys["add"], scale)] if "add" in keys else []
    changes = [_change(each, scale) for each in keys["change"].items()] if "change" in keys else []
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
        distinct=_flag(keys, "remaining_distinct"),
        credit=scale.amount(keys["credit"]) if "credit" in keys else Fraction(0),
        credit_of=keys["credit_of"].text() if "credit_of" in keys else "",
    )


def _flag(keys: Nodes, name: str) -> bool | None:
    return keys[name].flag() if name in keys else None


def _change(node: Node, scale: Scale) -> Change:
    keys = node.keys(("id",), CHANGE_KEYS)
    if len(keys) == 1:
        raise node.refuse("Say what changes.")
    if "expected_cost" in keys and "expected_quantity" in keys:
        raise node.refuse("Give expected_cost or expected_quantity, not both.")
    total = None
    if "expected_cost" in keys:
        total = scale.price(keys["expected_cost"])
    elif "expected_quantity" in keys:
        total = quantity(keys["expected_quantity"])
    return Change(
        obligation=keys["id"].text(),
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
