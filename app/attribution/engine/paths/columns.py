"""Journeys told as paths, held as columns: whole numbers, each exact."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import lcm

import numpy as np
from numpy.typing import NDArray

from app.attribution.engine.integers import Ints, Units, whole
from app.attribution.engine.paths.reading import HOUR, SEPARATOR, PathRefused, read_channels

_END = "\0"


@dataclass(frozen=True, slots=True)
class Path:
    """One path of channels, how often it converted, what that brought, how often it did not.

    ``hours`` says for each touch how long before the conversion it was; without it the touches are
    a day apart, the last at the conversion. ``roles`` names each touch's role; ``milestone`` is the
    place (from 0) of the touch that made it an opportunity.
    """

    channels: tuple[str, ...]
    conversions: Fraction | int
    value: Fraction | int = 0
    nulls: Fraction | int = 0
    hours: tuple[Fraction, ...] = ()
    roles: tuple[str, ...] = ()
    milestone: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """One exact amount for each path: ``units / per``."""

    units: Units
    per: int

    @property
    def total(self) -> Fraction:
        """All of them together."""
        return Fraction(sum(self.units.tolist()), self.per)

    def take(self, wanted: NDArray[np.bool_]) -> "Amounts":
        """Return the amounts of some of the paths."""
        return Amounts(self.units[wanted], self.per)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Columns:
    """Distinct paths: their touches one after another, and what each path brought.

    ``touches`` are places in ``channels``; ``before`` are microseconds before the conversion and
    ``roles`` places in ``role_names``, one for each touch; ``milestones`` are one for each path,
    -1 where none is known. What is None was not told.
    """

    channels: tuple[str, ...]
    touches: Ints
    lengths: Ints
    conversions: Amounts
    value: Amounts
    nulls: Amounts
    before: Ints | None = None
    roles: Ints | None = None
    role_names: tuple[str, ...] = ()
    milestones: Ints | None = None

    @property
    def starts(self) -> Ints:
        """The place of each path's first touch."""
        return np.cumsum(self.lengths) - self.lengths

    @property
    def owners(self) -> Ints:
        """For each touch the path that it belongs to."""
        return np.repeat(np.arange(len(self.lengths), dtype=np.int64), self.lengths)

    @property
    def places(self) -> Ints:
        """For each touch its place in its path, from 0."""
        return np.arange(len(self.touches), dtype=np.int64) - np.repeat(self.starts, self.lengths)


def amounts(values: Sequence[Fraction | int]) -> Amounts:
    """Return exact amounts over one common denominator."""
    if {*map(type, values)} <= {int}:
        return Amounts(whole(values), 1)  # type: ignore[arg-type]  # just looked at
    per = lcm(*{value.denominator for value in values})
    return Amounts(whole([value.numerator * (per // value.denominator) for value in values]), per)


def columns_of(paths: Iterable[Path]) -> Columns:
    """Return paths as columns.

    :raises PathRefused: if a path has not one time or role for each of its channels
    """
    known = list(paths)
    for path in known:
        for found in (path.hours, path.roles):
            if found and len(found) != len(path.channels):
                raise PathRefused("A path needs one time and one role for each of its channels.")
    names = tuple(sorted({channel for path in known for channel in path.channels}))
    numbers = {name: number for number, name in enumerate(names)}
    roles = tuple(sorted({role for path in known for role in path.roles}))
    return Columns(
        channels=names,
        touches=ints(numbers[each] for path in known for each in path.channels),
        lengths=ints(len(path.channels) for path in known),
        conversions=amounts([path.conversions for path in known]),
        value=amounts([path.value for path in known]),
        nulls=amounts([path.nulls for path in known]),
        before=_before(known),
        roles=_roles(known, roles),
        role_names=roles,
        milestones=_milestones(known),
    )


def columns_of_texts(
    texts: Sequence[str],
    conversions: Sequence[Fraction | int],
    *,
    value: Sequence[Fraction | int] = (),
    nulls: Sequence[Fraction | int] = (),
    separator: str = SEPARATOR,
) -> Columns:
    """Return paths written as ``a > b > c`` as columns, each with its exact numbers.

    :raises PathRefused: if a path has an empty channel
    """
    # One split for all: the mark between two paths becomes a part of its own.
    parts = f"{separator}{_END}{separator}".join([*texts, ""]).split(separator)[:-1]
    named = {part: read_channels(part, separator)[0] for part in {*parts} - {_END}}
    channels = tuple(sorted({*named.values()}))
    numbers = {name: number for number, name in enumerate(channels)}
    known = {part: numbers[name] for part, name in named.items()} | {_END: -1}
    found = np.fromiter(map(known.__getitem__, parts), dtype=np.int64, count=len(parts))
    ends = np.flatnonzero(found < 0)
    if len(ends) != len(texts):
        raise PathRefused("a path has a character that no channel may have.")
    nothing = [0] * len(texts)
    return Columns(
        channels=channels,
        touches=found[found >= 0],
        lengths=np.diff(ends, prepend=-1) - 1,
        conversions=amounts(conversions),
        value=amounts(value or nothing),
        nulls=amounts(nulls or nothing),
    )


def ints(numbers: Iterable[int]) -> Ints:
    """Return whole numbers that fit 64 bits as a column."""
    return np.fromiter(numbers, dtype=np.int64)


def _before(paths: Sequence[Path]) -> Ints | None:
    """Return times in microseconds; a path without them has its touches a day apart."""
    if not any(path.hours for path in paths):
        return None
    told = (path.hours or _day_apart(len(path.channels)) for path in paths)
    return ints(round(hours * HOUR) for hours in chain.from_iterable(told))


def _day_apart(count: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(24 * back) for back in reversed(range(count)))


def _roles(paths: Sequence[Path], names: tuple[str, ...]) -> Ints | None:
    if not names:
        return None
    numbers = {name: number for number, name in enumerate(names)}
    none = len(names)  # a place behind the names: no role
    told = ([numbers[r] for r in p.roles] or [none] * len(p.channels) for p in paths)
    return ints(chain.from_iterable(told))


def _milestones(paths: Sequence[Path]) -> Ints | None:
    if all(path.milestone is None for path in paths):
        return None
    return ints(-1 if path.milestone is None else path.milestone for path in paths)
