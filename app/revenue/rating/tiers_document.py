"""Reading amounts, rates and tiers: without gap or overlap, the last without an end."""

from collections.abc import Callable
from fractions import Fraction

from app.kernel.reading import Node
from app.revenue.rating.prices import ZERO, Tier

Members = dict[str, Node]
ENDS = ("inf", "infinity", "∞")
_ONE = Fraction(1)


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
    """Return a rate: 1.5% or 0.015."""
    found = node.exact()
    if found > 1:
        raise node.refuse(f"A rate is at most 1; write 2.5% or 0.025, not “{node.value}”.")
    return found


def read_tiers(
    node: Node, amount: Callable[[Node], Fraction], priced: str = "unit_amount"
) -> tuple[Tier, ...]:
    """Return tiers that follow each other without gap or overlap, the last without an end.

    Ends are given by ``up_to`` (inclusive), or by ``first_unit`` and ``last_unit``.

    :raises DocumentRefused: if they do not
    """
    tiers: list[Tier] = []
    above: Fraction | None = ZERO
    for each in node.items():
        members = each.keys((), ("up_to", "first_unit", "last_unit", priced, "flat_amount"))
        if above is None:
            raise each.refuse("The tier before it has no end: the two overlap.")
        up_to = _end(each, members, above)
        tiers.append(Tier(above, up_to, *_prices(each, members, amount, priced)))
        above = up_to
    if above is not None:
        raise node.refuse(f"No tier is for more than {above}: the last must have no end.")
    return tuple(tiers)


def _end(node: Node, members: Members, above: Fraction) -> Fraction | None:
    """Return where a tier ends; None where it does not."""
    ranged = [name for name in ("first_unit", "last_unit") if name in members]
    if ranged and "up_to" in members:
        raise node.refuse("Give either up_to, or first_unit and last_unit.")
    if "first_unit" in members:
        _check_start(members["first_unit"], above)
    elif ranged:
        raise node.refuse("“first_unit” is missing.")
    end = members.get("last_unit" if ranged else "up_to")
    if end is None or end.value in ENDS:
        return None
    found = units(end)
    if found <= above:
        raise end.refuse(f"The tier ends at {found}, where it would begin above {above}.")
    return found


def _check_start(node: Node, above: Fraction) -> None:
    """Refuse a first unit that is not the next; the very first tier may begin at 0 or 1."""
    start = units(node)
    if start == above + _ONE or (start == above == 0):
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
