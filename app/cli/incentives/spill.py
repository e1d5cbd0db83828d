"""What does not fit into memory, in a temporary file: records in heaps, and texts in order."""

import pickle
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from heapq import merge
from typing import Any
from weakref import finalize

import click

from app.cli.files import BadFile

TOGETHER = 500
"""Records that are written at once."""
ROOM = 64 << 20
"""Characters of texts that are held before they are written."""
_KEY = 300
"""What a text takes beside its own characters."""


@contextmanager
def complaints_of_room() -> Iterator[None]:
    """Turn a temporary file that cannot be written into a complaint."""
    try:
        yield
    except click.ClickException:
        raise
    except OSError as problem:
        where = tempfile.gettempdir()
        raise BadFile(f"{where}: a temporary file cannot be kept ({problem.strerror}).") from None


class Heaps:
    """Records in numbered heaps of one temporary file, each read back as it was added.

    The file is our own and has no name, so that what is read is what was written.
    """

    def __init__(self, together: int = 0) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # goes with this object
        finalize(self, self._file.close)
        self._together = together or TOGETHER
        self._held: dict[int, list[Any]] = defaultdict(list)
        self._places: dict[int, list[int]] = defaultdict(list)

    def add(self, heap: int, record: object) -> None:
        """Put a record on a heap."""
        held = self._held[heap]
        held.append(record)
        if len(held) >= self._together:
            self._write(heap, held)

    def _write(self, heap: int, held: list[Any]) -> None:
        self._places[heap].append(self._file.seek(0, 2))
        pickle.dump(held, self._file, pickle.HIGHEST_PROTOCOL)
        held.clear()

    def read(self, heap: int) -> Iterator[Any]:
        """Yield the records of a heap."""
        for place in self._places[heap]:
            self._file.seek(place)
            yield from pickle.load(self._file)  # noqa: S301  # our own, without a name
        yield from self._held[heap]


class InOrder:
    """Texts in the order of their keys, and of their coming where keys are equal.

    Where they are many, they are put in order in parts, which are merged when they are read.
    """

    def __init__(self) -> None:
        self._held: list[tuple[Any, int, str]] = []
        self._size = self._count = self._parts = 0
        self._heaps: Heaps | None = None

    def __len__(self) -> int:
        return self._count

    def add(self, key: Any, text: str) -> None:
        """Add a text; keys of one object can be compared with each other."""
        self._held.append((key, self._count, text))
        self._count += 1
        self._size += len(text) + _KEY
        if self._size > ROOM:
            self._put_away()

    def _put_away(self) -> None:
        if self._heaps is None:
            self._heaps = Heaps(together=100)
        self._held.sort()
        for each in self._held:
            self._heaps.add(self._parts, each)
        self._held, self._size, self._parts = [], 0, self._parts + 1

    def __iter__(self) -> Iterator[str]:
        self._held.sort()
        if self._heaps is None:
            found: Iterator[tuple[Any, int, str]] = iter(self._held)
        else:
            found = merge(self._held, *(self._heaps.read(part) for part in range(self._parts)))
        for _, _, text in found:
            yield text
