"""`flask incentives recompute`: lines against their traces, without the engine."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from app.cli.files import BadFile, document_of
from app.incentives.engine.recompute import recompute
from app.kernel.errors import Broken, Invalid
from app.kernel.money import Money

_LISTS = (("issued", "issued_totals"), ("lines", "totals"))


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

    :raises BadFile: if it is no result with traces
    """
    document = document_of(file)
    if not isinstance(document, dict) or not isinstance(document.get("lines"), list):
        raise BadFile(f"{file}: lines: A result of calculate as JSON is needed.")
    checked, wrong = 0, []
    for name, total in _LISTS:
        lines = list(_checked(file, document.get(name, []), name))
        checked += len(lines)
        wrong += [_sentence(each) for each in lines if not each.agrees]
        wrong += _totals(document.get(total, {}), lines, total)
    if wrong:
        for sentence in wrong:
            click.echo(f"{file}: {sentence}", err=True)
        raise SystemExit(1)
    click.echo(f"{checked} lines agree with their traces, and the totals with them.")


def _checked(file: Path, lines: Any, name: str) -> Iterator[Checked]:
    if not isinstance(lines, list):
        raise BadFile(f"{file}: {name}: A list is needed here.")
    for index, line in enumerate(lines):
        path = f"{name}[{index}]"
        if not isinstance(line, dict) or not isinstance(line.get("trace"), dict):
            raise BadFile(f"{file}: {path}.trace: It is missing; calculate with --explain.")
        try:
            said = Money.of(line["amount"], line["currency"])
            found = recompute(line["trace"])
        except (Broken, Invalid, LookupError, TypeError, ValueError, ArithmeticError) as problem:
            raise BadFile(f"{file}: {path}.trace: Cannot be worked out ({problem}).") from None
        minor = line.get("minor", said.minor)
        yield Checked(path, said.currency, minor if said.minor == found else said.minor, found)


def _sentence(line: Checked) -> str:
    said, found = (Money(each, line.currency).amount for each in (line.said, line.found))
    return f"{line.path}: It says {line.currency} {said}, and its trace comes to {found}."


def _totals(told: Any, lines: list[Checked], name: str) -> Iterator[str]:
    sums: Counter[str] = Counter()
    for line in lines:
        sums[line.currency] += line.found
    for currency in sorted({*sums, *(told if isinstance(told, dict) else ())}):
        found = str(Money(sums[currency], currency).amount)
        said = told.get(currency) if isinstance(told, dict) else None
        if said != found:
            yield f"{name}.{currency}: It says {said}, and the traces come to {found}."
