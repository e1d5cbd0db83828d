"""`flask accounts match`: pairs, one name against a list, or a list against a list."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from app.accounts.matching import (
    Candidate,
    Decision,
    Index,
    Party,
    Relation,
    Verdict,
    compare,
    look_up,
    match_lists,
)
from app.cli.accounts.output import VERDICT, Counts, Row, verdict_row, write
from app.cli.accounts.tables import pairs_of, parties_of

_PAIR = ("left", "right", *VERDICT)
_FOUND = ("row", "name", *VERDICT)
_LISTED = ("left_row", "left", "right_row", "right", *VERDICT)
_NOBODY = Verdict(Decision.DIFFERENT, 0.0, ("Nobody in the other list is near.",), Relation.NONE)


class Target(NamedTuple):
    """Where the rows go, and whether as CSV or JSON."""

    output: Path | None
    form: str


def pairs(file: Path, target: Target) -> Counts:
    """Write a decision on each pair, and return how the decisions stand to the labels.

    Where labels are given and no file to write to, the decisions are only counted.
    """
    counts = Counts()
    rows = _judged(file, counts)
    first = next(rows)
    if target.output is None and counts.rows:
        for _ in rows:
            pass
    else:
        write(_with_first(first, rows), _PAIR, *target)
    return counts


def _with_first(first: Row, rows: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rows


def _judged(file: Path, counts: Counts) -> Iterator[Row]:
    for left, right, label in pairs_of(file):
        verdict = compare(left, right)
        if label is not None:
            counts.add(said=verdict.decision is Decision.SAME, label=label)
        yield {"left": left.name, "right": right.name, **verdict_row(verdict)}


def one(file: Path, party: Party, target: Target) -> None:
    """Write those of a list that may be ``party``, the likeliest first."""
    found = look_up(party, parties_of(file))
    rows = ({**_known(candidate), **verdict_row(verdict)} for candidate, verdict in found)
    write(rows, _FOUND, *target)


def _known(candidate: Candidate) -> Row:
    return {"row": int(str(candidate.id)), "name": candidate.party.name}


def lists(left: Path, right: Path, target: Target, *, most: int) -> None:
    """Write for each name of ``left`` those of ``right`` that it may be, as they are found."""
    index = Index.of(parties_of(right))
    write(_matched(left, index, most), _LISTED, *target)


def _matched(left: Path, index: Index, most: int) -> Iterator[Row]:
    for candidate, found in match_lists(parties_of(left), index):
        ours = _known(candidate)
        side: Row = {"left_row": ours["row"], "left": ours["name"]}
        if not found:
            yield {**side, "right_row": None, "right": "", **verdict_row(_NOBODY)}
        for other, verdict in found[:most]:
            theirs = _known(other)
            named: Row = {"right_row": theirs["row"], "right": theirs["name"]}
            yield {**side, **named, **verdict_row(verdict)}
