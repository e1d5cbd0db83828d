"""Reading the files of `flask incentives`: each refusal names the file and the path in it.

A small file is held; of a large one the events go to a temporary file as they are read.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from app.cli.files import complaints_about, document_of
from app.cli.incentives.gathering import Gathered, Settled
from app.cli.incentives.watching import end_of, watch
from app.cli.json_stream import members_of
from app.incentives.engine import (
    Closing,
    Facts,
    PlanVersion,
    read_closings,
    read_facts,
    read_plan,
    refuse_overlaps,
)
from app.incentives.engine.resets import LIFETIME
from app.kernel.reading import Node

LARGE = 64 << 20
"""Bytes of a file from which on its events are not held: some 400,000 events."""
_EVENTS = "events"
_FACTS = ("partners", _EVENTS, "rates", "blocks")
_START = datetime.combine(LIFETIME.start, time.max, UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """Facts that fit into memory."""

    facts: Facts

    def groups(self, *, together: bool) -> Iterator[Facts]:
        """Yield all facts, whether they count ``together`` or not."""
        del together
        yield self.facts


@dataclass(frozen=True, slots=True)
class History:
    """The facts of a file, some partners' at a time, and the last moment that they tell of."""

    facts: Held | Settled
    last: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """All that a calculation is given."""

    plans: list[PlanVersion]
    closings: list[Closing]
    history: History

    @property
    def last(self) -> datetime:
        """The last moment that the file tells of, so that it gives the same on any day."""
        return max([self.history.last, *(closing.at for closing in self.closings)])


def task_in(file: Path) -> Task:
    """Return what a file with plans and facts asks to be calculated."""
    opened = _open(file, ("plans", "partners", _EVENTS), ("rates", "blocks", "closings"))
    with complaints_about(file):
        members = opened.members
        plans = _plans(members["plans"])
        history = _history(opened)
        closings = read_closings(members["closings"]) if "closings" in members else []
        return Task(plans, closings, history)


def history_in(file: Path) -> History:
    """Return the facts of a file that has nothing else."""
    opened = _open(file, ("partners", _EVENTS), ("rates", "blocks"))
    with complaints_about(file):
        return _history(opened)


@dataclass(frozen=True, slots=True)
class _Opened:
    """The members of a file; where it is large, its events beside them."""

    members: dict[str, Node]
    gathered: Gathered | None


def _open(file: Path, needed: tuple[str, ...], optional: tuple[str, ...]) -> _Opened:
    gathered = None
    if _is_large(file):
        gathered = Gathered()
        document: object = _streamed(file, (*needed, *optional), gathered)
    else:
        document = document_of(file)
    with complaints_about(file):
        return _Opened(Node(document, "").keys(needed, optional), gathered)


def _is_large(file: Path) -> bool:
    return file.exists() and file.stat().st_size > LARGE


def _streamed(file: Path, known: Collection[str], gathered: Gathered) -> dict[str, object]:
    """Return the members of a large file without its events, which are gathered."""
    members: dict[str, object] = {}
    with complaints_about(file):
        for name, index, value in members_of(file, known, (_EVENTS,)):
            if index is not None:
                gathered.add(index, value)
                continue
            members[name] = value
            if name == "plans":
                _plans(Node(value, name))  # refused before much is read
    return members


def _history(opened: _Opened) -> History:
    """Return the facts of a file."""
    told = {name: opened.members[name].value for name in _FACTS if name in opened.members}
    facts = read_facts(told, watch=watch)
    if opened.gathered is None:
        return History(Held(facts), max(map(end_of, facts.events), default=_START))
    return History(opened.gathered.settle(facts), opened.gathered.last or _START)


def plans_in(file: Path) -> list[PlanVersion]:
    """Return the plans of a file: one, a list, or those under the key plans."""
    if _is_large(file):
        members = members_of(file, None, (_EVENTS,))
        document: object = {name: value for name, index, value in members if index is None}
    else:
        document = document_of(file)
    with complaints_about(file):
        if isinstance(document, dict) and "plans" in document:
            return _plans(Node(document["plans"], "plans"))
        return _plans(Node(document, ""))


def _plans(node: Node) -> list[PlanVersion]:
    if not isinstance(node.value, list):
        return [read_plan(node.value, node.path)]
    if not node.value:
        raise node.refuse("At least one plan is needed.")
    plans = [read_plan(item.value, item.path) for item in node.items()]
    refuse_overlaps(plans)
    return plans
