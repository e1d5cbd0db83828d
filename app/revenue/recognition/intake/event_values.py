"""Reading of what each kind of event says beyond its day."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from app.kernel.reading import Node
from app.revenue.recognition.events import Kind
from app.revenue.recognition.intake.modifications import modification
from app.revenue.recognition.intake.naming import (
    Fits,
    Setting,
    has_returns,
    is_costed,
    is_counted,
    only,
)
from app.revenue.recognition.intake.price import ESTIMATE_KEYS, estimate
from app.revenue.recognition.intake.values import (
    Nodes,
    day,
    one_of,
    percent,
    quantity,
    share,
)

_TAKES_ALL = frozenset({Kind.DELIVERY})


def _counted(node: Node, keys: Nodes, setting: Setting) -> dict[str, Any]:
    del setting
    given = [name for name in ("quantity", "cumulative") if name in keys]
    kind = node.value["type"] if isinstance(node.value, dict) else ""
    if not given and kind in _TAKES_ALL:
        return {}
    name = one_of(node, keys, "quantity", "cumulative")
    return {"quantity": quantity(keys[name]), "cumulative": name == "cumulative"}


def _cost(node: Node, keys: Nodes, setting: Setting) -> dict[str, Any]:
    name = one_of(node, keys, "amount", "cumulative")
    uninstalled = keys["uninstalled_materials"].flag() if "uninstalled_materials" in keys else False
    counts = keys["measures_progress"].flag() if "measures_progress" in keys else True
    if name == "cumulative" and (uninstalled or not counts):
        raise keys[name].refuse("Give the amount of a cost that does not measure progress.")
    return {
        "amount": setting.scale.amount(keys[name]),
        "cumulative": name == "cumulative",
        "uninstalled": uninstalled,
        "counts": counts,
    }


def _progress(node: Node, keys: Nodes, setting: Setting) -> dict[str, Any]:
    del setting
    return {"quantity": percent(_needed(node, keys, "percent"))}


def _milestone(node: Node, keys: Nodes, setting: Setting) -> dict[str, Any]:
    del setting
    name = _needed(node, keys, "milestone")
    is_number = isinstance(name.value, int) and not isinstance(name.value, bool)
    return {"milestone": str(name.value) if is_number else name.text()}


def _royalty(node: Node, keys: Nodes, setting: Setting) -> dict[str, Any]:
    found: dict[str, Any] = {"variable": _variable(node, keys, setting)}
    if one_of(node, keys, "amount", "sales") == "amount":
        return found | {"amount": setting.scale.amount(keys["amount"])}
    return found | {"quantity": setting.scale.amount(keys["sales"])}


def _variable(node: Node, keys: Nodes, setting: Setting) -> str:
    if "variable" in keys:
        name = keys["variable"].text()
        if name not in [each.id for each in setting.variables]:
            raise keys["variable"].refuse(f"There is no variable element “{name}”.")
        return name
    if len(setting.variables) != 1:
        raise node.refuse("“variable” is missing: say which element.")
    return setting.variables[0].id


def _returned(node: Node, keys: Nodes, setting: Setting) -> dict[str, Any]:
    del setting
    return {"quantity": quantity(_needed(node, keys, "quantity"))}


def _nothing(node: Node, keys: Nodes, setting: Setting) -> dict[str, Any]:
    del node, keys, setting
    return {}


def _estimate(node: Node, keys: Nodes, setting: Setting) -> dict[str, Any]:
    of_obligation = ("expected_cost", "expected_quantity", "expected_returns", "return_rate")
    given = [name for name in of_obligation if name in keys]
    if given:
        if len(given) > 1 or "variable" in keys or any(name in keys for name in ESTIMATE_KEYS):
            raise node.refuse("One event changes one estimate.")
        return _of_obligation(node, keys, setting, given[0])
    if not any(name in keys for name in ESTIMATE_KEYS):
        raise node.refuse("Say what is estimated anew.")
    made = estimate(node, keys, setting.scale)
    return {"variable": _variable(node, keys, setting), "estimate": made, "obligation": ""}


def _of_obligation(node: Node, keys: Nodes, setting: Setting, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {"obligation": _estimated(node, keys, setting, name)}
    if name == "expected_cost":
        found["total"] = setting.scale.price(keys[name])
    elif name == "expected_quantity":
        found["total"] = quantity(keys[name])
    elif name == "expected_returns":
        found["expected_returns"] = quantity(keys[name])
    else:
        found["returns_rate"] = share(keys[name])
    if found.get("total") == 0:
        raise keys[name].refuse("It must be above zero.")
    return found


def _estimated(node: Node, keys: Nodes, setting: Setting, name: str) -> str:
    if "obligation" in keys:
        return keys["obligation"].text()
    return only(node, setting.on(day(keys["on"])), _ESTIMATED.get(name, has_returns))


def _true_up(node: Node, keys: Nodes, setting: Setting) -> dict[str, Any]:
    amount = setting.scale.amount(_needed(node, keys, "amount"))
    return {"variable": _variable(node, keys, setting), "amount": amount}


def _to_customer(node: Node, keys: Nodes, setting: Setting) -> dict[str, Any]:
    amount = setting.scale.amount(_needed(node, keys, "amount"))
    value = Fraction(0)
    if "fair_value_received" in keys:
        value = min(setting.scale.amount(keys["fair_value_received"]), amount)
    return {"amount": amount, "fair_value": value}


def _paper(node: Node, keys: Nodes, setting: Setting) -> dict[str, Any]:
    found: dict[str, Any] = {"amount": setting.scale.amount(_needed(node, keys, "amount"))}
    if "variable" in keys:
        found["variable"] = _variable(node, keys, setting)
    if "due_on" in keys:
        found["due_on"] = day(keys["due_on"])
        if found["due_on"] < day(keys["on"]):
            raise keys["due_on"].refuse("It is before the day of the invoice.")
    return found


def _impairment(node: Node, keys: Nodes, setting: Setting) -> dict[str, Any]:
    found: dict[str, Any] = {"cost": keys["cost"].text() if "cost" in keys else ""}
    name = one_of(node, keys, "amount", "recoverable_amount", "remaining_consideration")
    amount = setting.scale.amount(keys[name])
    if "remaining_costs" in keys:
        if name != "remaining_consideration":
            raise keys["remaining_costs"].refuse("They belong to remaining_consideration.")
        amount -= setting.scale.amount(keys["remaining_costs"])
    return found | {"amount": amount, "counts": name == "amount"}


def _modified(node: Node, keys: Nodes, setting: Setting) -> dict[str, Any]:
    return {"modification": modification(node, keys, setting)}


def _cancelled(node: Node, keys: Nodes, setting: Setting) -> dict[str, Any]:
    del node
    found: dict[str, Any] = {}
    if "refund" in keys:
        found["refund"] = setting.scale.amount(keys["refund"])
    if "fee" in keys:
        found["fee"] = setting.scale.amount(keys["fee"])
    return found


def _needed(node: Node, keys: Nodes, name: str) -> Node:
    if name not in keys:
        raise node.refuse(f"“{name}” is missing.")
    return keys[name]


_ESTIMATED: dict[str, Fits] = {"expected_cost": is_costed, "expected_quantity": is_counted}
READERS: dict[Kind, Callable[[Node, Nodes, Setting], dict[str, Any]]] = {
    Kind.DELIVERY: _counted,
    Kind.USAGE: _counted,
    Kind.REDEMPTION: _counted,
    Kind.OUTPUT: _counted,
    Kind.INPUT: _counted,
    Kind.COST: _cost,
    Kind.PROGRESS: _progress,
    Kind.MILESTONE: _milestone,
    Kind.ROYALTY: _royalty,
    Kind.RETURN: _returned,
    Kind.EXPIRY: _nothing,
    Kind.ESTIMATE: _estimate,
    Kind.TRUE_UP: _true_up,
    Kind.PROMISE_TO_CUSTOMER: _to_customer,
    Kind.PAYMENT_TO_CUSTOMER: _to_customer,
    Kind.INVOICE: _paper,
    Kind.CREDIT_NOTE: _paper,
    Kind.PAYMENT: _paper,
    Kind.REFUND: _paper,
    Kind.APPLY_CREDIT: _paper,
    Kind.IMPAIRMENT: _impairment,
    Kind.IMPAIRMENT_REVERSAL: _impairment,
    Kind.MODIFICATION: _modified,
    Kind.CANCELLATION: _cancelled,
}
