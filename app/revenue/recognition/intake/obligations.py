"""Reading of performance obligations."""

from datetime import date
from fractions import Fraction

from app.kernel.reading import Node
from app.revenue.recognition.intake.selling import agent, ssp_of, tiers_of
from app.revenue.recognition.intake.values import (
    SPAN_KEYS,
    Nodes,
    Scale,
    day,
    percent,
    quantity,
    share,
    span_of,
    words,
)
from app.revenue.recognition.span import Method
from app.revenue.recognition.terms import Milestone, Obligation, Pattern, Returns, TiersApply

OBLIGATION_KEYS = (
    "id", "description", "ssp", "unit_ssp", "ssp_range", "cost_plus_margin", "material_right",
    "residual", "price", "quantity", "unit_price", "price_tiers", "tiers_apply", "pattern",
    *SPAN_KEYS, "on", "expected_on", "expected_cost", "expected_quantity",
    "uninstalled_materials", "round_progress_to", "milestones", "returns", "unit_cost", "role",
    "commission_rate", "commission", "paid_to_supplier", "control", "recognised_before",
    "remaining_obligation", "over_time_criteria", "warranty",
)  # fmt: skip
RETURNS_KEYS = ("rate", "expected_quantity", "unknown", "until", "recovery_cost", "restocking_fee")
MILESTONE_KEYS = ("id", "percent", "on")
CRITERIA_KEYS = (
    "consumed_as_performed", "controlled_as_created", "no_alternative_use", "right_to_payment",
)  # fmt: skip
_WARRANTIES = ("assurance", "service")
SAID_AS = {"redemption": Pattern.USAGE, "input": Pattern.OUTPUT}
PATTERNS = (*(each for each in words(Pattern) if each != "over_time"), *SAID_AS, *words(Method))
_MEASURED = {Pattern.USAGE: "expected_quantity", Pattern.OUTPUT: "expected_quantity"}


def obligations_of(node: Node, scale: Scale) -> list[tuple[Obligation, Node]]:
    """Return obligations, given as a list, or as an object of names and selling prices."""
    if isinstance(node.value, dict):
        named = [(name, Node(value, f"{node.path}.{name}")) for name, value in node.value.items()]
        if not named:
            raise node.refuse("At least 1 is needed here.")
    else:
        named = [(str(number), each) for number, each in enumerate(node.items(), start=1)]
    found: list[tuple[Obligation, Node]] = []
    for name, each in named:
        made = obligation(each, scale, name)
        if made.id in [other.id for other, _ in found]:
            raise each.refuse(f"“{made.id}” is there twice.")
        found.append((made, each))
    return found


def obligation(node: Node, scale: Scale, name: str) -> Obligation:
    """Return one obligation; a bare amount is its stand-alone selling price."""
    if not isinstance(node.value, dict):
        return Obligation(name, node.path, ssp=scale.price(node), ssp_said="observable")
    keys = node.keys((), OBLIGATION_KEYS)
    if "warranty" in keys and keys["warranty"].word(*_WARRANTIES) == "assurance":
        return _assurance(node, keys, name)
    pattern, method = _pattern(node, keys)
    count = quantity(keys["quantity"]) if "quantity" in keys else Fraction(1)
    if not count:
        raise keys["quantity"].refuse("It must be above zero.")
    ssp, said, span_range = ssp_of(node, keys, scale, count)
    role, kept, why = agent(node, keys, scale)
    _fits(node, keys, pattern)
    return Obligation(
        id=keys["id"].text() if "id" in keys else name,
        path=node.path,
        description=keys["description"].text() if "description" in keys else "",
        ssp=ssp,
        ssp_said=said,
        ssp_range=span_range,
        residual=keys["residual"].flag() if "residual" in keys else False,
        price=scale.amount(keys["price"]) if "price" in keys else None,
        quantity=count,
        counted="quantity" in keys,
        unit_price=scale.price(keys["unit_price"]) if "unit_price" in keys else None,
        tiers=tiers_of(node, keys, scale),
        tiers_apply=_tiers_apply(keys),
        expected_quantity=_expected(keys, pattern, tiered="price_tiers" in keys),
        pattern=pattern,
        span=span_of(node, keys, method) if method is not None else None,
        expected_on=_expected_on(keys),
        total=_total(node, keys, pattern, scale),
        uninstalled=_amount(keys, "uninstalled_materials", scale),
        progress_unit=_progress_unit(keys),
        milestones=_milestones(keys, pattern),
        returns=_returns(keys["returns"], scale) if "returns" in keys else None,
        unit_cost=scale.price(keys["unit_cost"]) if "unit_cost" in keys else None,
        role=role,
        kept=kept,
        kept_said=why,
        recognised_before=_amount(keys, "recognised_before", scale),
        remaining_counts=keys["remaining_obligation"].flag()
        if "remaining_obligation" in keys
        else True,
        timing=_timing(keys),
    )


def _assurance(node: Node, keys: Nodes, name: str) -> Obligation:
    """Return a warranty that is no obligation (IFRS 15.B30, ASC 606-10-55-32)."""
    if keys.keys() - {"id", "description", "warranty"}:
        why = "An assurance-type warranty is no obligation and has no price or time of its own"
        raise node.refuse(f"{why}: one that is sold is of the type service.")
    known = keys["id"].text() if "id" in keys else name
    return Obligation(known, node.path, assurance=True)


def _expected_on(keys: Nodes) -> date | None:
    """Return the planned day; the day of a point in time is planned until it comes."""
    if "expected_on" in keys:
        return day(keys["expected_on"])
    return day(keys["on"]) if "on" in keys else None


