"""Files of several contracts: recognised on all processors, written as they come, none held.

Nothing is printed before the last one is known to be sound.
"""

import os
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryFile
from typing import TypeAlias

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

    where: str
    """What stands before the number of a document in its path."""
    form: str
    explain: bool
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Block:
    """Some documents that follow each other, and the number of the first, from zero."""

    manner: Manner
    first: int
    documents: Sequence[object]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a document cannot be taken."""

    sentence: str


Written: TypeAlias = str | Refused


def print_many(file: Path, documents: Sequence[object], manner: Manner) -> None:
    """Print what the documents of a file come to.

    :raises BadFile: at the first one that cannot be taken; then nothing is printed
    """
    form = FORMS[manner.form]
    blocks = [
        Block(manner, first, documents[first : first + BLOCK])
        for first in range(0, len(documents), BLOCK)
    ]
    with TemporaryFile("w+", encoding="utf-8", newline="") as spool:
        spool.write(form.begin)
        for number, written in enumerate(_with_progress(file, _all(blocks), len(blocks))):
            if isinstance(written, Refused):
                raise BadFile(f"{file}: {written.sentence}")
            spool.write(form.between if number else "")
            spool.write(written)
        spool.write(form.end)
        spool.seek(0)
        while piece := spool.read(_PIECE):
            click.echo(piece, nl=False)


def _all(blocks: list[Block]) -> Iterator[Written]:
    processes = min(os.cpu_count() or 1, _MOST_PROCESSES, len(blocks))
    if processes == 1 or len(blocks) * BLOCK <= ALONE or not _may_fork():
        yield from (write(block) for block in blocks)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        try:
            yield from pool.map(write, blocks)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _may_fork() -> bool:
    """Return whether this process can be copied: a copy has none of its other threads."""
    return sys.platform == "linux" and threading.active_count() == 1


def _with_progress(file: Path, written: Iterable[Written], count: int) -> Iterator[Written]:
    if not sys.stderr.isatty() or count == 1:
        yield from written
        return
    with click.progressbar(length=count, label=file.name, file=sys.stderr) as bar:
        for each in written:
            bar.update(1)
            yield each


def write(block: Block) -> Written:
    """Return the text of some documents, or why one of them cannot be taken."""
    form, found = FORMS[block.manner.form], []
    for number, each in enumerate(block.documents, start=block.first):
        path = f"{block.manner.where}[{number}]"
        try:
            document = read_document(each, path=path, as_of=block.manner.as_of)
            data = as_data(recognise(document), explained=block.manner.explain)
        except Invalid as refusal:
            said = refusal.sentence
            return Refused(said if said.startswith(path) else f"{path}.{said}")
        found.append(form.one(data, number + 1))
        if not is_text(found[-1]):
            return Refused(f"{path}: {HALVES}")
    return form.between.join(found)
