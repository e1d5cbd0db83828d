"""Reading the tables of `flask accounts`: each complaint names file, row and field."""

from pathlib import Path

from app.accounts.matching import Party
from app.cli.files import BadFile, Fields

_TRUE, _FALSE = {"true", "1", "yes", "y", "t"}, {"false", "0", "no", "n", "f"}
_LONGEST_NAME = 500
_COUNTRY_CODE_LENGTH = 2


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
