"""Reading of a plan version from its JSON document (plan.schema.json says the same)."""

from dataclasses import replace

from app.incentives.engine.advances import DRAW
from app.incentives.engine.bounds import day_of
from app.incentives.engine.conditions import names_event, read_predicate
from app.incentives.engine.names import COMPONENT, PLAN
from app.incentives.engine.parts import (
    LAPSED,
    read_caps,
    read_reversal,
    read_share,
    read_spend_limit,
    read_stacking,
    read_term,
    read_timing,
)
from app.incentives.engine.plan import Cap, CapPer, Component, Draw, Mode, PlanVersion, Reset
from app.incentives.engine.predicates import ALWAYS
from app.incentives.engine.rates import read_basis, read_table
from app.incentives.engine.windows import read_reset
from app.kernel.reading import Node

_OPTIONAL = (
    "applies_to", "caps", "base_caps", "spend_limit", "share", "term", "timing", "reversal",
    "stacking", "first_deals",
)  # fmt: skip


def read_plan(document: object, path: str = "") -> PlanVersion:
    """Return the plan version that a JSON document describes.

    :raises DocumentRefused: naming the path of the first value that cannot be accepted
    """
    members = Node(document, path).keys(
        ("code", "version", "title", "currency", "effective", "components"),
        ("spend_limit", "minimum_payout", "draw"),
        also=PLAN,
    )
    currency = members["currency"].currency()
    effective = members["effective"].keys(("from",), ("until",))
    start = day_of(effective["from"])
    until = day_of(effective["until"]) if "until" in effective else None
    if until is not None and until <= start:
        raise members["effective"].refuse("The plan ends before it begins.")
    limit = _limit(members.get("spend_limit"), CapPer.PLAN, currency)
    least = members["minimum_payout"].amount(currency) if "minimum_payout" in members else 0
    return PlanVersion(
        code=members["code"].text(),
        version=members["version"].whole(1),
        title=members["title"].text(),
        currency=currency,
        start=start,
        until=until,
        components=_components(members["components"], currency, limit, drawn="draw" in members),
        minimum_payout=least,
        draw=_draw(members.get("draw"), currency),
    )


def _limit(node: Node | None, per: CapPer, currency: str) -> tuple[Cap, ...]:
    return () if node is None else (read_spend_limit(node, per, currency),)


def _components(
    node: Node, currency: str, limit: tuple[Cap, ...], *, drawn: bool
) -> tuple[Component, ...]:
    """Return the components, each under the spend limits of its group and of the plan."""
    found: list[Component] = []
    for item in node.items():
        component = _component(item, currency, limit)
        if component.code in [each.code for each in found]:
            raise node.refuse(f"Two components have the code “{component.code}”.")
        if drawn and component.code == DRAW:
            raise item.refuse(f"The code “{DRAW}” is for the plan's draw.")
        _refuse_other_group(item, component, found)
        found.append(component)
    return tuple(_with_group_limit(node, each, found) for each in found)


def _component(node: Node, currency: str, limit: tuple[Cap, ...]) -> Component:
    members = node.keys(("code", "title", "basis", "rates"), _OPTIONAL, also=COMPONENT)
    basis = read_basis(members["basis"])
    applies = members.get("applies_to")
    stacking, of_group = read_stacking(members.get("stacking"), currency)
    own = _limit(members.get("spend_limit"), CapPer.COMPONENT, currency)
    component = Component(
        code=members["code"].text(),
        title=members["title"].text(),
        basis=basis,
        table=read_table(members["rates"], basis, currency),
        applies_to=ALWAYS if applies is None else read_predicate(applies, currency),
        caps=(*read_caps(members.get("caps"), currency), *own, *of_group, *limit),
        base_caps=read_caps(members.get("base_caps"), currency, basis),
        share=read_share(members.get("share")),
        term=read_term(members.get("term")),
        timing=read_timing(members.get("timing"), currency),
        reversal=read_reversal(members.get("reversal")),
        stacking=stacking,
        first_deals=members["first_deals"].whole(1) if "first_deals" in members else None,
    )
    _refuse_contradictions(members, component)
    return component


