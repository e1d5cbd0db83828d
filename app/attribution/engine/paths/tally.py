"""Counting of rows as they stream by: identical paths are one, so memory goes by distinct paths."""

from array import array
from collections.abc import Callable, Mapping

import numpy as np

from app.attribution.engine.integers import Ints, whole
from app.attribution.engine.paths.columns import Amounts, Columns, ints
from app.attribution.engine.paths.reading import (
    CONVERSIONS,
    NULLS,
    PLAIN,
    SEPARATOR,
    VALUE,
    PathRefused,
    read_channels,
    read_milestone,
    read_number,
    read_roles,
    read_times,
)

NUMBERS = (CONVERSIONS, VALUE, NULLS)
DETAILS = ("times", "roles", "milestone")
_ARROWS = ("->", "=>")
_OTHERS = (";", "|", ",", "→", "»", "\t")


class _Sums:
    """Exact sums, one for each path, over one power of ten that grows with what is read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.units: list[int] = []
        self.places = 0
        self.scale = 1

    def add(self, index: int, text: str) -> None:
        """Add a number; what most files are full of is read without a closer look."""
        if len(text) < PLAIN:
            if text.isdecimal():
                self.units[index] += int(text) * self.scale
                return
            whole, _, part = text.partition(".")
            if len(part) == self.places and part.isdecimal() and whole.isdecimal():
                self.units[index] += int(whole + part)
                return
        digits, places = read_number(text, self.name)
        if places > self.places:
            grow = 10 ** (places - self.places)
            self.units = [unit * grow for unit in self.units]
            self.places, self.scale = places, self.scale * grow
        self.units[index] += digits * 10 ** (self.places - places)

    def amounts(self) -> Amounts:
        return Amounts(whole(self.units), 10**self.places)


class _Ids(dict[str, int]):
    """The number of each text; texts that differ in blanks around them have one number."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __missing__(self, raw: str) -> int:
        name = raw.strip()
        found = self.get(name)
        if found is None:
            found = self[name] = len(self.names)
            self.names.append(name)
        self[raw] = found
        return found


class Tally:
    """Rows of a file of paths, counted; ``header`` names the fields that the rows have.

    A row without the field total_conversions is one conversion. Without ``separator`` it is ``>``,
    and a file whose paths are plainly separated by something else is refused.

    :raises PathRefused: if there are nulls, but no conversions
    """

    def __init__(self, header: tuple[str, ...], separator: str | None = None) -> None:
        if NULLS in header and CONVERSIONS not in header:
            raise PathRefused("this field is missing beside total_null.", CONVERSIONS, 1)
        self._separator = separator or SEPARATOR
        self._is_declared = separator is not None
        self._is_split = False
        self._suspect: PathRefused | None = None
        self._row = 0
        self._index: dict[object, int] = {}
        self._ids, self._role_ids = _Ids(), _Ids()
        self._touches, self._lengths = array("q"), array("q")
        self._rows: list[int] = []
        self._told = {name: array("q") for name in DETAILS if name in header}
        self._sums = {name: _Sums(name) for name in NUMBERS if name in header}

    def add(self, row: Mapping[str, str], number: int = 0) -> None:
        """Count one row, the one of that ``number`` in its file.

        :raises PathRefused: naming the field that cannot be read
        """
        self._row = number
        key: object = row["path"]
        if self._told:
            key = (key, *(row[name] for name in self._told))
        index = self._index.get(key)
        if index is None:
            index = self._index[key] = self._new(row)
        for name, sums in self._sums.items():
            sums.add(index, row[name])
        self._rows[index] += 1

    def columns(self) -> Columns:
        """Return the counted paths.

        :raises PathRefused: if no path is separated, but one seems to be by another sign
        """
        if self._suspect is not None and not self._is_split:
            raise self._suspect
        nothing = Amounts(np.zeros(len(self._lengths), dtype=np.int64), 1)
        found = {name: sums.amounts() for name, sums in self._sums.items()}
        channels = tuple(sorted(self._ids.names))
        ranks = {name: rank for rank, name in enumerate(channels)}
        in_order = ints(ranks[name] for name in self._ids.names)
        return Columns(
            channels=channels,
            touches=in_order[np.array(self._touches)],
            lengths=np.array(self._lengths),
            conversions=found.get(CONVERSIONS, Amounts(whole(self._rows), 1)),
            value=found.get(VALUE, nothing),
            nulls=found.get(NULLS, nothing),
            before=self._detail("times"),
            roles=self._detail("roles"),
            role_names=tuple(self._role_ids.names),
            milestones=self._detail("milestone"),
        )

    def _detail(self, name: str) -> Ints | None:
        return np.array(self._told[name]) if name in self._told else None

    def _new(self, row: Mapping[str, str]) -> int:
        """Read a path that was not seen before; return its number."""
        touches = self._read_path(row["path"])
        for name, told in self._told.items():
            told.extend(_READERS[name](self, row[name], len(touches)))
        self._touches.extend(touches)
        self._lengths.append(len(touches))
        self._rows.append(0)
        for sums in self._sums.values():
            sums.units.append(0)
        return len(self._lengths) - 1

    def _read_path(self, text: str) -> list[int]:
        parts = text.split(self._separator)
        if not all(part and not part.isspace() for part in parts):
            read_channels(text, self._separator)
        if not self._is_declared:
            self._doubt(text, parts)
        ids = self._ids
        return [ids[part] for part in parts]

    def _doubt(self, text: str, parts: list[str]) -> None:
        """Refuse an arrow of two signs; note the first path that another sign seems to split."""
        if len(parts) > 1:
            self._is_split = True
            for arrow in _ARROWS:
                if any(part.rstrip()[-1] == arrow[0] for part in parts[:-1]):
                    raise PathRefused(f"“{text[:60]}” is separated by “{arrow}”: {_choose(arrow)}")
        elif self._suspect is None and not self._is_split:
            sign = next((other for other in _OTHERS if other in text), None)
            if sign is not None:
                why = f"“{text[:60]}” has no “>” but “{sign}”: {_choose(sign)}"
                self._suspect = PathRefused(why, row=self._row)

    def _times(self, text: str, count: int) -> tuple[int, ...]:
        return read_times(text, count, self._separator)

    def _roles(self, text: str, count: int) -> tuple[int, ...]:
        return tuple(self._role_ids[role] for role in read_roles(text, count, self._separator))

    def _milestone(self, text: str, count: int) -> tuple[int, ...]:
        return (read_milestone(text, count),)


_READERS: dict[str, Callable[[Tally, str, int], tuple[int, ...]]] = {
    "times": Tally._times,
    "roles": Tally._roles,
    "milestone": Tally._milestone,
}


def _choose(sign: str) -> str:
    return f"say --separator '{sign}', or --separator '>' if it belongs to the name of a channel."
