"""Reading the files that commands are given: every complaint names file, row and field."""

import csv
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click

from app.cli.strict_json import complaints, decoder
from app.kernel.errors import Invalid

_BATCH = 1000
_OTHER_SIGNS = frozenset(";|\t")
"""What stands between the fields of files that are not split by commas."""

Fields = dict[str, str]


class BadFile(click.ClickException):
    """A file that cannot be read as asked: one sentence, exit status 2, nothing printed."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the sentence alone."""
        del file
        click.echo(self.message, err=True)


@contextmanager
def complaints_about(file: Path) -> Iterator[None]:
    """Turn the refusal of an engine into a complaint about ``file``."""
    try:
        yield
    except Invalid as refusal:
        raise BadFile(f"{file}: {refusal.sentence}") from None


def document_of(file: Path) -> Any:
    """Return the JSON document in a file; decimals stay exact, NaN and repeated keys are refused.

    :raises BadFile: if there is none
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadFile(f"{file}: there is no such file.") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise BadFile(f"{file}: cannot be read as text ({type(problem).__name__}).") from None
    try:
        document = decoder().decode(text)
    except json.JSONDecodeError as problem:
        raise BadFile(f"{file}: line {problem.lineno} is not JSON ({problem.msg}).") from None
    except RecursionError:
        raise BadFile(f"{file}: is nested too deeply.") from None
    except ValueError as problem:
        raise BadFile(f"{file}: {problem}") from None
    if "NaN" in text or "Infinity" in text:
        for complaint in complaints(document):
            raise BadFile(f"{file}: {complaint}")
    return document


def rows_of(
    file: Path, needed: tuple[str, ...], known: tuple[str, ...] = ()
) -> Iterator[tuple[int, Fields]]:
    """Yield row number (the header is row 1) and fields, with a progress bar on a terminal.

    Rows stream: a file of ten million takes no more memory than one of ten. Where ``known`` names
    the columns that may stand beside the ``needed`` ones, any other is refused.

    :raises BadFile: if the file is not such a table
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.reader(opened, strict=True)
            header = _header(file, next(reader, []), needed, known)
            yield from _with_progress(opened, file, _fields(file, header, reader))
    except FileNotFoundError:
        raise BadFile(f"{file}: there is no such file.") from None
    except OSError as problem:
        raise BadFile(f"{file}: cannot be read ({problem.strerror}).") from None
    except UnicodeDecodeError:
        raise BadFile(f"{file}: is not text in UTF-8.") from None
    except csv.Error as problem:
        raise BadFile(f"{file}, row {reader.line_num}: is not CSV ({problem}).") from None


def _header(
    file: Path, header: list[str], needed: tuple[str, ...], known: tuple[str, ...]
) -> list[str]:
    names = [name.strip().lower() for name in header]
    for name in needed:
        if name not in names:
            raise BadFile(f"{file}, row 1: has no field {name}; fields are split by commas.")
    for name in names:
        if name and names.count(name) > 1:
            raise BadFile(f"{file}, row 1, field {name}: is there twice.")
        if known and name not in (*needed, *known):
            may = ", ".join((*needed, *known))
            hint = "; fields are split by commas" if set(name) & _OTHER_SIGNS else ""
            raise BadFile(f"{file}, row 1: “{name[:40]}” is not known here; known are {may}{hint}.")
    return names


def _fields(
    file: Path, header: list[str], reader: Iterable[list[str]]
) -> Iterator[tuple[int, Fields]]:
    number = 1
    for number, fields in enumerate(reader, start=2):
        if not fields:
            continue
        if len(fields) != len(header):
            found = f"{len(fields)} fields instead of {len(header)}"
            raise BadFile(f"{file}, row {number}: has {found}.")
        yield number, dict(zip(header, fields, strict=True))
    if number == 1:
        raise BadFile(f"{file}: has no rows below its header.")


def _with_progress(
    opened: TextIO, file: Path, rows: Iterator[tuple[int, Fields]]
) -> Iterator[tuple[int, Fields]]:
    if not sys.stderr.isatty():
        yield from rows
        return
    size = os.fstat(opened.fileno()).st_size
    with click.progressbar(length=size, label=file.name, file=sys.stderr) as bar:
        for row in rows:
            if row[0] % _BATCH == 0:
                bar.update(opened.buffer.tell() - bar.pos)
            yield row


def with_schema(file: Path) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command ``--schema``: it prints the JSON Schema in ``file``, and needs no FILE."""

    def show(context: click.Context, _parameter: click.Parameter, is_asked: bool) -> None:
        if is_asked and not context.resilient_parsing:
            click.echo(file.read_text(encoding="utf-8").rstrip())
            context.exit()

    said = "Print the JSON Schema of FILE and stop."
    return click.option(
        "--schema", is_flag=True, is_eager=True, expose_value=False, callback=show, help=said
    )
