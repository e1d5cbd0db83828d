"""Other names of keys and words, where one thing alone can be meant; documents use ours."""

from collections.abc import Mapping

from app.incentives.engine.facts import EventKind
from app.kernel.reading import Node

Names = Mapping[str, str]


def _named(**names: str) -> dict[str, str]:
    """Return the key that each of the words after a key stands for."""
    return {word: key for key, words in names.items() for word in words.split()}


EVENT = _named(
    key="id event_id",
    kind="type event_type",
    on="date",
    partner="partner_id",
    order="order_id",
    product="product_id",
    customer="customer_id",
    invoice="invoice_id",
    family="product_family",
)
PARTNER = _named(id="partner partner_id", programme="program")
PLAN = _named(code="id plan plan_id", title="name")
COMPONENT = _named(code="id component_id", title="name", rates="rate_table")
TABLE = _named(brackets="tiers bands")
_KINDS = _named(
    booked="booking",
    billed="billing invoiced invoice",
    collected="collection payment paid",
    refunded="refund",
    credited="credit_note",
    cancelled="cancellation canceled",
    renewed="renewal",
    recognised="recognized recognition",
)
_KIND_OF = {str(kind): kind for kind in EventKind} | {
    word: EventKind(kind) for word, kind in _KINDS.items()
}
_PERIODS = _named(
    month="monthly", quarter="quarterly", year="yearly annual annually", lifetime="never life"
)


def kind_of(node: Node, among: tuple[EventKind, ...] = ()) -> EventKind:
    """Return the kind of event that a word names."""
    if not among and isinstance(node.value, str) and node.value in _KIND_OF:
        return _KIND_OF[node.value]  # as most do: many events are read
    return _said(node, _KINDS).choice(EventKind, among)


def period_word(node: Node) -> Node:
    """Return the node with the word that a period usually has here."""
    return _said(node, _PERIODS)


def _said(node: Node, names: Names) -> Node:
    return (
        Node(names.get(node.value, node.value), node.path) if isinstance(node.value, str) else node
    )
