"""Reading prices: strict, with the path of what cannot be meant."""

from collections.abc import Callable, Collection
from decimal import Decimal
from fractions import Fraction

from app.kernel.reading import Node
from app.revenue.rating import names
from app.revenue.rating.prices import (
    ZERO,
    Commitment,
    Fixed,
    Graduated,
    Hybrid,
    Model,
    Package,
    Percentage,
    PerUnit,
    Price,
    Rollover,
    Tier,
    UnitPrice,
    Volume,
)
from app.revenue.rating.tiers_document import Members, money, rate, read_tiers, units

_AMOUNTS = ("fixed_amount", "free_amount", "transaction_minimum", "transaction_maximum")
_OF_TRANSACTIONS = (*_AMOUNTS, "free_transactions")
KEYS: dict[Model, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Model.PER_UNIT: (("unit_amount",), ("free_units",)),
    Model.GRADUATED: (("tiers",), ("zero_usage",)),
    Model.VOLUME: (("tiers",), ("zero_usage",)),
    Model.PACKAGE: (("package_size", "amount"), ("free_units", "round")),
    Model.PERCENTAGE: (("rate",), _OF_TRANSACTIONS),
    Model.GRADUATED_PERCENTAGE: (("tiers",), _OF_TRANSACTIONS),
    Model.FIXED: (("amount",), ()),
    Model.HYBRID: (("fixed_amount", "price"), ("included_units",)),
    Model.COMMITMENT: (
        ("committed_amount",),
        ("committed_units", "price", "overage", "overage_premium", "term", "billing", "rollover"),
    ),
}
"""The keys of each model: those it needs, and those that may be left out."""
OF_UNITS = (Model.PER_UNIT, Model.GRADUATED, Model.VOLUME, Model.PACKAGE)


def read_price(model: Model, members: Members, node: Node) -> Price:
    """Return the price that the members of an object describe.

    :raises DocumentRefused: naming the path of what cannot be meant
    """
    return _READERS[model](members, node)


def model_of(node: Node, among: Collection[Model] = tuple(Model)) -> Model:
    """Return the model that an object names.

    :raises DocumentRefused: if it names none of ``among``
    """
    members = node.part(("model",), also=names.MODEL)
    if "model" not in members:
        raise node.refuse("“model” is missing.")
    found = members["model"]
    word = names.said(found.value)
    if word in names.TWO_MEANINGS:
        raise found.refuse(f"“{word}” has two meanings: say graduated or volume.")
    model = names.WORDS.get(word)
    return model if model is not None and model in among else found.choice(Model, among)


def read_unit_price(node: Node) -> UnitPrice:
    """Return the price of units that commitments and hybrids hold.

    An amount that stands alone, or in an object without a model, is that of each unit.
    """
    if isinstance(node.value, (int, str, Decimal)):
        return PerUnit(money(node))
    is_plain = not node.part(("model",), also=names.MODEL) and node.part(
        ("unit_amount",), also=names.of_price(Model.PER_UNIT)
    )
    model = Model.PER_UNIT if is_plain else model_of(node, OF_UNITS)
    needed, optional = KEYS[model]
    members = node.keys(needed, ("model", *optional), also=names.of_price(model))
    found = read_price(model, members, node)
    if not isinstance(found, PerUnit | Graduated | Volume | Package):
        raise node.refuse("A price of units is needed here.")
    return found


def _per_unit(members: Members, node: Node) -> PerUnit:
    del node
    return PerUnit(money(members["unit_amount"]), _or_zero(members, "free_units"))


def _or_zero(members: Members, name: str) -> Fraction:
    return units(members[name]) if name in members else ZERO


def _is_flat(members: Members) -> bool:
    """Return whether no usage still costs the first tier's flat amount; declared, not assumed."""
    node = members.get("zero_usage")
    return node is not None and node.word("free", "flat") == "flat"


def _graduated(members: Members, node: Node) -> Graduated:
    del node
    tiers = read_tiers(members["tiers"], money, may_touch=True)
    return Graduated(tiers, _is_flat(members))


