"""Days that obligations and milestones carry themselves, as the events that they stand for."""

from collections.abc import Iterable
from datetime import date

from app.kernel.reading import Node
from app.revenue.recognition.events import Event, Kind
from app.revenue.recognition.intake.values import day
from app.revenue.recognition.terms import Obligation

Read = Iterable[tuple[Obligation, Node]]


def dated(read: Read, number: int = 0) -> list[Event]:
    """Return events for days that obligations and milestones carry themselves."""
    found = []
    for made, node in read:
        told = _satisfied_on(node)
        if told is not None:
            on, path = told
            found.append(Event(Kind.DELIVERY, on, path, on, number, obligation=made.id))
        for name, at in _milestones_reached(node):
            on = day(at)
            found.append(
                Event(Kind.MILESTONE, on, at.path, on, number, obligation=made.id, milestone=name)
            )
    return found


def names_dated(read: Read) -> frozenset[str]:
    """Return the obligations that carry the day of their delivery."""
    return frozenset(made.id for made, node in read if _satisfied_on(node) is not None)


def _satisfied_on(node: Node) -> tuple[date, str] | None:
    """Return the day on which an obligation at a point in time is satisfied, if it is told."""
    if not isinstance(node.value, dict) or node.value.get("on") is None:
        return None
    of = Node(node.value["on"], f"{node.path}.on")
    return day(of), of.path


def _milestones_reached(node: Node) -> list[tuple[str, Node]]:
    """Return the milestones of an obligation that carry the day on which they were reached."""
    if not isinstance(node.value, dict) or not isinstance(node.value.get("milestones"), list):
        return []
    found = []
    for place, each in enumerate(node.value["milestones"]):
        if isinstance(each, dict) and each.get("on") is not None:
            path = f"{node.path}.milestones[{place}].on"
            found.append((str(each.get("id", place + 1)), Node(each["on"], path)))
    return found
