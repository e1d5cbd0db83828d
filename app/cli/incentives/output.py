"""What `flask incentives calculate` prints: JSON, CSV or text."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import chain, islice
from typing import Any

import click

from app.cli.incentives.calculating import Calculation, Form
from app.cli.incentives.indented import indented
from app.incentives.engine import Gate, Line, Nothing, sentence, table
from app.kernel.format import day, money
from app.kernel.money import Money

_COLUMNS = (
    "status", "partner", "plan", "version", "component", "event", "order", "part", "kind",
    "amount", "minor", "currency", "earned_on", "payable_from", "gate", "gate_until", "posted_on",
    "corrects",
)  # fmt: skip
_ITEM = "    "
"""The margin of what stands in a list of the document."""
_TOGETHER = 1000
Row = dict[str, Any]


class JsonForm:
    """Lines, reasons and totals as one JSON document."""

    tells_reasons = True

    def __init__(self, *, explain: bool) -> None:
        self.explain = explain

    def line(self, line: Line, status: str, since: date | None) -> str:
        """Return a line as an item of a list."""
        del status
        row = _row(line, since)
        if self.explain:
            rows = [list(each) for each in table(line.trace)]
            row |= {"why": sentence(line.trace), "table": rows, "trace": line.trace}
        return indented(row, _ITEM)

    def reason(self, each: Nothing) -> str:
        """Return a reason as an item of a list."""
        return indented(_reason(each), _ITEM)

    def document(self, found: Calculation) -> Iterator[str]:
        """Yield the document."""
        yield f'{{\n  "as_of": {indented(found.as_of.isoformat())},\n'
        if found.open_from is not None:
            yield f'  "open_from": {indented(found.open_from.isoformat())},\n'
            yield from _list("issued", found.issued)
            yield f'  "issued_totals": {indented(totals(found.issued_totals), "  ")},\n'
        yield from _list("lines", found.lines)
        yield from _list("nothing", found.nothing)
        yield f'  "totals": {indented(totals(found.totals), "  ")}\n}}\n'


def _list(name: str, items: Iterable[str]) -> Iterator[str]:
    sign, end = f'  "{name}": [\n{_ITEM}', f'  "{name}": [],\n'
    for item in items:
        yield sign
        yield item
        sign, end = f",\n{_ITEM}", "\n  ],\n"
    yield end


class CsvForm:
    """One row for each line."""

    tells_reasons = False

    def __init__(self, *, explain: bool) -> None:
        self.explain = explain
        self._writer = csv.writer(_Told(), lineterminator="\n")

    def line(self, line: Line, status: str, since: date | None) -> str:
        """Return a line as a row."""
        why = [sentence(line.trace)] if self.explain else []
        return self._text([status, *_flat(_row(line, since)), *why])

    def reason(self, each: Nothing) -> str:
        """Return nothing: a row says what is paid."""
        del each
        return ""

    def document(self, found: Calculation) -> Iterator[str]:
        """Yield the header and the rows."""
        yield self._text([*_COLUMNS, "why"] if self.explain else _COLUMNS)
        yield from found.issued
        yield from found.lines

    def _text(self, cells: Iterable[Any]) -> str:
        return str(self._writer.writerow(cells))


class _Told:
    """Where a writer of CSV writes to: it is given back its row."""

    def write(self, text: str) -> str:
        """Return what is written."""
        return text


class TextForm:
    """A paragraph for each line, and the totals."""

    tells_reasons = False

    def __init__(self, *, explain: bool) -> None:
        self.explain = explain

    def line(self, line: Line, status: str, since: date | None) -> str:
        """Return a line as a paragraph."""
        del status, since
        said = (
            f"{line.partner_id}  {money(Money(line.minor, line.currency))}  {line.title}, "
            f"event {line.event_key}, earned {line.earned_on}{_when(line)}\n"
        )
        if not self.explain:
            return said
        rows = "".join(f"    {' | '.join(row)}\n" for row in table(line.trace))
        return f"{said}    {sentence(line.trace)}\n{rows}"

    def reason(self, each: Nothing) -> str:
        """Return a reason as a sentence."""
        place = f"{each.component or 'every plan'}, event {each.event_key}"
        return f"{each.partner_id}  nothing  {place}: {each.words}\n"

    def document(self, found: Calculation) -> Iterator[str]:
        """Yield the paragraphs; reasons where they are asked for, or there is nothing else."""
        if found.open_from is not None:
            yield f"Issued for days before {day(found.open_from)}:\n"
            yield from found.issued
            yield f"New, posted from {day(found.open_from)} on:\n"
        yield from found.lines
        if self.explain or not len(found.lines):
            yield from found.nothing
        if not (len(found.lines) or len(found.nothing)):
            yield "Nothing happened by then.\n"
        for currency, amount_ in totals(found.totals).items():
            yield f"Total {money(Money.of(amount_, currency))}\n"


def form_of(name: str, *, explain: bool) -> Form:
    """Return the form that a command names."""
    forms: dict[str, Callable[..., Form]] = {"json": JsonForm, "csv": CsvForm, "text": TextForm}
    return forms[name](explain=explain)


def put_out(texts: Iterable[str]) -> None:
    """Print texts, many at a time."""
    rest = iter(texts)
    for first in rest:
        click.echo("".join(chain([first], islice(rest, _TOGETHER))), nl=False)


def _when(line: Line) -> str:
    if line.gate is not None:
        return f". {line.gate.words}"
    return f", payable from {line.payable_on}"


def totals(sums: Counter[str]) -> dict[str, str]:
    """Return sums by currency in major units."""
    return {currency: amount(minor, currency) for currency, minor in sorted(sums.items())}


def _row(line: Line, since: date | None) -> Row:
    found: Row = {
        "partner": line.partner_id,
        "plan": line.plan,
        "version": line.version,
        "component": line.component,
        "title": line.title,
        "event": line.event_key,
        "order": line.order_id,
        "part": line.part,
        "kind": line.kind,
        "amount": amount(line.minor, line.currency),
        "minor": line.minor,
        "currency": line.currency,
        "earned_on": line.earned_on.isoformat(),
        "payable_from": line.payable_on.isoformat() if line.payable_on else None,
        "gate": _gate(line.gate),
    }
    if since is not None:
        found["posted_on"] = max(line.earned_on, since).isoformat()
    if line.corrects is not None:
        names = ("plan", "component", "event", "partner", "part")
        found["corrects"] = dict(zip(names, line.corrects, strict=True))
    return found


def _flat(row: Row) -> Iterator[Any]:
    """Yield the cell of each column but the first."""
    gate, corrects = row["gate"] or {}, row.get("corrects")
    flat = {
        "payable_from": row["payable_from"] or "",
        "gate": gate.get("code", ""),
        "gate_until": gate.get("until") or "",
        "corrects": corrects["event"] if corrects else "",
    }
    for name in _COLUMNS[1:]:
        yield flat[name] if name in flat else row.get(name, "")


def _gate(gate: Gate | None) -> Row | None:
    if gate is None:
        return None
    until = None if gate.until is None else gate.until.isoformat()
    return {"code": gate.code, "until": until, "words": gate.words}


def _reason(each: Nothing) -> Row:
    return {
        "partner": each.partner_id,
        "plan": each.plan,
        "version": each.version,
        "component": each.component,
        "event": each.event_key,
        "order": each.order_id,
        "code": each.code,
        "why": each.words,
    }


def amount(minor: int, currency: str) -> str:
    """Return an amount in major units, without grouping."""
    return str(Money(minor, currency).amount)
