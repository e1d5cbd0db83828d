"""Reading of a component's parts: caps, share, term, timing, reversal, stacking."""

from fractions import Fraction

from app.incentives.engine.bounds import days_of, months_of
from app.incentives.engine.facts import REVERSING, EventKind
from app.incentives.engine.plan import (
    Cap,
    CapPer,
    Measure,
    Reset,
    Reversal,
    Share,
    Stacking,
    Term,
    Timing,
)
from app.incentives.engine.terms import Basis
from app.incentives.engine.windows import read_reset
from app.incentives.engine.words import percent
from app.kernel.reading import Node

_WITHOUT_PERIOD = (CapPer.EVENT, CapPer.DEAL)
LAPSED = EventKind.CERTIFICATION_LAPSED


def read_caps(node: Node | None, currency: str, basis: Basis | None = None) -> tuple[Cap, ...]:
    """Return caps on the amount, or with ``basis`` on the base: money, or units where they count.

    :raises DocumentRefused: if a cap that goes on over time does not say over which period
    """
    if node is None:
        return ()
    found = []
    for item in node.items(0):
        members = item.keys(("per", "limit"), ("period",))
        per = members["per"].choice(CapPer)
        if per not in _WITHOUT_PERIOD and "period" not in members:
            raise item.refuse("Say over which period; “lifetime” is for all time.")
        period = read_reset(members["period"]) if "period" in members else Reset.LIFETIME
        units = basis is not None and basis.of is Measure.QUANTITY
        limit = members["limit"].whole() if units else members["limit"].amount(currency)
        found.append(Cap(per, limit, period))
    return tuple(found)


def read_spend_limit(node: Node, per: CapPer, currency: str) -> Cap:
    """Return a limit on what all partners together are paid, all time or in each period."""
    members = node.keys(("limit", "period"))
    return Cap(per, members["limit"].amount(currency), read_reset(members["period"]))


def read_share(node: Node | None) -> Share:
    """Return whose part of an event counts.

    :raises DocumentRefused: if shares by role do not add up, and the plan does not say they need
        not
    """
    if node is None:
        return Share()
    if isinstance(node.value, str):
        return Share(node.word("whole", "credit"))
    members = node.keys(("by_role",), ("overlay", "remainder"))
    parts = members["by_role"]
    if not isinstance(parts.value, dict) or not parts.value:
        raise parts.refuse("Name at least one role and its share.")
    roles = tuple((role, each.exact()) for role, each in parts.keys(tuple(parts.value)).items())
    overlay = "overlay" in members and members["overlay"].flag()
    if "remainder" in members:
        members["remainder"].word("unpaid")
    total = sum((share for _, share in roles), Fraction(0))
    if total > 1 and not overlay:
        why = "declare overlay if more than 100 % is meant."
        raise parts.refuse(f"The shares add up to {percent(total)}; {why}")
    if total < 1 and "remainder" not in members:
        why = "say “remainder”: “unpaid” if the rest is for nobody."
        raise parts.refuse(f"The shares add up to {percent(total)}, not to 100 %; {why}")
    return Share("role", roles, overlay=total > 1)


def read_term(node: Node | None) -> Term:
    """Return for how long a component pays."""
    if node is None:
        return Term()
    members = node.keys(("kind",), ("months", "anchor"))
    kind = members["kind"].word("once", "months", "life")
    if (kind == "months") != ("months" in members):
        raise node.refuse("A number of months belongs to the kind “months”, and only there.")
    months = months_of(members["months"]) if "months" in members else 0
    anchor = members["anchor"].word("order", "customer") if "anchor" in members else "order"
    return Term(kind, months, anchor)


def read_timing(node: Node | None, currency: str) -> Timing:
    """Return when what is earned may be paid."""
    if node is None:
        return Timing()
    members = node.keys((), ("hold_days", "payable", "holdback", "minimum_payout"))
    hold = days_of(members["hold_days"]) if "hold_days" in members else 0
    payable = "earned"
    if "payable" in members:
        payable = members["payable"].word("earned", "collection", "month_end")
    least = members["minimum_payout"].amount(currency) if "minimum_payout" in members else 0
    if "holdback" not in members:
        return Timing(hold, payable, minimum_payout=least)
    held = members["holdback"].keys(("share", "days"))
    share = held["share"].exact()
    if share > 1:
        raise held["share"].refuse("At most all of it can be held back.")
    return Timing(hold, payable, share, days_of(held["days"]), least)


def read_reversal(node: Node | None) -> Reversal:
    """Return what takes back how much of what was paid."""
    if node is None:
        return Reversal()
    members = node.keys(("mode",), ("on", "within_days", "months", "at", "lapse", "certification"))
    mode = members["mode"].word("none", "full", "pro_rata")
    if (mode == "pro_rata") != ("months" in members):
        raise node.refuse("A term in months belongs to the mode “pro_rata”, and only there.")
    if "within_days" in members and mode != "full":
        raise node.refuse("A number of days belongs to the mode “full”, and only there.")
    kinds = members["on"].items() if "on" in members else []
    on = frozenset(kind.choice(EventKind, sorted(REVERSING)) for kind in kinds)
    if (LAPSED in on) != ("lapse" in members):
        raise node.refuse(
            "“lapse” says what a lapse of certification takes back, “all” or “unreleased”; it "
            "belongs to “certification_lapsed” among the kinds in “on”, and only there."
        )
    if "certification" in members and LAPSED not in on:
        raise members["certification"].refuse(
            "Which certification is watched belongs to “certification_lapsed” among the kinds in "
            "“on”, and only there."
        )
    contract = "months" in members and members["months"].value == "contract"
    return Reversal(
        mode=mode,
        on=on,
        within_days=days_of(members["within_days"]) if "within_days" in members else None,
        months=months_of(members["months"]) if "months" in members and not contract else 0,
        at=members["at"].word("as_paid", "by_volume") if "at" in members else "as_paid",
        contract=contract,
        lapse=members["lapse"].word("all", "unreleased") if "lapse" in members else "",
        certifications=_certifications(members.get("certification")),
    )


def _certifications(node: Node | None) -> tuple[str, ...]:
    """Return the certifications that are watched: a list of names, or one; none is any."""
    if node is None:
        return ()
    items = [node] if isinstance(node.value, str) else node.items()
    return tuple(item.text() for item in items)


def read_stacking(node: Node | None, currency: str) -> tuple[Stacking | None, tuple[Cap, ...]]:
    """Return the group that a component belongs to, and the group's spend limit."""
    if node is None:
        return None, ()
    members = node.keys(("group", "rule"), ("priority", "spend_limit"))
    priority = members["priority"].whole() if "priority" in members else 0
    rule = members["rule"].word("add", "best", "priority")
    stacking = Stacking(members["group"].text(), rule, priority)
    if "spend_limit" not in members:
        return stacking, ()
    return stacking, (read_spend_limit(members["spend_limit"], CapPer.GROUP, currency),)
