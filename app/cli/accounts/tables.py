"""Reading the tables of `flask accounts`: each complaint names file, row and field."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from babel.core import get_global

from app.accounts.matching import Candidate, Party, country_named
from app.cli.files import BadFile, Fields, rows_of

_TRUE = {"true", "1", "1.0", "yes", "y", "t", "same", "match"}
_FALSE = {
    "false",
    "0",
    "0.0",
    "no",
    "n",
    "f",
    "different",
    "no match",
    "nomatch",
    "non-match",
    "non match",
}
_LEFT = ("left", "left_name", "name_left", "name_1", "name1", "name_a")
_RIGHT = ("right", "right_name", "name_right", "name_2", "name2", "name_b")
_LABEL = ("match", "label", "is_match", "same", "is_same")
_OF_LISTS = ("name", "company_name", "company", "organisation", "organization", "legal_name")
"""Names of the fields; the first that a file has is read."""
_LONGEST_NAME = 500
_COUNTRY_CODE_LENGTH = 2
_OTHER_CODES = {"UK": "GB", "EL": "GR"}


def parties_of(file: Path) -> Iterator[Candidate]:
    """Yield the parties of a list, known by their rows (the header is row 1).

    :raises BadFile: if the file is no such list
    """
    rows = rows_of(file, ())
    for number, row, (name,) in _with_fields(file, rows, (_OF_LISTS,)):
        yield Candidate(number, listed(file, number, {**row, "name": row[name]}))


def pairs_of(file: Path) -> Iterator[tuple[Party, Party, bool | None]]:
    """Yield the two parties of each pair, and its label where it has one.

    :raises BadFile: if the file is no table of pairs
    """
    for number, row, (left, right) in _with_fields(file, rows_of(file, ()), (_LEFT, _RIGHT)):
        named = {**row, "left": row[left], "right": row[right]}
        ours, theirs = (party_of(file, number, named, side) for side in ("left", "right"))
        yield ours, theirs, label_of(file, number, row)


def _with_fields(
    file: Path, rows: Iterator[tuple[int, Fields]], wanted: tuple[tuple[str, ...], ...]
) -> Iterator[tuple[int, Fields, tuple[str, ...]]]:
    """Yield the rows, and under which of their names the file has the fields wanted."""
    fields: tuple[str, ...] = ()
    for number, row in rows:
        fields = fields or tuple(_named(file, row, names) for names in wanted)
        yield number, row, fields


def _named(file: Path, row: Fields, names: tuple[str, ...]) -> str:
    found = next((name for name in names if name in row), None)
    if found is None:
        raise BadFile(f"{file}, row 1: has no field {names[0]}; fields are split by commas.")
    return found


def listed(file: Path, number: int, row: Fields) -> Party:
    """Return the party of one row of a list of names."""
    return Party(
        _name(file, number, row, "name"),
        _country(file, number, row, "country"),
        domain=row.get("domain") or None,
        tax_number=row.get("tax_number") or None,
        duns=row.get("duns") or None,
        city=row.get("city", "").strip() or None,
        address=row.get("address") or row.get("street") or None,
    )


def party_of(file: Path, number: int, row: Fields, side: str) -> Party:
    """Return the party of one side of a pair."""
    return Party(
        _name(file, number, row, side),
        _country(file, number, row, f"{side}_country"),
        domain=row.get(f"{side}_domain") or None,
        tax_number=row.get(f"{side}_tax_number") or None,
        duns=row.get(f"{side}_duns") or None,
        city=row.get(f"{side}_city", "").strip() or None,
        address=row.get(f"{side}_address") or row.get(f"{side}_street") or None,
    )


def _name(file: Path, number: int, row: Fields, field: str) -> str:
    name = row[field].strip()
    if not name:
        raise BadFile(f"{file}, row {number}, field {field}: the name is empty.")
    if len(name) > _LONGEST_NAME:
        raise BadFile(f"{file}, row {number}, field {field}: longer than {_LONGEST_NAME} letters.")
    return name


def _country(file: Path, number: int, row: Fields, field: str) -> str | None:
    text = row.get(field, "").strip()
    code = country_code(text)
    if text and code is None:
        raise BadFile(f"{file}, row {number}, field {field}: “{text[:40]}” is no country.")
    return code


@lru_cache(maxsize=1024)
def country_code(text: str) -> str | None:
    """Return the two letters of a country, given by its two or three letters or its name."""
    code = text.strip().upper()
    if len(code) == _COUNTRY_CODE_LENGTH and code.isascii() and code.isalpha():
        return _OTHER_CODES.get(code, code)
    known = get_global("territory_aliases").get(code, ())
    return str(known[0]) if len(known) == 1 else country_named(text)


def label_of(file: Path, number: int, row: Fields) -> bool | None:
    """Return the label of a pair, or None where it has none."""
    field = next((name for name in _LABEL if name in row), "match")
    label = row.get(field, "").strip().lower()
    if not label:
        return None
    if label not in _TRUE | _FALSE:
        raise BadFile(f"{file}, row {number}, field {field}: “{label}” is neither true nor false.")
    return label in _TRUE
