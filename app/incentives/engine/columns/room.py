"""The room into which the lines of a calculation are written, part by part."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from app.incentives.engine.columns.arrays import Ints
from app.incentives.engine.columns.ordered import Ordered
from app.incentives.engine.columns.payment import Paid
from app.incentives.engine.columns.reversing import Reversed, Taken
from app.incentives.engine.columns.settings import Setting

KINDS: Mapping[str, type[np.signedinteger[Any]]] = {
    "fact": np.int32, "place": np.int16, "part": np.int8, "minor": np.int64, "base": np.int64,
    "before": np.int64, "after": np.int64, "first": np.int8, "last": np.int8, "rest": np.int64,
    "payable": np.int32, "used": np.int64, "base_used": np.int64,
}  # fmt: skip
LIMITS = ("used", "base_used")


class Room:
    """Columns that the parts of a calculation fill, each from a place of its own."""

    def __init__(self, sizes: Sequence[int], *, limits: bool) -> None:
        ends = [int(end) for end in np.cumsum([0, *sizes])]
        self._starts, self._filled = ends[:-1], ends[:-1]
        names = [name for name in KINDS if limits or name not in LIMITS]
        self._columns: dict[str, Ints] = {name: np.empty(ends[-1], KINDS[name]) for name in names}
        self._taken: dict[int, Sequence[Taken]] = {}

    def write(self, part: int, facts: Ordered, setting: Setting, paid: Paid) -> None:
        """Append what a chain pays to a part, without what comes to nothing."""
        earned = paid.earned
        numbers = np.array([0, *(place.number for place in setting.chain.places)], np.int16)
        values: dict[str, Any] = {
            "fact": facts.rows.take(earned.rows), "place": numbers.take(earned.places),
            "part": paid.part, "minor": paid.minor, "base": earned.base, "before": earned.before,
            "after": earned.after, "first": earned.first, "last": earned.last, "rest": earned.rest,
            "payable": paid.payable,
            "used": 0 if earned.used is None else earned.used,
            "base_used": 0 if earned.base_used is None else earned.base_used,
        }  # fmt: skip
        pays = paid.minor != 0
        if pays.all():
            self._append(part, len(pays), values)
            return
        kept = np.flatnonzero(pays)
        some = {
            name: each if np.isscalar(each) else each.take(kept) for name, each in values.items()
        }
        self._append(part, len(kept), some)

    def write_back(self, part: int, facts: Ordered, setting: Setting, line: Reversed) -> None:
        """Append a line that takes back to a part."""
        self._taken[self._filled[part]] = [
            replace(each, source=int(facts.rows[each.source])) for each in line.takings
        ]
        values = {
            "fact": facts.rows[line.by], "place": setting.chain.places[line.place - 1].number,
            "part": line.part, "minor": line.minor, "base": line.base,
            "payable": line.payable, "first": -1, "last": -1,
        }  # fmt: skip
        self._append(part, 1, dict.fromkeys(KINDS, 0) | values)

    def closed(self) -> tuple[dict[str, Ints], dict[int, Sequence[Taken]]]:
        """Return the columns without the room that was not needed, and what each line took back."""
        taken: dict[int, Sequence[Taken]] = {}
        end = 0
        for start, filled in zip(self._starts, self._filled, strict=True):
            size = filled - start
            taken |= {
                end + at - start: self._taken[at] for at in self._taken if start <= at < filled
            }
            if end != start:
                for column in self._columns.values():
                    column[end : end + size] = column[start:filled]
            end += size
        return {name: column[:end] for name, column in self._columns.items()}, taken

    def _append(self, part: int, size: int, values: Mapping[str, Any]) -> None:
        start = self._filled[part]
        for name, column in self._columns.items():
            column[start : start + size] = values[name]
        self._filled[part] = start + size
