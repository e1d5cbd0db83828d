"""Closed periods: what was issued stays, and what is known now makes adjustment lines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from app.incentives.engine.bounds import day_of, moment_of
from app.incentives.engine.calculate import calculate
from app.incentives.engine.difference import difference
from app.incentives.engine.facts import Facts
from app.incentives.engine.lines import Line, Result
from app.incentives.engine.plan import PlanVersion
from app.incentives.engine.watching import Watch
from app.kernel.errors import Invalid
from app.kernel.format import day
from app.kernel.reading import Node


@dataclass(frozen=True, slots=True)
class Closing:
    """At ``at`` all days before ``until`` were closed, with what was known at that moment."""

    until: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """What was issued for closed periods, and what a calculation adds in the open one.

    ``result`` has the open period's own lines and the adjustments of closed ones; together with
    ``issued`` they add up to what a calculation of everything gives. ``open_from`` is the first
    open day, None where nothing was closed.
    """

    issued: tuple[Line, ...]
    result: Result
    open_from: date | None


class ClosedBackwards(Invalid):
    """A later closing ends earlier, or happens before the one that it follows."""

    code = "incentives.closed_backwards"


def calculate_open(
    facts: Facts,
    plans: Sequence[PlanVersion],
    closings: Iterable[Closing],
    as_of: datetime,
    *,
    watch: Watch = iter,
) -> Closed:
    """Calculate as of a moment, leaving alone what was issued at each closing up to then.

    :raises ClosedBackwards: if closings do not follow one another
    :raises ContradictingEvents: if two records of an event, made at the same moment, differ
    :raises OverlappingVersions: if two versions of one plan are in force on the same day
    """
    done = [each for each in ordered(closings) if each.at <= as_of]
    issued: list[Line] = []
    since: date | None = None
    for closing in done:
        lines = calculate(facts, plans, closing.at, watch=watch).lines
        before = [line for line in lines if line.earned_on < closing.until]
        issued += _posted(issued, before, since)
        since = closing.until
    result = calculate(facts, plans, as_of, watch=watch)
    open_ = replace(result, lines=tuple(_posted(issued, result.lines, since)))
    return Closed(tuple(_moved(issued, result.lines)), open_, since)


def open_from(closings: Iterable[Closing], as_of: datetime) -> date | None:
    """Return the first open day as of a moment, None where nothing was closed by then."""
    return max((each.until for each in closings if each.at <= as_of), default=None)


def ordered(closings: Iterable[Closing]) -> list[Closing]:
    """Return closings as they happened.

    :raises ClosedBackwards: if one ends no later than the one before
    """
    found = sorted(closings, key=lambda each: (each.at, each.until))
    for first, second in pairwise(found):
        if second.until <= first.until or second.at == first.at:
            raise ClosedBackwards(
                f"The closing until {day(second.until)} follows the one until {day(first.until)}: "
                "each ends later than the one before."
            )
    return found


def _posted(issued: Sequence[Line], lines: Iterable[Line], since: date | None) -> list[Line]:
    """Return the lines earned since a day, and what the issued ones before it lack."""
    if since is None:
        return list(lines)
    lines = list(lines)
    own = [line for line in lines if line.earned_on >= since]
    earlier = [line for line in lines if line.earned_on < since]
    return [*own, *difference(issued, earlier)]


def _moved(issued: Iterable[Line], lines: Iterable[Line]) -> Iterator[Line]:
    """Bring days of payment and gates of issued lines up to date; their amounts stay."""
    current = {line.key: line for line in lines}
    for line in issued:
        now = current.get(line.key, line)
        yield replace(line, payable_on=now.payable_on, gate=now.gate)


def read_closings(node: Node) -> list[Closing]:
    """Return the closings that a document tells: until which day, and at which moment."""
    found = []
    for item in node.items(0):
        members = item.keys(("until", "at"))
        found.append(Closing(day_of(members["until"]), moment_of(members["at"])))
    return found
