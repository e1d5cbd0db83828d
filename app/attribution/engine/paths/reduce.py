"""Which touches of a path count: the look-back window, then repeated touches."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.attribution.engine.integers import Ints
from app.attribution.engine.paths.columns import Columns
from app.attribution.engine.paths.reading import HOUR, PathRefused
from app.attribution.engine.touches import Repeats

Marks = NDArray[np.bool_]

_DAY = 24 * HOUR


def reduced(columns: Columns, repeats: Repeats, lookback_days: int | None = None) -> Columns:
    """Return the paths with the touches that count; a path may be left with none.

    :raises PathRefused: if there is a look-back window, but no times
    """
    if lookback_days is not None:
        if columns.before is None:
            raise PathRefused("a look-back window needs the times of the touches.", "times")
        columns = _kept(columns, columns.before <= lookback_days * _DAY)
    if repeats is Repeats.CONSECUTIVE:
        columns = _kept(columns, _changes(columns))
    elif repeats is Repeats.ONCE:
        columns = _kept(columns, firsts(columns))
    return columns


def some(columns: Columns, wanted: Marks) -> Columns:
    """Return the wanted ones of the paths."""
    if wanted.all():
        return columns
    touches = np.repeat(wanted, columns.lengths)
    return replace(
        columns,
        touches=columns.touches[touches],
        lengths=columns.lengths[wanted],
        conversions=columns.conversions.take(wanted),
        value=columns.value.take(wanted),
        nulls=columns.nulls.take(wanted),
        before=_at(columns.before, touches),
        roles=_at(columns.roles, touches),
        milestones=_at(columns.milestones, wanted),
    )


def firsts(columns: Columns) -> Marks:
    """Return for each touch whether it is its channel's first in the path."""
    pairs = columns.owners * max(len(columns.channels), 1) + columns.touches
    found = np.zeros(len(pairs), dtype=bool)
    found[np.unique(pairs, return_index=True)[1]] = True
    return found


def _changes(columns: Columns) -> Marks:
    """Return for each touch whether its channel is not that of the touch before."""
    same = np.zeros(len(columns.touches), dtype=bool)
    same[1:] = columns.touches[1:] == columns.touches[:-1]
    found: Marks = ~same | (columns.places == 0)
    return found


def _kept(columns: Columns, kept: Marks) -> Columns:
    """Return the same paths with the kept touches alone."""
    if kept.all():
        return columns
    lengths = np.bincount(columns.owners[kept], minlength=len(columns.lengths))
    return replace(
        columns,
        touches=columns.touches[kept],
        lengths=lengths.astype(np.int64),
        before=_at(columns.before, kept),
        roles=_at(columns.roles, kept),
        milestones=_moved(columns, kept),
    )


def _moved(columns: Columns, kept: Marks) -> Ints | None:
    """Return the milestones' new places; one that does not count any more is none."""
    if columns.milestones is None:
        return None
    upto = np.concatenate(([0], np.cumsum(kept)))
    spots = np.minimum(columns.starts + np.maximum(columns.milestones, 0), len(kept) - 1)
    places = upto[spots] - upto[columns.starts]
    return np.where((columns.milestones >= 0) & kept[spots], places, -1)


def _at(column: Ints | None, wanted: Marks) -> Ints | None:
    return None if column is None else column[wanted]
