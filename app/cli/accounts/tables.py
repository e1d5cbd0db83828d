"""Reading the tables of `flask accounts`: each complaint names file, row and field."""

import csv
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

import click

from app.accounts.matching import Party

_TRUE, _FALSE = {"true", "1", "yes", "y", "t"}, {"false", "0", "no", "n", "f"}
_LONGEST_NAME = 500
_COUNTRY_CODE_LENGTH = 2
_BATCH = 1000

Fields = dict[str, str]


class BadFile(click.ClickException):
    """A file that cannot be read as asked; the sentence names file, row and field."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the sentence alone."""
        del file
        click.echo(self.message, err=True)


def listed(file: Path, number: int, row: Fields) -> Party:
    """Return the party of one row of a list of names."""
    name = _name(file, number, row, "name")
    return Party(name, _country(file, number, row, "country"), row.get("domain") or None)


def party_of(file: Path, number: int, row: Fields, side: str) -> Party:
    """Return the party of one side of a pair."""
    country = _country(file, number, row, f"{side}_country")
    return Party(_name(file, number, row, side), country, row.get(f"{side}_domain") or None)


def _name(file: Path, number: int, row: Fields, field: str) -> str:
    name = row[field].strip()
    if not name:
        raise BadFile(f"{file}, row {number}, field {field}: the name is empty.")
    if len(name) > _LONGEST_NAME:
        raise BadFile(f"{file}, row {number}, field {field}: longer than {_LONGEST_NAME} letters.")
    return name


def _country(file: Path, number: int, row: Fields, field: str) -> str | None:
    code = row.get(field, "").strip().upper()
    if code and not (len(code) == _COUNTRY_CODE_LENGTH and code.isascii() and code.isalpha()):
        raise BadFile(f"{file}, row {number}, field {field}: “{code}” is no country code.")
    return code or None


def label_of(file: Path, number: int, row: Fields) -> bool | None:
    """Return the label of a pair, or None where the file has none."""
    if "match" not in row:
        return None
    label = row["match"].strip().lower()
    if label not in _TRUE | _FALSE:
        raise BadFile(f"{file}, row {number}, field match: “{label}” is neither true nor false.")
    return label in _TRUE


def rows_of(file: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, Fields]]:
    """Yield row number (the header is row 1) and fields, with a progress bar for large files."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.reader(opened, strict=True)
            header = _header(file, next(reader, []), needed)
            yield from _with_progress(opened, file, _fields(file, header, reader))
    except OSError as problem:
        raise BadFile(f"{file}: cannot be read ({problem.strerror}).") from None
    except UnicodeDecodeError:
        raise BadFile(f"{file}: is not text in UTF-8.") from None
    except csv.Error as problem:
        raise BadFile(f"{file}, row {reader.line_num}: is not CSV ({problem}).") from None


def _header(file: Path, header: list[str], needed: tuple[str, ...]) -> list[str]:
    names = [name.strip().lower() for name in header]
    for name in needed:
        if name not in names:
            raise BadFile(f"{file}, row 1: has no field {name}; fields are split by commas.")
    for name in names:
        if name and names.count(name) > 1:
            raise BadFile(f"{file}, row 1, field {name}: is there twice.")
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
