"""What is wrong with a file as a whole, and with one cell of it."""

from dataclasses import dataclass

from app.kernel.errors import FieldError, Invalid

_LONGEST_SHOWN = 60


class FileRefused(Invalid):
    """The file cannot be read as a table; no row of it is looked at."""

    code = "revenue.file_refused"

    def __init__(self, sentence: str, *, code: str = "revenue.file_refused") -> None:
        super().__init__(sentence, code=code, errors=(FieldError("file", sentence, code),))


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint: the line of the file (from 1), the column, what stands there, a sentence."""

    line: int
    field: str
    value: str
    sentence: str
    file: str = ""

    @classmethod
    def of(cls, line: int, field: str, value: str, sentence: str) -> "Problem":
        """Return a complaint that shows a short, printable piece of ``value``."""
        return cls(line, field, shown(value), sentence)


def shown(value: str) -> str:
    """Return what can be shown of ``value``: printable, and not too long."""
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value[:200])
    return plain if len(plain) <= _LONGEST_SHOWN else f"{plain[: _LONGEST_SHOWN - 1]}…"
