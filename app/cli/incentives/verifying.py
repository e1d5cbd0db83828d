"""`flask incentives recompute`: lines against their traces, without the engine."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from app.cli.files import BadFile, complaints_about
from app.cli.json_stream import members_of
from app.incentives.engine.recompute import recompute
from app.kernel.errors import Broken, Invalid
from app.kernel.money import Money

_TOTALS = {"issued": "issued_totals", "lines": "totals"}
"""The lists of a result, and the member that has the totals of each."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A line of a result: where it stands, what it says and what its trace comes to."""

    path: str
    currency: str
    said: int
    found: int

    @property
    def agrees(self) -> bool:
        """Whether both are the same."""
        return self.said == self.found


def verify(file: Path) -> None:
    """Print whether every line and total of a result follows from the traces.

    Lines are looked at one by one, so that a result may have any size.

    :raises BadFile: if it is no result with traces
    """
    found = _Found(file)
    for name, index, value in members_of(file, None, (*_TOTALS, "nothing")):
        found.take(name, index, value)
    with complaints_about(file):
        wrong = list(found.wrong())
    if wrong:
        for sentence in wrong:
            click.echo(f"{file}: {sentence}", err=True)
        raise SystemExit(1)
    click.echo(f"{found.checked} lines agree with their traces, and the totals with them.")


class _Found:
    """What was found so far: lines that do not agree, and what the traces come to in all."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._told: dict[str, Any] = {}
        self._sums: dict[str, Counter[str]] = {name: Counter() for name in _TOTALS}
        self._wrong: dict[str, list[str]] = {name: [] for name in _TOTALS}
        self.checked = 0

    def take(self, name: str, index: int | None, value: Any) -> None:
        """Take a member of the result, or one line of a list."""
        if name not in _TOTALS or index is None:
            self._told[name] = value
            return
        line = _checked(self._file, value, f"{name}[{index}]")
        self.checked += 1
        self._sums[name][line.currency] += line.found
        if not line.agrees:
            self._wrong[name].append(_sentence(line))

    def wrong(self) -> Iterator[str]:
        """Yield what does not agree: lines first, then totals.

        :raises BadFile: if there are no lines
        """
        if "lines" not in self._told:
            raise BadFile(f"{self._file}: lines: A result of calculate as JSON is needed.")
        for name, total in _TOTALS.items():
            if not isinstance(self._told.get(name, []), list):
                raise BadFile(f"{self._file}: {name}: A list is needed here.")
            yield from self._wrong[name]
            yield from _totals(self._told.get(total, {}), self._sums[name], total)


def _checked(file: Path, line: Any, path: str) -> Checked:
    if not isinstance(line, dict) or not isinstance(line.get("trace"), dict):
        raise BadFile(f"{file}: {path}.trace: It is missing; calculate with --explain.")
    try:
        said = Money.of(line["amount"], line["currency"])
        found = recompute(line["trace"])
    except (Broken, Invalid, LookupError, TypeError, ValueError, ArithmeticError) as problem:
        raise BadFile(f"{file}: {path}.trace: Cannot be worked out ({problem}).") from None
    minor = line.get("minor", said.minor)
    return Checked(path, said.currency, minor if said.minor == found else said.minor, found)


def _sentence(line: Checked) -> str:
    said, found = (Money(each, line.currency).amount for each in (line.said, line.found))
    return f"{line.path}: It says {line.currency} {said}, and its trace comes to {found}."


def _totals(told: Any, sums: Counter[str], name: str) -> Iterator[str]:
    for currency in sorted({*sums, *(told if isinstance(told, dict) else ())}):
        found = str(Money(sums[currency], currency).amount)
        said = told.get(currency) if isinstance(told, dict) else None
        if said != found:
            yield f"{name}.{currency}: It says {said}, and the traces come to {found}."
