"""Reading of the transaction price: fixed, variable, payable to the customer; and of discounts."""

from collections.abc import Iterable
from fractions import Fraction

from app.kernel.reading import Node
from app.revenue.recognition.intake.values import Nodes, Scale, day, listed, one_of, share
from app.revenue.recognition.terms import (
    Basis,
    Discount,
    Estimate,
    Obligation,
    Outcome,
    Payable,
    Price,
    Variable,
)

PRICE_KEYS = ("fixed", "variable", "payable_to_customer", "noncash")
ESTIMATE_KEYS = (
    "amount", "outcomes", "method", "included", "constrained_to", "highly_probable",
    "reversal_probability", "reversal_threshold",
)  # fmt: skip
VARIABLE_KEYS = (
    "kind",
    "effect",
    "rate",
    "obligations",
    "refundable",
    "toward_selling_price",
    *ESTIMATE_KEYS,
)
OUTCOME_KEYS = ("amount", "probability")
PAYABLE_KEYS = ("promised_on", "paid_on", "fair_value_received")
DISCOUNT_KEYS = ("amount", "price")
_REDUCING = {"penalty", "rebate", "discount", "refund", "price_concession", "credit", "return"}
_REFUNDABLE = {"rebate", "refund", "price_concession", "return"}
KINDS = ("bonus", "royalty", "incentive", "other", *sorted(_REDUCING))
_CLOSE = Fraction(1, 10**6)


def price_of(node: Node, scale: Scale) -> Price:
    """Return a transaction price: one amount, or its parts."""
    if not isinstance(node.value, dict):
        return Price(scale.amount(node), said="as stated")
    keys = node.keys((), PRICE_KEYS)
    if not keys:
        raise node.refuse("Give at least one part of the transaction price.")
    variables = [variable(each, scale) for each in listed(keys, "variable")]
    refuse_twice(listed(keys, "variable"), [each.id for each in variables])
    return Price(
        fixed=scale.amount(keys["fixed"]) if "fixed" in keys else Fraction(0),
        variables=tuple(variables),
        payables=tuple(_payable(each, scale) for each in listed(keys, "payable_to_customer")),
        noncash=scale.amount(keys["noncash"]) if "noncash" in keys else Fraction(0),
        said="as stated" if "fixed" in keys else "",
    )


def refuse_twice(nodes: list[Node], names: list[str]) -> None:
    """Refuse a name that an earlier member of the list has."""
    for place, name in enumerate(names):
        if name in names[:place]:
            raise nodes[place].refuse(f"“{name}” is there twice.")


def variable(node: Node, scale: Scale) -> Variable:
    """Return a variable element."""
    keys = node.keys(("id",), VARIABLE_KEYS)
    kind = keys["kind"].text() if "kind" in keys else "other"
    if kind not in KINDS and "effect" not in keys:
        known = ", ".join(KINDS)
        raise keys["kind"].refuse(f"Say its effect, adds or reduces; known without are {known}.")
    reduces = kind in _REDUCING
    if "effect" in keys:
        reduces = keys["effect"].word("adds", "reduces") == "reduces"
    royalty = kind == "royalty"
    if not royalty and not {"amount", "outcomes", "rate"} & keys.keys():
        raise node.refuse("Give an amount, outcomes or a rate.")
    named = [each.text() for each in listed(keys, "obligations")]
    return Variable(
        id=keys["id"].text(),
        kind=kind,
        reduces=reduces,
        estimate=estimate(node, keys, scale),
        rate=share(keys["rate"]) if "rate" in keys else None,
        obligations=tuple(named),
        refundable=keys["refundable"].flag() if "refundable" in keys else kind in _REFUNDABLE,
        royalty=royalty,
        toward_price=_toward(keys, royalty=royalty),
        path=node.path,
    )


