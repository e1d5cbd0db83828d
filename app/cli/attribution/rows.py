"""Reading a file of paths: rows are counted as they stream by."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path as File

from app.attribution.engine.paths import DETAILS, NUMBERS, Columns, PathRefused, Tally
from app.cli.files import BadFile, rows_of

_KNOWN = ("times", *NUMBERS, *(name for name in DETAILS if name != "times"))


def counted(file: File, separator: str | None) -> tuple[Columns, int]:
    """Return the paths of a file, and the number of its last row.

    :raises BadFile: naming file, row and field
    """
    tally: Tally | None = None
    number = 1
    try:
        for number, row in rows_of(file, ("path",), _KNOWN):
            if tally is None:
                tally = Tally(tuple(row), separator)
            tally.add(row, number)
        if tally is None:
            raise BadFile(f"{file}: has no rows below its header.")
        return tally.columns(), number
    except PathRefused as refusal:
        raise _complaint(file, refusal, f"row {refusal.row or number}") from None


@contextmanager
def refusals_of(file: File, last: int) -> Iterator[None]:
    """Turn a model's refusal of all rows together into a complaint about the file."""
    try:
        yield
    except PathRefused as refusal:
        raise _complaint(file, refusal, f"rows 2 to {last}") from None


def _complaint(file: File, refusal: PathRefused, rows: str) -> BadFile:
    return BadFile(f"{file}, {rows}, field {refusal.field}: {refusal.sentence}")
