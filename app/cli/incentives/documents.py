"""Reading the files of `flask incentives`: each refusal names the file and the path in it."""

import gc
import sys
from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import click

from app.cli.files import BadFile, complaints_about, document_of
from app.cli.incentives.columnar import lines_in_columns
from app.incentives.engine import (
    Closing,
    Facts,
    Line,
    Nothing,
    PlanVersion,
    apart,
    calculate_open,
    open_from,
    read_closings,
    read_facts,
    read_plan,
    refuse_overlaps,
)
from app.incentives.engine.resets import LIFETIME
from app.kernel.reading import Node

_FACTS = ("partners", "events", "rates", "blocks")
_MANY = 2000
LARGEST = 512 << 20
"""Bytes of a file: some four million events."""


@dataclass(frozen=True, slots=True)
class Calculation:
    """What a file pays as of a moment: issued lines, new lines and reasons for nothing.

    ``open_from`` is the first open day, None where nothing was closed.
    """

    as_of: datetime
    issued: list[Line]
    lines: list[Line]
    nothing: list[Nothing]
    open_from: date | None


class Moment(click.ParamType[datetime]):
    """A day (its last moment, in UTC) or a moment with its offset."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the moment that a text names."""
        found: datetime | None
        try:
            found = datetime.combine(date.fromisoformat(value), time.max, UTC)
        except ValueError:
            found = _moment(value)
        if found is None or not LIFETIME.contains(found.date()):
            self.fail(f"“{value}” is neither a day nor a moment with its offset.", param, ctx)
        return found


def _moment(value: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def calculation_of(
    file: Path, as_of: datetime | None, *, explain: bool, reasons: bool = True
) -> Calculation:
    """Return what a file with plans and facts pays; traces are kept where they are explained.

    Where no ``reasons`` for nothing are asked for, many events are calculated in columns.
    """
    document = _document(file)
    with complaints_about(file):
        members = Node(document, "").keys(
            ("plans", "partners", "events"), ("rates", "blocks", "closings")
        )
        plans = _plans(members["plans"])
        told = {name: members[name].value for name in _FACTS if name in members}
        facts = read_facts(told, watch=watch)
        closings = read_closings(members["closings"]) if "closings" in members else []
        at = last_moment(facts, closings) if as_of is None else as_of
        alone = not (explain or reasons or closings)
        if alone and (lines := lines_in_columns(facts, plans, at)):
            return Calculation(at, [], list(lines), [], None)
        found = _calculated(facts, plans, closings, at, explain=explain)
        mention_without_rate(file, found.nothing)
        return found


def _calculated(
    facts: Facts,
    plans: list[PlanVersion],
    closings: list[Closing],
    at: datetime,
    *,
    explain: bool,
) -> Calculation:
    """Calculate one partner after another, so that only one's workings are held at a time."""
    found = Calculation(at, [], [], [], open_from(closings, at))
    parts = list(apart(facts, plans))
    inner = iter if len(parts) > 1 else watch
    with _no_collector():
        for part in watch(parts):
            closed = calculate_open(part, plans, closings, at, watch=inner)
            found.issued.extend(_kept(closed.issued, explain=explain))
            found.lines.extend(_kept(closed.result.lines, explain=explain))
            found.nothing.extend(closed.result.nothing)
    found.issued.sort(key=lambda line: line.partner_id)
    found.lines.sort(key=lambda line: (line.corrects is not None, line.earned_on, line.key))
    found.nothing.sort(key=lambda each: each.partner_id)
    return found


def mention_without_rate(file: Path, nothing: Iterable[Nothing]) -> None:
    """Say on standard error which events the totals leave out for want of an exchange rate."""
    for each in nothing:
        if each.code == "rate":
            left_out = f"event “{each.event_key}” is left out. {each.words}"
            click.echo(f"{file}: rates: {left_out}", err=True)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Keep the garbage collector from looking through all facts again and again.

    A calculation makes no circles, so that what it leaves goes by itself.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _kept(lines: Iterable[Line], *, explain: bool) -> Iterator[Line]:
    for line in lines:
        yield line if explain else replace(line, trace={"kind": line.kind})


def _document(file: Path) -> Any:
    """Return the document in a file that is not too large to be held at once."""
    if file.exists() and file.stat().st_size > LARGEST:
        raise BadFile(
            f"{file}: has {file.stat().st_size >> 20} MB, and at most {LARGEST >> 20} fit at once; "
            "partners do not depend on each other, so give them in several files."
        )
    return document_of(file)


def plans_in(file: Path) -> list[PlanVersion]:
    """Return the plans of a file: one, a list, or those under the key plans."""
    document = _document(file)
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


def facts_of(file: Path) -> Facts:
    """Return the facts of a file."""
    document = _document(file)
    with complaints_about(file):
        return read_facts(document, watch=watch)


def last_moment(facts: Facts, closings: Iterable[Closing] = ()) -> datetime:
    """Return the latest moment that a file tells of, so that it gives the same on any day."""
    ends = [datetime.combine(event.on, time.max, UTC) for event in facts.events]
    moments = [event.recorded_at for event in facts.events]
    closed = [closing.at for closing in closings]
    return max([*ends, *moments, *closed], default=datetime.combine(LIFETIME.start, time.max, UTC))


def watch(items: Iterable[Any]) -> Iterator[Any]:
    """Pass things on; show how far it is on a terminal where they are many."""
    if not sys.stderr.isatty() or not isinstance(items, Sized) or len(items) < _MANY:
        yield from items
        return
    with click.progressbar(items, file=sys.stderr, label=f"{len(items)} to go") as bar:
        yield from bar


def refuse(file: Path, path: str, why: str) -> BadFile:
    """Return a complaint about one value of a file."""
    return BadFile(f"{file}: {path}: {why}")