def _volume(members: Members, node: Node) -> Volume:
    del node
    return Volume(read_tiers(members["tiers"], money), _is_flat(members))


def _package(members: Members, node: Node) -> Package:
    del node
    size = members["package_size"]
    if not units(size):
        raise size.refuse("A package holds more than nothing.")
    way = members["round"].word("up", "down") if "round" in members else "up"
    free = _or_zero(members, "free_units")
    return Package(units(size), money(members["amount"]), free, way == "up")


def _percentage(members: Members, node: Node) -> Percentage:
    if "rate" in members:
        tiers: tuple[Tier, ...] = (Tier(ZERO, None, rate(members["rate"])),)
    else:
        tiers = read_tiers(members["tiers"], rate, "rate", may_touch=True)
    terms = {name: money(each) for name, each in members.items() if name in _AMOUNTS}
    free = members.get("free_transactions")
    found = Percentage(
        tiers,
        fixed_amount=terms.get("fixed_amount", ZERO),
        free_transactions=free.whole() if free else None,
        free_amount=terms.get("free_amount"),
        minimum=terms.get("transaction_minimum"),
        maximum=terms.get("transaction_maximum"),
    )
    if found.minimum is not None and found.maximum is not None and found.minimum > found.maximum:
        raise node.refuse("transaction_minimum is more than transaction_maximum.")
    return found


def _fixed(members: Members, node: Node) -> Fixed:
    del node
    return Fixed(money(members["amount"]))


def _hybrid(members: Members, node: Node) -> Hybrid:
    del node
    price = read_unit_price(members["price"])
    return Hybrid(money(members["fixed_amount"]), price, _or_zero(members, "included_units"))


def _commitment(members: Members, node: Node) -> Commitment:
    covers_units = "committed_units" in members
    wanted, other = ("overage", "price") if covers_units else ("price", "overage")
    if wanted not in members:
        what = "units" if covers_units else "an amount"
        raise node.refuse(f"“{wanted}” is missing: a commitment of {what} needs it.")
    for name in (other, *(["overage_premium"] if covers_units else [])):
        if name in members:
            raise members[name].refuse(f"It cannot stand beside “{wanted}”.")
    found = Commitment(
        money(members["committed_amount"]),
        read_unit_price(members[wanted]),
        units=units(members["committed_units"]) if covers_units else None,
        premium=_premium(members),
        is_whole_term=_word(members, "term", "period", "whole"),
        is_trued_up=_word(members, "billing", "upfront", "true_up"),
        rollover=_rollover(members["rollover"]) if "rollover" in members else None,
    )
    _check_terms(found, members)
    return found


def _premium(members: Members) -> Fraction:
    return members["overage_premium"].exact() if "overage_premium" in members else ZERO


def _word(members: Members, name: str, usual: str, other: str) -> bool:
    """Return whether the other of two words is said."""
    return name in members and members[name].word(usual, other) == other


def _check_terms(found: Commitment, members: Members) -> None:
    if found.is_trued_up and not found.is_whole_term:
        raise members["billing"].refuse("A true-up needs a commitment for the term “whole”.")
    if found.rollover and found.is_whole_term:
        raise members["rollover"].refuse("Over the whole term nothing is left to roll over.")


def _rollover(node: Node) -> Rollover:
    members = node.keys(("periods",), ("maximum", "order"))
    most = units(members["maximum"]) if "maximum" in members else None
    order = not _word(members, "order", "oldest_first", "newest_first")
    return Rollover(members["periods"].whole(1), most, order)


_READERS: dict[Model, Callable[[Members, Node], Price]] = {
    Model.PER_UNIT: _per_unit,
    Model.GRADUATED: _graduated,
    Model.VOLUME: _volume,
    Model.PACKAGE: _package,
    Model.PERCENTAGE: _percentage,
    Model.GRADUATED_PERCENTAGE: _percentage,
    Model.FIXED: _fixed,
    Model.HYBRID: _hybrid,
    Model.COMMITMENT: _commitment,
}
