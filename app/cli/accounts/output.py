"""Writing what `flask accounts match` finds: rows of CSV or JSON, to a file or to the terminal."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import TextIO

from app.accounts.matching import Verdict
from app.cli.files import BadFile

VERDICT = ("decision", "score", "relation", "reasons")

Row = dict[str, str | int | float | bool | list[str] | None]


@dataclass(slots=True)
class Counts:
    """How the decisions stand to the labels."""

    rows: int = 0
    hits: int = 0
    false_alarms: int = 0
    missed: int = 0

    def add(self, *, said: bool, label: bool) -> None:
        """Count one labelled pair."""
        self.rows += 1
        self.hits += said and label
        self.false_alarms += said and not label
        self.missed += label and not said

    def lines(self) -> Iterator[str]:
        """Yield precision, recall and F1, n/a where a denominator is zero."""
        found, true = self.hits + self.false_alarms, self.hits + self.missed
        yield f"pairs {self.rows}"
        yield f"precision {_share(self.hits, found)}"
        yield f"recall {_share(self.hits, true)}"
        yield f"f1 {_share(2 * self.hits, found + true)}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else "n/a"


def verdict_row(verdict: Verdict) -> Row:
    """Return the columns of a verdict."""
    return {
        "decision": verdict.decision.value,
        "score": verdict.score,
        "relation": verdict.relation.value,
        "reasons": list(verdict.reasons),
    }


def write(rows: Iterable[Row], columns: tuple[str, ...], output: Path | None, form: str) -> None:
    """Write the rows as they come, to a file or to the terminal: all of them, or nothing.

    :raises BadFile: if the file cannot be written
    """
    put = _put_json if form == "json" else _put_csv
    if output is not None:
        with _draft_of(output) as target:
            put(target, columns, rows)
        return
    with TemporaryFile("w+", encoding="utf-8", newline="") as target:
        put(target, columns, rows)
        target.seek(0)
        copyfileobj(target, sys.stdout)


@contextmanager
def _draft_of(output: Path) -> Iterator[TextIO]:
    draft = output.with_name(f".{output.name}.part")
    try:
        with draft.open("w", encoding="utf-8", newline="") as target:
            yield target
        draft.replace(output)
    except OSError as problem:
        raise BadFile(f"{output}: cannot be written ({problem.strerror}).") from None
    finally:
        draft.unlink(missing_ok=True)


def _put_csv(target: TextIO, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    writer = csv.writer(target, lineterminator="\n")
    header = columns
    for row in rows:
        if header:
            writer.writerow(header)
            header = ()
        writer.writerow([_text(row[column]) for column in columns])
    if header:
        writer.writerow(header)


def _text(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(value) if isinstance(value, list) else value


def _put_json(target: TextIO, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    before = "[\n"
    for row in rows:
        chosen = {column: row[column] for column in columns}
        target.write(before + json.dumps(chosen, ensure_ascii=False))
        before = ",\n"
    target.write("[]\n" if before == "[\n" else "\n]\n")
