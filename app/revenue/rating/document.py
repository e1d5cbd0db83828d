"""Reading what is to be rated: currency, periods, charges with their prices, usage."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from app.kernel.period import Days
from app.kernel.reading import Node
from app.revenue.rating import names
from app.revenue.rating.prices import Commitment, Percentage, Price
from app.revenue.rating.prices_document import KEYS, model_of, read_price
from app.revenue.rating.sheet import Charge, Sheet, Usage
from app.revenue.rating.tiers_document import Members, money, units
from app.revenue.rating.usage import Aggregation, Metering
from app.revenue.rating.usage_document import take_own, take_rows

TOP = ("currency", "charges", "period", "periods", "usage", "minimum_amount")
OF_CHARGE = ("name", "aggregation", "values", "opening", "minimum_amount", "maximum_amount",
             "active", "prorate", "quantity", "quantities", "transactions", "events")  # fmt: skip
_OUTER = ("currency", "period", "periods", "usage")
_ONE_NAME = "usage"
_CHARGES = tuple(name for name, key in names.TOP.items() if key == "charges")
_DAY = timedelta(days=1)


def read_sheet(document: object, *, has_more: bool = False, path: str = "") -> tuple[Sheet, Usage]:
    """Return the charges of a document (``rating.schema.json``) and the usage that is in it.

    ``has_more`` says that usage is taken from elsewhere too; ``path`` leads to the document.

    :raises DocumentRefused: naming the path of what cannot be meant
    """
    members = _top(Node(document, path))
    periods = _periods(members)
    nodes = [_flattened(node) for node in members["charges"].items()]
    charges = tuple(_charge(node, periods, len(nodes)) for node in nodes)
    _check_names(charges, nodes)
    currency = _currency(members["currency"])
    minimum = money(members["minimum_amount"]) if "minimum_amount" in members else None
    sheet = Sheet(currency, charges, periods, minimum)
    usage = Usage(sheet)
    for charge, node in zip(charges, nodes, strict=True):
        take_own(usage, charge, node, is_told_elsewhere=has_more or "usage" in members)
    if "usage" in members:
        take_rows(usage, members["usage"])
    return sheet, usage


def _top(node: Node) -> Members:
    """Return the members of a document; one that is itself a charge stands for a list of one."""
    if isinstance(node.value, dict) and {"model", *names.MODEL} & {*node.value}:
        inner = {key: value for key, value in node.value.items() if not _is_outer(key, value)}
        rest = {key: value for key, value in node.value.items() if key not in inner}
        members = Node(rest, node.path).keys(("currency",), _OUTER)
        path = f"{node.path}.charges" if node.path else "charges"
        return members | {"charges": Node([inner], path)}
    _check_model(node)
    return node.keys(("currency", "charges"), TOP[2:], also=names.TOP)


def _check_model(node: Node) -> None:
    """Refuse a document that is itself a charge and does not say of which model."""
    if not isinstance(node.value, dict) or {"charges", *_CHARGES} & {*node.value}:
        return
    if {*node.value} - {*TOP, *names.TOP}:
        raise node.refuse("“model” is missing: it says what the price is.")


def _flattened(node: Node) -> Node:
    """Return a charge whose price stands in an object of its own, called properties, as one."""
    value = node.value
    if not isinstance(value, dict) or not isinstance(value.get("properties"), dict):
        return node
    inner, rest = value["properties"], {k: v for k, v in value.items() if k != "properties"}
    if both := sorted(inner.keys() & rest.keys()):
        raise node.refuse(f"“{both[0]}” is there twice: “properties” says it again.")
    return Node(rest | inner, node.path)


def _currency(node: Node) -> str:
    """Return a currency code, which may be in small letters."""
    value = node.value
    return Node(value.upper() if isinstance(value, str) else value, node.path).currency()


def _is_outer(key: str, value: object) -> bool:
    """Return whether a key beside a charge's own is the document's; a bare usage is a quantity."""
    return key in _OUTER and (key != "usage" or isinstance(value, list))


def _periods(members: Members) -> tuple[Days | None, ...]:
    if "period" in members and "periods" in members:
        raise members["periods"].refuse("Give either period or periods.")
    if "period" in members:
        return (_days(members["period"]),)
    if "periods" not in members:
        return (None,)
    nodes = members["periods"].items()
    found = [_days(node) for node in nodes]
    for node, earlier, later in zip(nodes[1:], found, found[1:], strict=False):
        if later.start != earlier.until:
            raise node.refuse(f"It must begin where the one before it ends, on {earlier.until}.")
    return tuple(found)


def _days(node: Node) -> Days:
    members = node.keys(("start",), ("until", "end"), also=names.PERIOD)
    if len(members) != len(("start", "until")):
        raise node.refuse("Give either until, the day after the last, or end, the last day.")
    after = members["until"].day() if "until" in members else members["end"].day() + _DAY
    found = Days(members["start"].day(), after)
    if found.until <= found.start:
        raise node.refuse("It ends before it begins; until is the day after the last.")
    return found


def _charge(node: Node, periods: Sequence[Days | None], count: int) -> Charge:
    model = model_of(node)
    needed, optional = KEYS[model]
    members = node.keys(("model", *needed), (*OF_CHARGE, *optional), also=names.of_charge(model))
    if "name" not in members and count > 1:
        raise node.refuse("“name” is missing: there are several charges.")
    charge = Charge(
        _name(members["name"]) if "name" in members else _ONE_NAME,
        model,
        read_price(model, members, node),
        _metering(members),
        minimum=money(members["minimum_amount"]) if "minimum_amount" in members else None,
        maximum=money(members["maximum_amount"]) if "maximum_amount" in members else None,
        active=_days(members["active"]) if "active" in members else None,
        is_prorated="prorate" in members and members["prorate"].flag(),
    )
    _check(charge, node, periods)
    return charge


def _name(node: Node) -> str:
    """Return a name that can be printed: JSON may escape half of a character."""
    found = node.text()
    if any("\ud800" <= sign <= "\udfff" for sign in found):
        raise node.refuse("It holds half of a pair of code units, which is no character.")
    return found


def _metering(members: Members) -> Metering:
    kind = Aggregation.SUM
    if "aggregation" in members:
        node = members["aggregation"]
        kind = names.AGGREGATIONS.get(names.said(node.value)) or node.choice(Aggregation)
    if kind is not Aggregation.TIME_WEIGHTED:
        for name in ("values", "opening"):
            if name in members:
                raise members[name].refuse("It is for time_weighted usage only.")
        return Metering(kind)
    if "values" not in members:
        raise members["aggregation"].refuse("Say by “values” whether they are levels or changes.")
    is_change = members["values"].word("levels", "changes") == "changes"
    opening = units(members["opening"]) if "opening" in members else Fraction(0)
    return Metering(kind, is_change, opening)


def _check(charge: Charge, node: Node, periods: Sequence[Days | None]) -> None:
    """Refuse what cannot be meant together."""
    most = charge.minimum if charge.maximum is None else charge.maximum
    if charge.minimum is not None and most is not None and charge.minimum > most:
        raise node.refuse("minimum_amount is more than maximum_amount.")
    is_dated = all(periods)
    for needs, what in (
        (charge.active is not None, "active"),
        (charge.metering.aggregation is Aggregation.TIME_WEIGHTED, "time_weighted usage"),
    ):
        if needs and not is_dated:
            raise node.refuse(f"{what} needs a period in the document.")
    if charge.is_prorated and charge.active is None:
        raise node.refuse("prorate needs the days that are active.")
    _check_price(charge.price, charge, node)


def _check_price(price: Price, charge: Charge, node: Node) -> None:
    if isinstance(price, Percentage) and charge.metering.aggregation is not Aggregation.SUM:
        raise node.refuse("A percentage is of amounts that are added up: the aggregation is sum.")
    is_bounded = charge.minimum is not None or charge.maximum is not None
    if isinstance(price, Commitment) and price.is_whole_term and is_bounded:
        raise node.refuse("A commitment for the whole term takes no minimum or maximum.")


def _check_names(charges: Sequence[Charge], nodes: Sequence[Node]) -> None:
    seen: set[str] = set()
    for charge, node in zip(charges, nodes, strict=True):
        if charge.name in seen:
            raise node.refuse(f"The name “{charge.name}” is there twice.")
        seen.add(charge.name)
