"""Reading a file of paths: rows are counted as they stream by."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path as File
from types import MappingProxyType

from app.attribution.engine.paths import DETAILS, NUMBERS, Columns, PathRefused, Tally
from app.cli.files import BadFile, rows_of

_KNOWN = ("times", *NUMBERS, *(name for name in DETAILS if name != "times"))
_ALSO = {
    "conversions": "total_conversions",
    **dict.fromkeys(("conversion_value", "total_value", "value"), "total_conversion_value"),
    **dict.fromkeys(("null", "nulls", "total_nulls"), "total_null"),
    **{name.replace("_", " "): name for name in NUMBERS},
}
"""Other names of columns."""
_FIRST = 2
"""The first row below the header."""


def counted(file: File, separator: str | None) -> tuple[Columns, int]:
    """Return the paths of a file, and the number of its last row.

    :raises BadFile: naming file, row and field
    """
    tally: Tally | None = None
    number = 1
    names: dict[str, str] = {}
    try:
        for number, row in rows_of(file, ("path",), (*_KNOWN, *_ALSO)):
            if tally is None:
                names = _names(file, row)
                tally = Tally(tuple(names), separator)
            is_usual = row.keys() == names.keys()
            tally.add(row if is_usual else {key: row[n] for key, n in names.items()}, number)
        if tally is None:
            raise BadFile(f"{file}: has no rows below its header.")
        return tally.columns(), number
    except PathRefused as refusal:
        rows = f"row {refusal.row or number}"
        raise _complaint(file, refusal, rows, names) from None


def _names(file: File, row: Mapping[str, str]) -> dict[str, str]:
    """Return the name that each column has in this file."""
    names: dict[str, str] = {}
    for name in row:
        key = _ALSO.get(name, name)
        if key in names:
            raise BadFile(f"{file}, row 1, field {name}: it says what {names[key]} says.")
        names[key] = name
    return names


@contextmanager
def refusals_of(file: File, last: int) -> Iterator[None]:
    """Turn a model's refusal of all rows together into a complaint about the file."""
    try:
        yield
    except PathRefused as refusal:
        raise _complaint(file, refusal, f"rows 2 to {last}" if last > _FIRST else "row 2") from None


def _complaint(
    file: File, refusal: PathRefused, rows: str, names: Mapping[str, str] = MappingProxyType({})
) -> BadFile:
    field = names.get(refusal.field, refusal.field)
    return BadFile(f"{file}, {rows}, field {field}: {refusal.sentence}")
