"""From text to rows: separator, head, and every row with the line on which it begins."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.revenue.rules.reading.report import FileRefused, Problem, shown
from app.revenue.rules.reading.text import LARGEST, decode

MOST_ROWS = 100_000
MOST_COLUMNS = 200
LONGEST_CELL = 4_000

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAID = re.compile(r"sep=([,;\t|])[\r\n]", re.IGNORECASE)

csv.field_size_limit(2 * LARGEST)  # a long cell is reported by its line; the csv module would stop


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is looked for: its name, other names for it, whether it must be there."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file on which it begins, and its cells by column."""

    line: int
    cells: dict[str, str]

    def get(self, name: str) -> str:
        """Return a cell; empty where the file has no such column."""
        return self.cells.get(name, "")


@dataclass(slots=True)
class Table:
    """The rows of a file that are whole, and what is wrong with the others."""

    encoding: str
    separator: str
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_whole: bool = True
    columns: tuple[str, ...] = ()

    def complain(self, line: int, column: str, value: str, sentence: str) -> None:
        """Report a row that cannot be read."""
        self.problems.append(Problem.of(line, column, value, sentence))


def read_table(content: bytes, columns: Sequence[Column]) -> Table:
    """Return the rows of a CSV file that has at least the required ``columns``.

    A row with a cell too few or too many, a NUL, or a cell beyond all reason is reported by its
    line and left out; a quote that is never closed ends the reading there.

    :raises FileRefused: if it cannot be read as such a table at all
    """
    decoded = decode(content)
    text, said = decoded.text, _SAID.match(decoded.text)
    separator = said[1] if said else _separator(text)
    table = Table(decoded.encoding, separator, notes=list(decoded.notes))
    if separator != ",":
        table.notes.append(f"Cells are separated by {_SEPARATORS.get(separator, 'another sign')}.")
    if _line_ends(text) > 1:
        table.notes.append("Lines end in different ways; each was taken for the end of a line.")
    records = _records(text, separator, table)
    if said:
        next(records)  # Excel's own line, which is no head
    head = next(records, None)
    if head is None:
        raise FileRefused("The file has no head line that names its columns.")
    names = _head(head[1], columns, table)
    for line, cells in records:
        _keep(table, line, cells, names)
        if len(table.rows) + len(table.problems) > MOST_ROWS:
            raise FileRefused(f"The file has more than {MOST_ROWS:,} rows. Send it in parts.")
    return table


def _separator(text: str) -> str:
    first = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0][: LONGEST_CELL * 4]
    bare = re.sub(r'"[^"]*"', "", first)
    return max(_SEPARATORS, key=bare.count)


def _line_ends(text: str) -> int:
    """Return how many kinds of line end the text holds."""
    pairs = text.count("\r\n")
    kinds = (pairs, text.count("\n") - pairs, text.count("\r") - pairs)
    return sum(bool(count) for count in kinds)


def _records(text: str, separator: str, table: Table) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            table.complain(line, "", "", "A quote on this line is not closed, or text follows it; "
                           "nothing after it could be read.")  # fmt: skip
            table.is_whole = False
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _head(cells: list[str], columns: Sequence[Column], table: Table) -> list[str]:
    """Return for each cell the column it belongs to; empty where nobody asked for it."""
    if len(cells) > MOST_COLUMNS:
        raise FileRefused(f"The file has more than {MOST_COLUMNS} columns.")
    said = [_plain(cell) for cell in cells]
    twice = [shown(name) for name, count in Counter(filter(None, said)).items() if count > 1]
    if twice:
        raise FileRefused(f"The head names “{twice[0]}” twice. Name each column once.")
    known = {_plain(name): c.name for c in columns for name in (c.name, *c.aliases)}
    names = [known.get(name, "") for name in said]
    again = [name for name, count in Counter(filter(None, names)).items() if count > 1]
    if again:
        raise FileRefused(f"Two columns of the file both mean “{again[0]}”.")
    missing = [c.name for c in columns if c.required and c.name not in names]
    if missing:
        raise FileRefused(f"The first line does not name the columns {', '.join(missing)}.")
    unknown = [shown(cell) for cell, name in zip(cells, names, strict=True) if not name and cell]
    if unknown:
        table.notes.append(f"Columns not used: {', '.join(unknown[:20])}.")
    table.columns = tuple(filter(None, names))
    return names


def _plain(name: str) -> str:
    return "_".join(re.findall(r"[^\W_]+", name.lower()))[:100]


def _keep(table: Table, line: int, cells: list[str], names: list[str]) -> None:
    """Add a record to the rows, or say why not."""
    while len(cells) > len(names) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(names):
        sentence = f"This row has {len(cells)} cells; the head has {len(names)}."
        table.complain(line, "", "", sentence)
        return
    for name, cell in zip(names, cells, strict=True):
        wrong = _wrong(cell)
        if wrong:
            table.complain(line, name, cell, wrong)
            return
    kept = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if name}
    table.rows.append(Row(line, kept))


def _wrong(cell: str) -> str:
    if len(cell) > LONGEST_CELL:
        return f"This cell holds {len(cell):,} characters; at most {LONGEST_CELL:,} are read."
    return "This cell holds a NUL character." if "\0" in cell else ""
