"""Files of several contracts: recognised on all processors, written as they come, none held.

Nothing is printed before the last one is known to be sound.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryFile
from typing import TypeVar

import click

from app.cli.files import BadFile
from app.cli.revenue.recognised import FORMS, HALVES, is_text
from app.kernel.errors import Invalid
from app.revenue.recognition import as_data, read_document, recognise

BLOCK = 100
ALONE = 2 * BLOCK
"""Up to so many contracts other processors cost more than they save."""
_MOST_PROCESSES = 8
_PIECE = 2**20


@dataclass(frozen=True, slots=True)
class Manner:
    """How the documents of a file are looked at and written."""

    where: str | None
    """What stands before the number of a document in its path; None for a file of one."""
    form: str
    explain: bool
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Block:
    """Some documents that follow each other, and the number of the first, from zero."""

    manner: Manner
    first: int
    documents: Sequence[object]

    def named(self) -> Iterator[tuple[str, object]]:
        """Yield each document with the path that leads to it."""
        for number, each in enumerate(self.documents, start=self.first):
            yield "" if self.manner.where is None else f"{self.manner.where}[{number}]", each


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a document cannot be taken."""

    sentence: str

    @classmethod
    def of(cls, refusal: Invalid, path: str) -> "Refused":
        """Return a refusal that names the document, whether it does so itself or not."""
        said = refusal.sentence
        return cls(said if said.startswith(path) else f"{path}.{said}")


T = TypeVar("T")


def print_many(file: Path, documents: Sequence[object], manner: Manner) -> None:
    """Print what the documents of a file come to.

    :raises BadFile: at the first one that cannot be taken; then nothing is printed
    """
    form = FORMS[manner.form]
    blocks = blocks_of(documents, manner, BLOCK)
    with TemporaryFile("w+", encoding="utf-8", newline="") as spool:
        spool.write(form.begin)
        for number, written in enumerate(done_by(write, blocks, file)):
            spool.write(form.between if number else "")
            spool.write(written)
        spool.write(form.end)
        spool.seek(0)
        while piece := spool.read(_PIECE):
            click.echo(piece, nl=False)


def blocks_of(documents: Sequence[object], manner: Manner, size: int) -> list[Block]:
    """Return documents in blocks of a size."""
    firsts = range(0, len(documents), size)
    return [Block(manner, first, documents[first : first + size]) for first in firsts]


def done_by(work: "Callable[[Block], T | Refused]", blocks: list[Block], file: Path) -> Iterator[T]:
    """Yield what work makes of each block, in order; on all processors where there are many.

    :raises BadFile: at the first document that cannot be taken
    """
    for found in _with_progress(file, _all(work, blocks), len(blocks)):
        if isinstance(found, Refused):
            raise BadFile(f"{file}: {found.sentence}")
        yield found


def _all(work: "Callable[[Block], T | Refused]", blocks: list[Block]) -> "Iterator[T | Refused]":
    processes = min(os.cpu_count() or 1, _MOST_PROCESSES, len(blocks))
    many = sum(len(block.documents) for block in blocks)
    if processes == 1 or many <= ALONE or not _may_fork():
        yield from (work(block) for block in blocks)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        try:
            yield from pool.map(work, blocks)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _may_fork() -> bool:
    """Return whether this process can be copied: a copy has none of its other threads."""
    return sys.platform == "linux" and threading.active_count() == 1


def _with_progress(file: Path, written: Iterable[T], count: int) -> Iterator[T]:
    if not sys.stderr.isatty() or count == 1:
        yield from written
        return
    with click.progressbar(length=count, label=file.name, file=sys.stderr) as bar:
        for each in written:
            bar.update(1)
            yield each


def write(block: Block) -> str | Refused:
    """Return the text of some documents, or why one of them cannot be taken."""
    form, found = FORMS[block.manner.form], []
    for number, (path, each) in enumerate(block.named(), start=block.first):
        try:
            document = read_document(each, path=path, as_of=block.manner.as_of)
            data = as_data(recognise(document), explained=block.manner.explain)
        except Invalid as refusal:
            return Refused.of(refusal, path)
        found.append(form.one(data, number + 1))
        if not is_text(found[-1]):
            return Refused(f"{path}: {HALVES}")
    return form.between.join(found)
