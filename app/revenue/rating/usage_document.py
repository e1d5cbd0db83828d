"""Reading usage: quantities, transactions or events, with the path of what cannot be meant."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction

from app.kernel.reading import Node
from app.revenue.rating import names
from app.revenue.rating.prices import Fixed
from app.revenue.rating.sheet import Charge, Usage
from app.revenue.rating.tiers_document import Members, units
from app.revenue.rating.usage import Aggregation, Event, UsageRefused, midnight

OF_EVENT = ("quantity", "at", "id", "value")
OF_ROW = ("charge", *OF_EVENT)
GIVEN = ("quantity", "quantities", "transactions", "events")
_DAY = len("2026-01-31")
_LOW = Fraction(-(10**30))


def take_own(usage: Usage, charge: Charge, node: Node, *, is_told_elsewhere: bool) -> None:
    """Take the usage that stands in the charge itself."""
    members = node.part(GIVEN, also=names.of_charge(charge.model))
    given = [name for name in GIVEN if name in members]
    if isinstance(charge.price, Fixed):
        if given:
            raise members[given[0]].refuse("A fixed amount has no usage.")
    elif len(given) > 1:
        raise members[given[1]].refuse(f"The usage is given as {given[0]} already.")
    elif not given and not is_told_elsewhere:
        raise node.refuse(f"Say what is used by one of {', '.join(GIVEN)}.")
    elif given:
        _TAKERS[given[0]](usage, charge, members[given[0]])


def _quantity(usage: Usage, charge: Charge, node: Node) -> None:
    if len(usage.sheet.periods) > 1:
        raise node.refuse("There are several periods: give quantities, one for each.")
    _set(usage, charge, node, [units(node)])


def _several(usage: Usage, charge: Charge, node: Node) -> None:
    found = [units(each) for each in node.items()]
    count = len(usage.sheet.periods)
    if len(found) != count:
        raise node.refuse(f"{len(found)} are given for {count} periods.")
    _set(usage, charge, node, found)


def _set(usage: Usage, charge: Charge, node: Node, found: Sequence[Fraction]) -> None:
    if charge.keeps_events:
        raise node.refuse("This price has terms of each transaction: give transactions or events.")
    if charge.metering.aggregation is not Aggregation.SUM:
        raise node.refuse(f"Events are needed for {charge.metering.aggregation}.")
    usage.set(charge, found)


def _transactions(usage: Usage, charge: Charge, node: Node) -> None:
    if len(usage.sheet.periods) > 1:
        raise node.refuse("There are several periods: give events with their days.")
    for each in node.items(0):
        usage.meters[charge.name][0].add(Event(units(each)))
    usage.given.add(charge.name)


def _events(usage: Usage, charge: Charge, node: Node) -> None:
    for each in node.items(0):
        _take(usage, charge, each, each.keys((), OF_EVENT, also=names.EVENT))


def take_rows(usage: Usage, node: Node) -> None:
    """Take usage that names its charge, row by row."""
    for each in node.items(0):
        take_row(usage, each)


def take_row(usage: Usage, node: Node) -> None:
    """Take one row of usage: charge (where there are several), quantity, at, id, value.

    :raises DocumentRefused: naming the path of what cannot be meant
    """
    members = node.keys((), OF_ROW, also=names.EVENT)
    charges = {charge.name: charge for charge in usage.sheet.charges}
    _take(usage, _charge_of(charges, members, node), node, members)


def _charge_of(charges: Mapping[str, Charge], members: Members, node: Node) -> Charge:
    """Return the charge that a row of usage names; the only one where none is named."""
    if "charge" not in members:
        if len(charges) == 1:
            return next(iter(charges.values()))
        raise node.refuse("“charge” is missing: there are several.")
    name = members["charge"].text()
    if name not in charges:
        raise members["charge"].refuse(f"There is no charge “{name}”.")
    return charges[name]


def _take(usage: Usage, charge: Charge, node: Node, members: Members) -> None:
    try:
        usage.take(charge, *_event(charge, members, node))
    except UsageRefused as refusal:
        raise node.refuse(refusal.sentence) from None


def _event(charge: Charge, members: Members, node: Node) -> tuple[Event, str]:
    """Return an event and its id."""
    kind = charge.metering.aggregation
    quantity = Fraction(1)
    if "quantity" in members:
        quantity = members["quantity"].exact(_LOW)
    elif kind not in (Aggregation.COUNT, Aggregation.UNIQUE_COUNT):
        raise node.refuse("“quantity” is missing.")
    at = _moment(members["at"]) if "at" in members else None
    value = _label(members["value"]) if "value" in members else ""
    return Event(quantity, at, value), _label(members["id"]) if "id" in members else ""


def _label(node: Node) -> str:
    """Return a name; a whole number is one too."""
    is_number = isinstance(node.value, int) and not isinstance(node.value, bool)
    return str(node.value) if is_number else node.text()


def _moment(node: Node) -> datetime:
    if isinstance(node.value, str) and len(node.value) == _DAY:
        return midnight(node.day())
    return node.moment().astimezone(UTC)


_TAKERS = {
    "quantity": _quantity,
    "quantities": _several,
    "transactions": _transactions,
    "events": _events,
}