def _refuse_contradictions(members: dict[str, Node], component: Component) -> None:
    if component.reversal.at == "by_volume":
        _refuse_by_volume(members["reversal"], component)
    if component.first_deals is None:
        return
    rates = members["rates"]
    if isinstance(rates.value, dict) and "reset" not in rates.value:
        raise members["first_deals"].refuse(
            "Say in rates.reset when counting begins again; “lifetime” if never."
        )
    if component.table.reset.rolls:
        raise members["first_deals"].refuse("The first deals of a rolling window cannot be told.")


def _refuse_by_volume(node: Node, component: Component) -> None:
    table = component.table
    if component.caps or component.base_caps:
        raise node.refuse("A reversal by volume cannot be combined with a cap or spend limit.")
    if table.mode is Mode.FLAT and component.table.is_fixed:
        raise node.refuse("A fixed amount can only be taken back as paid.")
    if table.mode is Mode.NEXT_SALE:
        raise node.refuse("A sale was paid by what went before it; take back as paid.")
    if component.stacking is not None and component.stacking.rule != "add":
        raise node.refuse("A reversal by volume cannot be combined with a group of which one pays.")
    if component.reversal.mode == "pro_rata":
        raise node.refuse("A reversal by volume is full or none.")
    if LAPSED in component.reversal.on:
        raise node.refuse("A lapse of certification changes no volume; take back as paid.")
    if table.qualify is not None or table.reset.rolls:
        raise node.refuse(
            "Where the rate is reached on another measure or in a rolling window, what was paid "
            "can only be taken back as paid."
        )


def _refuse_other_group(node: Node, component: Component, earlier: list[Component]) -> None:
    """Refuse a group whose components say different things about it."""
    for each in earlier:
        one, other = each.stacking, component.stacking
        if one is None or other is None or one.group != other.group:
            continue
        if one.rule != other.rule:
            raise node.refuse(f"Group “{one.group}” has two rules, {one.rule} and {other.rule}.")
        if len({*_group_limits(each), *_group_limits(component)}) > 1:
            raise node.refuse(f"Group “{one.group}” has two spend limits.")


def _group_limits(component: Component) -> list[Cap]:
    return [cap for cap in component.caps if cap.per is CapPer.GROUP]


def _with_group_limit(node: Node, component: Component, all_: list[Component]) -> Component:
    """Return a component under its group's spend limit, whichever component declares it."""
    if component.stacking is None or _group_limits(component):
        return component
    group = component.stacking.group
    limits = (
        limit
        for each in all_
        if each.stacking is not None and each.stacking.group == group
        for limit in _group_limits(each)
    )
    limit = next(limits, None)
    if limit is None:
        return component
    if component.reversal.at == "by_volume":
        raise node.refuse(f"Group “{group}” has a spend limit, and a reversal by volume has none.")
    return replace(component, caps=(*component.caps, limit))


def _draw(node: Node | None, currency: str) -> Draw | None:
    if node is None:
        return None
    members = node.keys(("amount", "period", "recoverable"), ("from", "until", "applies_to"))
    period = read_reset(members["period"])
    if period.rolls or period == Reset.LIFETIME:
        raise members["period"].refuse("A draw is paid for each month, quarter or year.")
    applies = read_predicate(members["applies_to"], currency) if "applies_to" in members else ALWAYS
    if names_event(applies):
        raise members["applies_to"].refuse(
            "A draw belongs to a partner: programme, tier, partner, country and region only."
        )
    return Draw(
        amount=members["amount"].amount(currency),
        period=period,
        recoverable=members["recoverable"].flag(),
        start=day_of(members["from"]) if "from" in members else None,
        until=day_of(members["until"]) if "until" in members else None,
        applies_to=applies,
    )
