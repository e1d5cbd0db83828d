"""Reading of what an obligation sells for: stand-alone selling price, tiers, principal or agent."""

from fractions import Fraction

from app.kernel.reading import Node
from app.revenue.recognition.intake.values import Nodes, Scale, one_of, quantity, rate, share
from app.revenue.recognition.terms import Role, Tier

SSP_KEYS = ("ssp", "unit_ssp", "cost_plus_margin", "material_right")
COST_PLUS_KEYS = ("cost", "margin")
RIGHT_KEYS = (
    "discount", "discount_without", "expected_purchases", "likelihood", "points",
    "value_per_point", "price", "price_without",
)  # fmt: skip
RANGE_KEYS = ("low", "high")
TIER_KEYS = ("from", "over", "unit_price")
CONTROL_KEYS = (
    "controls_before_transfer", "primarily_responsible", "inventory_risk", "sets_price",
)  # fmt: skip
_ENOUGH = 2

Ssp = tuple[Fraction | None, str, tuple[Fraction, Fraction] | None]


def ssp_of(node: Node, keys: Nodes, scale: Scale, count: Fraction) -> Ssp:
    """Return the stand-alone selling price of all units, how it is known, and a range of it."""
    given = [name for name in SSP_KEYS if name in keys]
    if len(given) > 1:
        raise node.refuse(f"Give one of {', '.join(SSP_KEYS)}.")
    within = _range(keys["ssp_range"], scale) if "ssp_range" in keys else None
    if not given:
        return None, "", within
    name = given[0]
    if name == "unit_ssp":
        return scale.price(keys[name]) * count, "observable, per unit", within
    if name == "cost_plus_margin":
        of = keys[name].keys(COST_PLUS_KEYS)
        price = scale.price(of["cost"]) * (1 + rate(of["margin"]))
        return price, "expected cost plus a margin", within
    if name == "material_right":
        return _right(keys[name], scale), "estimated for the material right", within
    if isinstance(keys[name].value, dict):
        low, high = _range(keys[name], scale)
        return None, "", (low, high)
    return scale.price(keys[name]), "observable", within


def _range(node: Node, scale: Scale) -> tuple[Fraction, Fraction]:
    if isinstance(node.value, list):
        ends = node.items(least=2)
        if len(ends) != len(RANGE_KEYS):
            raise node.refuse("A range has two ends: the lowest and the highest price.")
        low, high = (scale.price(each) for each in ends)
    else:
        keys = node.keys(RANGE_KEYS)
        low, high = scale.price(keys["low"]), scale.price(keys["high"])
    if high < low:
        raise node.refuse("The highest price is below the lowest.")
    return low, high


def _right(node: Node, scale: Scale) -> Fraction:
    """Return the selling price of an option: what it saves, times the likelihood of its use.

    Only what it saves over what any customer would get counts (IFRS 15.B42, ASC 606-10-55-44).
    """
    keys = node.keys((), RIGHT_KEYS)
    likely = share(keys["likelihood"]) if "likelihood" in keys else Fraction(1)
    kind = one_of(node, keys, "discount", "points", "price")
    if kind == "points":
        value = scale.price(keys["value_per_point"]) if "value_per_point" in keys else None
        if value is None:
            raise node.refuse("“value_per_point” is missing.")
        return quantity(keys["points"]) * value * likely
    if kind == "price":
        if "price_without" not in keys:
            raise node.refuse("“price_without” is missing.")
        saved = scale.price(keys["price_without"]) - scale.price(keys["price"])
        return max(saved, Fraction(0)) * likely
    if "expected_purchases" not in keys:
        raise node.refuse("“expected_purchases” is missing.")
    without = share(keys["discount_without"]) if "discount_without" in keys else Fraction(0)
    more = max(share(keys["discount"]) - without, Fraction(0))
    return scale.price(keys["expected_purchases"]) * more * likely


def tiers_of(node: Node, keys: Nodes, scale: Scale) -> tuple[Tier, ...]:
    """Return unit prices by quantity, in rising order."""
    if "price_tiers" not in keys:
        return ()
    if "unit_price" not in keys:
        raise node.refuse("price_tiers need the unit_price that holds before the first of them.")
    if "quantity" in keys:
        raise keys["price_tiers"].refuse("They belong to an obligation without a fixed quantity.")
    found: list[Tier] = []
    for each in keys["price_tiers"].items():
        of = each.keys(("unit_price",), TIER_KEYS)
        edge = one_of(each, of, "from", "over")
        found.append(Tier(quantity(of[edge]), scale.price(of["unit_price"]), edge == "over"))
        if len(found) > 1 and found[-1].start <= found[-2].start:
            raise each.refuse("Each tier must begin above the one before it.")
    return tuple(found)


def agent(node: Node, keys: Nodes, scale: Scale) -> tuple[Role, Fraction, str]:
    """Return the role, the share of the price that is revenue, and why."""
    role, why = _role(keys)
    ways = [n for n in ("commission_rate", "commission", "paid_to_supplier") if n in keys]
    if role is Role.PRINCIPAL:
        if ways and ways != ["paid_to_supplier"]:
            raise keys[ways[0]].refuse("Only an agent earns a commission: say role agent.")
        return role, Fraction(1), why
    if len(ways) != 1:
        raise node.refuse("An agent needs one of commission_rate, commission, paid_to_supplier.")
    way = ways[0]
    if way == "commission_rate":
        return role, share(keys[way]), why
    price = _price(node, keys, scale)
    part = scale.price(keys[way])
    if part > price:
        raise keys[way].refuse("It is more than the price.")
    kept = part if way == "commission" else price - part
    return role, kept / price, why


def _price(node: Node, keys: Nodes, scale: Scale) -> Fraction:
    if "price" in keys:
        price = scale.price(keys["price"])
    elif "unit_price" in keys:
        count = quantity(keys["quantity"]) if "quantity" in keys else Fraction(1)
        price = scale.price(keys["unit_price"]) * count
    else:
        raise node.refuse("The price is needed to know which share of it the agent keeps.")
    if price <= 0:
        raise node.refuse("The price of what an agent arranges must be above zero.")
    return price


def _role(keys: Nodes) -> tuple[Role, str]:
    if "role" in keys:
        return keys["role"].choice(Role), "as declared"
    if "control" not in keys:
        return Role.PRINCIPAL, ""
    of = keys["control"].keys((), CONTROL_KEYS)
    met = [name for name in of if of[name].flag()]
    if "controls_before_transfer" in of:
        if "controls_before_transfer" in met:
            return Role.PRINCIPAL, "it controls the good or service before the transfer"
        return Role.AGENT, "it does not control the good or service before the transfer"
    said = ", ".join(name.replace("_", " ") for name in met) or "none"
    role = Role.PRINCIPAL if len(met) >= _ENOUGH else Role.AGENT
    return role, f"of the three indicators of control met: {said}"
