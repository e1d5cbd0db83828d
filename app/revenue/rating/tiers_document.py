"""Reading amounts, rates and tiers: without gap or overlap, the last without an end."""

from collections.abc import Callable
from fractions import Fraction

from app.kernel.reading import Node
from app.revenue.rating import names
from app.revenue.rating.prices import ZERO, Tier

Members = dict[str, Node]
ENDS_OF_TIER = ("up_to", "first_unit", "last_unit")
ENDS = ("inf", "infinity", "∞")
_ONE = Fraction(1)
_PERCENT = 100


def money(node: Node) -> Fraction:
    """Return an exact amount in major units, zero or more; finer than the currency is allowed."""
    if isinstance(node.value, str) and set(node.value) & set("%/"):
        raise node.refuse(f"“{node.value[:40]}” is not an amount.")
    return node.exact()


def units(node: Node) -> Fraction:
    """Return an exact quantity of zero or more."""
    if isinstance(node.value, str) and set(node.value) & set("%/"):
        raise node.refuse(f"“{node.value[:40]}” is not a quantity.")
    return node.exact()


def rate(node: Node) -> Fraction:
    """Return a rate: 1.5% or 0.015; under a key that says percent 1.5 is 1.5 % too."""
    found = node.exact()
    is_told_in_percent = isinstance(node.value, str) and "%" in node.value
    if node.path.endswith(names.PERCENT) and not is_told_in_percent:
        found /= _PERCENT
        if found > 1:
            raise node.refuse("A rate is at most 100 %.")
    if found > 1:
        raise node.refuse(f"A rate is at most 1; write 2.5% or 0.025, not “{node.value}”.")
    return found


def read_tiers(
    node: Node,
    amount: Callable[[Node], Fraction],
    priced: str = "unit_amount",
    *,
    may_touch: bool = False,
) -> tuple[Tier, ...]:
    """Return tiers that follow each other without gap or overlap, the last without an end.

    Ends are given by ``up_to`` or ``last_unit`` (both inclusive); ``first_unit`` is checked.
    ``may_touch``: a tier ``from`` the very end of the one before it says the same, as it does
    wherever each tier is for its own part of the quantity.

    :raises DocumentRefused: if they do not
    """
    also = names.RATE_TIER if priced == "rate" else names.TIER
    tiers: list[Tier] = []
    above: Fraction | None = ZERO
    for each in node.items():
        members = each.keys((), (*ENDS_OF_TIER, priced, "flat_amount"), also=also)
        if above is None:
            raise each.refuse("The tier before it has no end: the two overlap.")
        _check_start(members, above, may_touch=may_touch)
        up_to = _end(each, members, above)
        tiers.append(Tier(above, up_to, *_prices(each, members, amount, priced)))
        above = up_to
    if above is not None:
        raise node.refuse(f"No tier is for more than {above}: the last must have no end.")
    return tuple(tiers)


def _end(node: Node, members: Members, above: Fraction) -> Fraction | None:
    """Return where a tier ends; None where it does not."""
    if "last_unit" in members and "up_to" in members:
        raise node.refuse("Give either up_to or last_unit.")
    end = members.get("last_unit", members.get("up_to"))
    if end is None or end.value in ENDS:
        return None
    found = units(end)
    if found <= above:
        raise end.refuse(f"The tier ends at {found}, where it would begin above {above}.")
    return found


def _check_start(members: Members, above: Fraction, *, may_touch: bool) -> None:
    """Refuse a first unit that is not the next; the very first tier may begin at 0 or 1."""
    if "first_unit" not in members:
        return
    node = members["first_unit"]
    start = units(node)
    is_edge = may_touch and not node.path.endswith("first_unit")
    if start == above + _ONE or (start == above and (is_edge or not above)):
        return
    words = "leave a gap" if start > above + _ONE else "overlap"
    raise node.refuse(f"The tier before it ends at {above}, this begins at {start}: they {words}.")


def _prices(
    node: Node, members: Members, amount: Callable[[Node], Fraction], priced: str
) -> tuple[Fraction, Fraction]:
    if priced not in members and ("flat_amount" not in members or priced == "rate"):
        raise node.refuse(f"“{priced}” is missing.")
    flat = money(members["flat_amount"]) if "flat_amount" in members else ZERO
    return amount(members[priced]) if priced in members else ZERO, flat
