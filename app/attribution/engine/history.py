"""Past journeys: who touched what before it was won or lost (history.schema.json)."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from app.attribution.engine.policy import CLASSES
from app.attribution.engine.touches import Touch
from app.kernel.errors import Invalid
from app.kernel.reading import DocumentRefused, Node

_JOURNEY = ("id", "closed_at", "touches")
_ORDER = ("amount", "currency")
_TOUCH = ("class", "kind", "role", "weight", "milestone", "id")


class HistoryRefused(Invalid):
    """A history does not say what it must; the sentence names the path."""

    code = "attribution.history"


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One opportunity that was closed, with the touches of partners on it.

    A won one has the order's amount in minor units; a lost one brought nothing.
    """

    id: str
    closed_at: datetime
    touches: tuple[Touch, ...]
    is_won: bool = True
    currency: str = ""
    minor: int = 0


def read_history(document: object) -> tuple[Journey, ...]:
    """Return the journeys that a JSON document tells of.

    :raises HistoryRefused: naming the path of the first value that cannot be accepted
    """
    try:
        found = Node(document, "").keys(("journeys",))["journeys"].items()
        journeys = tuple(_journey(node) for node in found)
        _refuse_repeats(found, journeys)
    except DocumentRefused as refusal:
        raise HistoryRefused(refusal.sentence, errors=refusal.errors) from None
    return journeys


def _refuse_repeats(found: list[Node], journeys: tuple[Journey, ...]) -> None:
    known: set[str] = set()
    for node, journey in zip(found, journeys, strict=True):
        if journey.id in known:
            raise node.refuse(f"“{journey.id[:40]}” is the id of another journey too.")
        known.add(journey.id)


def _journey(node: Node) -> Journey:
    members = node.keys(_JOURNEY, ("outcome", "customer", *_ORDER))
    is_won = "outcome" not in members or members["outcome"].word("won", "lost") == "won"
    currency, minor = "", 0
    if is_won:
        members = node.keys((*_JOURNEY, *_ORDER), ("outcome", "customer"))
        currency = members["currency"].currency()
        minor = members["amount"].amount(currency)
    if "customer" in members:
        members["customer"].text()
    return Journey(
        id=members["id"].text(),
        closed_at=members["closed_at"].moment(),
        touches=tuple(_touch(each) for each in members["touches"].items(least=0)),
        is_won=is_won,
        currency=currency,
        minor=minor,
    )


def _touch(node: Node) -> Touch:
    members = node.keys(("partner", "at"), _TOUCH)
    given: dict[str, Any] = {
        name: members[name].text() for name in ("kind", "role") if name in members
    }
    if "class" in members:
        given["touch_class"] = members["class"].word(*CLASSES)
    if "weight" in members:
        given["weight"] = members["weight"].exact(Fraction(0))
    if "milestone" in members:
        given["milestone"] = members["milestone"].flag()
    return Touch(
        partner_id=members["partner"].text(),
        at=members["at"].moment(),
        key=members["id"].text() if "id" in members else node.path,
        **given,
    )
