"""Reading of a plan version from its JSON document (plan.schema.json says the same)."""

from fractions import Fraction

from app.incentives.engine.conditions import read_predicate
from app.incentives.engine.facts import REVERSING, EventKind
from app.incentives.engine.plan import (
    Cap,
    CapPer,
    Component,
    Mode,
    PlanVersion,
    Reset,
    Reversal,
    Share,
    Stacking,
    Term,
    Timing,
)
from app.incentives.engine.predicates import ALWAYS
from app.incentives.engine.rates import read_basis, read_table
from app.incentives.engine.windows import read_reset
from app.kernel.reading import Node

_OPTIONAL = (
    "applies_to", "caps", "base_caps", "share", "term", "timing", "reversal", "stacking",
    "first_deals",
)  # fmt: skip


def read_plan(document: object, path: str = "") -> PlanVersion:
    """Return the plan version that a JSON document describes.

    :raises DocumentRefused: naming the path of the first value that cannot be accepted
    """
    members = Node(document, path).keys(
        ("code", "version", "title", "currency", "effective", "components")
    )
    currency = members["currency"].currency()
    effective = members["effective"].keys(("from",), ("until",))
    start = effective["from"].day()
    until = effective["until"].day() if "until" in effective else None
    if until is not None and until <= start:
        raise members["effective"].refuse("The plan ends before it begins.")
    components = tuple(_component(item, currency) for item in members["components"].items())
    codes = [component.code for component in components]
    for code in codes:
        if codes.count(code) > 1:
            raise members["components"].refuse(f"Two components have the code “{code}”.")
    return PlanVersion(
        code=members["code"].text(),
        version=members["version"].whole(1),
        title=members["title"].text(),
        currency=currency,
        start=start,
        until=until,
        components=components,
    )


def _component(node: Node, currency: str) -> Component:
    members = node.keys(("code", "title", "basis", "rates"), _OPTIONAL)
    basis = read_basis(members["basis"])
    applies = members.get("applies_to")
    component = Component(
        code=members["code"].text(),
        title=members["title"].text(),
        basis=basis,
        table=read_table(members["rates"], basis, currency),
        applies_to=ALWAYS if applies is None else read_predicate(applies, currency),
        caps=_caps(members.get("caps"), currency),
        base_caps=_caps(members.get("base_caps"), currency),
        share=_share(members.get("share")),
        term=_term(members.get("term")),
        timing=_timing(members.get("timing")),
        reversal=_reversal(members.get("reversal")),
        stacking=_stacking(members.get("stacking")),
        first_deals=members["first_deals"].whole(1) if "first_deals" in members else None,
    )
    _refuse_contradictions(members, component)
    return component


def _refuse_contradictions(members: dict[str, Node], component: Component) -> None:
    if component.reversal.at == "by_volume":
        if component.caps or component.base_caps:
            raise members["reversal"].refuse("A reversal by volume cannot be combined with a cap.")
        if component.table.mode is Mode.FLAT and component.table.amount is not None:
            raise members["reversal"].refuse("A fixed amount can only be taken back as paid.")
        if component.reversal.mode == "pro_rata":
            raise members["reversal"].refuse("A reversal by volume is full or none.")


def _caps(node: Node | None, currency: str) -> tuple[Cap, ...]:
    if node is None:
        return ()
    found = []
    for item in node.items(0):
        members = item.keys(("per", "limit"), ("period",))
        per = members["per"].choice(CapPer)
        if per is CapPer.PERIOD and "period" not in members:
            raise item.refuse("Say which period: month, quarter, year or lifetime.")
        period = read_reset(members["period"]) if "period" in members else Reset.LIFETIME
        found.append(Cap(per, members["limit"].amount(currency), period))
    return tuple(found)


def _share(node: Node | None) -> Share:
    if node is None:
        return Share()
    if isinstance(node.value, str):
        return Share(node.word("whole", "credit"))
    members = node.keys(("by_role",), ("overlay",))
    parts = members["by_role"]
    if not isinstance(parts.value, dict) or not parts.value:
        raise parts.refuse("Name at least one role and its share.")
    roles = tuple((role, each.exact()) for role, each in parts.keys(tuple(parts.value)).items())
    overlay = "overlay" in members and members["overlay"].flag()
    if sum((share for _, share in roles), Fraction(0)) > 1 and not overlay:
        raise parts.refuse("The shares exceed 100 %; declare overlay if that is meant.")
    return Share("role", roles)


def _term(node: Node | None) -> Term:
    if node is None:
        return Term()
    members = node.keys(("kind",), ("months", "anchor"))
    kind = members["kind"].word("once", "months", "life")
    if (kind == "months") != ("months" in members):
        raise node.refuse("A number of months belongs to the kind “months”, and only there.")
    months = members["months"].whole(1) if "months" in members else 0
    anchor = members["anchor"].word("order", "customer") if "anchor" in members else "order"
    return Term(kind, months, anchor)


def _timing(node: Node | None) -> Timing:
    if node is None:
        return Timing()
    members = node.keys((), ("hold_days", "payable", "holdback"))
    hold = members["hold_days"].whole() if "hold_days" in members else 0
    payable = "earned"
    if "payable" in members:
        payable = members["payable"].word("earned", "collection", "month_end")
    if "holdback" not in members:
        return Timing(hold, payable)
    held = members["holdback"].keys(("share", "days"))
    share = held["share"].exact()
    if share > 1:
        raise held["share"].refuse("At most all of it can be held back.")
    return Timing(hold, payable, share, held["days"].whole())


def _reversal(node: Node | None) -> Reversal:
    if node is None:
        return Reversal()
    members = node.keys(("mode",), ("on", "within_days", "months", "at"))
    mode = members["mode"].word("none", "full", "pro_rata")
    if (mode == "pro_rata") != ("months" in members):
        raise node.refuse("A term in months belongs to the mode “pro_rata”, and only there.")
    if "within_days" in members and mode != "full":
        raise node.refuse("A number of days belongs to the mode “full”, and only there.")
    kinds = members["on"].items() if "on" in members else []
    return Reversal(
        mode=mode,
        on=frozenset(kind.choice(EventKind, sorted(REVERSING)) for kind in kinds),
        within_days=members["within_days"].whole() if "within_days" in members else None,
        months=members["months"].whole(1) if "months" in members else 0,
        at=members["at"].word("as_paid", "by_volume") if "at" in members else "as_paid",
    )


def _stacking(node: Node | None) -> Stacking | None:
    if node is None:
        return None
    members = node.keys(("group", "rule"), ("priority",))
    priority = members["priority"].whole() if "priority" in members else 0
    return Stacking(members["group"].text(), members["rule"].word("add", "best"), priority)