def _pattern(node: Node, keys: Nodes) -> tuple[Pattern, Method | None]:
    if "pattern" not in keys:
        if "start" in keys:
            raise node.refuse("“pattern” is missing: say how it is satisfied over its time.")
        return (Pattern.USAGE if "expected_quantity" in keys else Pattern.POINT_IN_TIME), None
    said = keys["pattern"].word(*PATTERNS)
    if said in words(Method):
        return Pattern.OVER_TIME, Method(said)
    return SAID_AS.get(said) or Pattern(said), None


def _fits(node: Node, keys: Nodes, pattern: Pattern) -> None:
    """Refuse what the pattern has no use for, and what it lacks."""
    if pattern is not Pattern.OVER_TIME and any(name in keys for name in SPAN_KEYS):
        raise node.refuse(f"A time of service has no place in the pattern {pattern}.")
    needs = {Pattern.COST_TO_COST: "expected_cost", Pattern.MILESTONES: "milestones"}
    if pattern in needs and needs[pattern] not in keys:
        raise node.refuse(f"“{needs[pattern]}” is missing.")
    if pattern in _MEASURED and "expected_quantity" not in keys and "unit_price" not in keys:
        raise node.refuse("“expected_quantity” is missing.")
    if "milestones" in keys and pattern is not Pattern.MILESTONES:
        raise keys["milestones"].refuse("They belong to the pattern milestones.")
    if "on" in keys and pattern is not Pattern.POINT_IN_TIME:
        raise keys["on"].refuse("It belongs to the pattern point_in_time.")


def _total(node: Node, keys: Nodes, pattern: Pattern, scale: Scale) -> Fraction | None:
    if pattern is Pattern.COST_TO_COST:
        total = scale.price(keys["expected_cost"])
        if total <= 0:
            raise keys["expected_cost"].refuse("It must be above zero.")
        if _amount(keys, "uninstalled_materials", scale) > total:
            raise keys["uninstalled_materials"].refuse("It is more than the expected cost.")
        return total
    if "expected_cost" in keys:
        raise keys["expected_cost"].refuse("It belongs to the pattern cost_to_cost.")
    if pattern in _MEASURED and "expected_quantity" in keys:
        total = quantity(keys["expected_quantity"])
        if total <= 0:
            raise keys["expected_quantity"].refuse("It must be above zero.")
        return total
    del node
    return None


def _expected(keys: Nodes, pattern: Pattern, *, tiered: bool) -> Fraction | None:
    if "expected_quantity" not in keys:
        return None
    if not tiered and pattern not in _MEASURED:
        raise keys["expected_quantity"].refuse(
            "It belongs to the patterns usage and output, or to price_tiers."
        )
    return quantity(keys["expected_quantity"])


def _tiers_apply(keys: Nodes) -> TiersApply:
    if "tiers_apply" not in keys:
        return TiersApply.RETROSPECTIVE
    return keys["tiers_apply"].choice(TiersApply)


def _milestones(keys: Nodes, pattern: Pattern) -> tuple[Milestone, ...]:
    if pattern is not Pattern.MILESTONES:
        return ()
    found = []
    for number, each in enumerate(keys["milestones"].items(), start=1):
        if not isinstance(each.value, dict):
            found.append(Milestone(str(number), percent(each)))
            continue
        of = each.keys(("percent",), MILESTONE_KEYS)
        name = of["id"].text() if "id" in of else str(number)
        found.append(Milestone(name, percent(of["percent"])))
    if len({each.id for each in found}) < len(found):
        raise keys["milestones"].refuse("Two milestones have the same id.")
    whole = sum(each.share for each in found)
    if whole != 1:
        said = float(whole * 100)
        raise keys["milestones"].refuse(f"The percentages add up to {said:g}, not to 100.")
    return tuple(found)


def _progress_unit(keys: Nodes) -> Fraction | None:
    if "round_progress_to" not in keys:
        return None
    unit = share(keys["round_progress_to"])
    if unit <= 0:
        raise keys["round_progress_to"].refuse("It must be above zero.")
    return unit


def _returns(node: Node, scale: Scale) -> Returns:
    keys = node.keys((), RETURNS_KEYS)
    if len({"rate", "expected_quantity", "unknown"} & keys.keys()) != 1:
        raise node.refuse("Give one of rate, expected_quantity or unknown.")
    return Returns(
        rate=share(keys["rate"]) if "rate" in keys else None,
        quantity=quantity(keys["expected_quantity"]) if "expected_quantity" in keys else None,
        unknown=keys["unknown"].flag() if "unknown" in keys else False,
        until=day(keys["until"]) if "until" in keys else None,
        recovery_cost=_amount(keys, "recovery_cost", scale),
        restocking_fee=_amount(keys, "restocking_fee", scale),
    )


def _amount(keys: Nodes, name: str, scale: Scale) -> Fraction:
    return scale.price(keys[name]) if name in keys else Fraction(0)


def _timing(keys: Nodes) -> str:
    """Return whether control passes over time, where the criteria are given (IFRS 15.35)."""
    if "over_time_criteria" not in keys:
        return ""
    of = keys["over_time_criteria"].keys((), CRITERIA_KEYS)
    met = {name for name in of if of[name].flag()}
    if "consumed_as_performed" in met:
        return "over time: the customer consumes the benefits as the entity performs"
    if "controlled_as_created" in met:
        return "over time: the customer controls the asset as it is created"
    if {"no_alternative_use", "right_to_payment"} <= met:
        return "over time: no alternative use, and a right to payment for performance to date"
    return "at a point in time: none of the criteria for over time is met"
