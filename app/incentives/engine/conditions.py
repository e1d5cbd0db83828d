"""Reading and writing of ``applies_to``: a tree of all, any, not and conditions on one fact."""

from app.incentives.engine.bounds import day_of
from app.incentives.engine.predicates import (
    ALWAYS,
    FACTS,
    All,
    Among,
    Any,
    Dates,
    Not,
    OrderSize,
    Predicate,
)
from app.kernel.reading import Node

_OF_PARTNERS = frozenset({"programme", "tier", "partner", "country", "region"})
ROUTES = ("sourced", "influenced", "fulfilled", "registered")
DEEPEST = 20


def read_predicate(node: Node, currency: str, depth: int = 0) -> Predicate:
    """Return the tree of conditions that a document describes.

    :raises DocumentRefused: if a node is not exactly one known condition
    """
    if depth > DEEPEST:
        raise node.refuse(f"Conditions may be nested {DEEPEST} deep.")
    known = ("all", "any", "not", "order_size", "event_date", "order_date", *FACTS)
    members = node.keys((), known)
    if not members:
        return ALWAYS
    if len(members) > 1:
        raise node.refuse("One condition is needed here; join several with all or any.")
    ((name, inner),) = members.items()
    if name in ("all", "any"):
        parts = tuple(read_predicate(part, currency, depth + 1) for part in inner.items())
        return All(parts) if name == "all" else Any(parts)
    if name == "not":
        return Not(read_predicate(inner, currency, depth + 1))
    if name == "order_size":
        return _order_size(inner, currency)
    if name in ("event_date", "order_date"):
        return _dates(name, inner)
    return _among(name, inner)


def names_event(predicate: Predicate) -> bool:
    """Return whether a tree of conditions looks at more than the partner."""
    match predicate:
        case Among(fact):
            return fact not in _OF_PARTNERS
        case All(parts) | Any(parts):
            return any(names_event(part) for part in parts)
        case Not(part):
            return names_event(part)
    return True


def _among(name: str, node: Node) -> Among:
    """Return a condition on one fact: a list of values, or one."""
    items = [node] if isinstance(node.value, str) else node.items()
    return Among(name, tuple(_word(name, item) for item in items))


def _word(name: str, item: Node) -> str:
    return item.word(*ROUTES) if name == "route" else item.text()


def _order_size(node: Node, currency: str) -> OrderSize:
    ends = node.keys((), ("at_least", "below"))
    if not ends:
        raise node.refuse("at_least, below or both are needed.")
    low = ends["at_least"].amount(currency) if "at_least" in ends else None
    high = ends["below"].amount(currency) if "below" in ends else None
    if low is not None and high is not None and low >= high:
        raise node.refuse("No order is at least the first amount and below the second.")
    return OrderSize(low, high, currency)


def _dates(name: str, node: Node) -> Dates:
    ends = node.keys((), ("from", "until"))
    if not ends:
        raise node.refuse("from, until or both are needed.")
    start = day_of(ends["from"]) if "from" in ends else None
    until = day_of(ends["until"]) if "until" in ends else None
    if start is not None and until is not None and start >= until:
        raise node.refuse("The window ends before it begins.")
    return Dates(name, start, until)