def _toward(keys: Nodes, *, royalty: bool) -> bool:
    """Return whether what it is expected to bring lowers the price left to allocate to its own."""
    if "toward_selling_price" in keys:
        return keys["toward_selling_price"].flag()
    return royalty and "obligations" in keys and bool({"amount", "outcomes"} & keys.keys())


def estimate(node: Node, keys: Nodes, scale: Scale) -> Estimate:
    """Return what an element is thought to be worth, from an object's keys."""
    if "amount" in keys and "outcomes" in keys:
        raise node.refuse("Give an amount or outcomes, not both.")
    outcomes = _outcomes(keys["outcomes"], scale) if "outcomes" in keys else ()
    basis = Basis.EXPECTED_VALUE if outcomes else Basis.STATED
    if "method" in keys:
        basis = keys["method"].choice(Basis, (Basis.EXPECTED_VALUE, Basis.MOST_LIKELY))
        if not outcomes:
            raise keys["method"].refuse("A method needs outcomes.")
    if "highly_probable" in keys and not outcomes:
        raise keys["highly_probable"].refuse("It needs outcomes.")
    return Estimate(
        amount=scale.price(keys["amount"]) if "amount" in keys else None,
        outcomes=outcomes,
        basis=basis,
        included=keys["included"].flag() if "included" in keys else True,
        cap=scale.price(keys["constrained_to"]) if "constrained_to" in keys else None,
        confidence=_optional_share(keys, "highly_probable"),
        reversal_probability=_optional_share(keys, "reversal_probability"),
        reversal_threshold=_optional_share(keys, "reversal_threshold") or Fraction(1, 4),
    )


def _optional_share(keys: Nodes, name: str) -> Fraction | None:
    return share(keys[name]) if name in keys else None


def _outcomes(node: Node, scale: Scale) -> tuple[Outcome, ...]:
    found = []
    for each in node.items():
        keys = each.keys(OUTCOME_KEYS)
        found.append(Outcome(scale.price(keys["amount"]), share(keys["probability"])))
    whole = sum((each.probability for each in found), Fraction(0))
    if abs(whole - 1) > _CLOSE:
        said = float(whole * 100)
        raise node.refuse(f"The probabilities add up to {said:g} %, not to 100 %.")
    return tuple(Outcome(each.amount, each.probability / whole) for each in found)


def _payable(node: Node, scale: Scale) -> Payable:
    """Return what is payable to the customer; a bare amount is promised at inception."""
    if not isinstance(node.value, dict):
        return Payable(scale.amount(node), None, path=node.path)
    keys = node.keys(("amount",), PAYABLE_KEYS)
    amount = scale.amount(keys["amount"])
    value = Fraction(0)
    if "fair_value_received" in keys:
        value = scale.amount(keys["fair_value_received"])
        value = min(value, amount)
    return Payable(
        amount,
        day(keys["promised_on"]) if "promised_on" in keys else None,
        value,
        node.path,
    )


def paid_on(node: Node) -> Node | None:
    """Return the day on which consideration payable to the customer was paid, if it is told."""
    value = node.value.get("paid_on") if isinstance(node.value, dict) else None
    return None if value is None else Node(value, f"{node.path}.paid_on")


def discount(node: Node, scale: Scale, obligations: Iterable[Obligation]) -> Discount:
    """Return a discount that belongs to some obligations; a bare amount is one on all of them."""
    if not isinstance(node.value, dict):
        named = [each.id for each in obligations]
        return Discount(tuple(named), amount=scale.amount(node), path=node.path)
    keys = node.keys(("obligations",), DISCOUNT_KEYS)
    nodes = listed(keys, "obligations")
    named = [each.text() for each in nodes]
    refuse_twice(nodes, named)
    if one_of(node, keys, "amount", "price") == "amount":
        return Discount(tuple(named), amount=scale.amount(keys["amount"]), path=node.path)
    return Discount(tuple(named), price=scale.amount(keys["price"]), path=node.path)
