"""What `flask incentives calculate` prints: JSON, CSV or text."""

import csv
import json
from io import StringIO
from typing import Any

import click

from app.incentives.engine import Line, Nothing, Result, sentence, table
from app.kernel.format import money
from app.kernel.money import Money

_COLUMNS = (
    "partner", "plan", "version", "component", "event", "order", "part", "amount", "currency",
    "earned_on", "payable_on", "gate",
)  # fmt: skip


def print_json(result: Result, *, explain: bool) -> None:
    """Print lines, reasons and totals as one JSON document."""
    lines = [
        _row(line) | {"minor": line.minor} | (_explained(line) if explain else {})
        for line in result.lines
    ]
    currencies = sorted({line.currency for line in result.lines})
    document = {
        "lines": lines,
        "nothing": [_reason(each) for each in result.nothing],
        "totals": {each: amount(result.total(each), each) for each in currencies},
    }
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def print_csv(result: Result, *, explain: bool) -> None:
    """Print one row per line."""
    stream = StringIO()
    columns = (*_COLUMNS, "why") if explain else _COLUMNS
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    for line in result.lines:
        writer.writerow(_row(line) | ({"why": sentence(line.trace)} if explain else {}))
    click.echo(stream.getvalue(), nl=False)


def print_text(result: Result, *, explain: bool) -> None:
    """Print one paragraph per line, and the totals."""
    for line in result.lines:
        click.echo(
            f"{line.partner_id}  {money(Money(line.minor, line.currency))}  {line.title}, "
            f"event {line.event_key}, earned {line.earned_on}, {_when(line)}"
        )
        if explain:
            click.echo(f"    {sentence(line.trace)}")
            for row in table(line.trace):
                click.echo("    " + " | ".join(row))
    if explain or not result.lines:
        for each in result.nothing:
            place = f"{each.component}, event {each.event_key}"
            click.echo(f"{each.partner_id}  nothing  {place}: {each.words}")
    for currency in sorted({line.currency for line in result.lines}):
        click.echo(f"Total {money(Money(result.total(currency), currency))}")


def _row(line: Line) -> dict[str, Any]:
    return {
        "partner": line.partner_id,
        "plan": line.plan,
        "version": line.version,
        "component": line.component,
        "event": line.event_key,
        "order": line.order_id,
        "part": line.part,
        "amount": amount(line.minor, line.currency),
        "currency": line.currency,
        "earned_on": line.earned_on.isoformat(),
        "payable_on": line.payable_on.isoformat() if line.payable_on else "",
        "gate": line.gate.code if line.gate else "",
    }


def _explained(line: Line) -> dict[str, Any]:
    return {
        "why": sentence(line.trace),
        "table": [list(row) for row in table(line.trace)],
        "trace": line.trace,
    }


def _reason(each: Nothing) -> dict[str, str]:
    return {
        "partner": each.partner_id,
        "plan": each.plan,
        "component": each.component,
        "event": each.event_key,
        "order": each.order_id,
        "code": each.code,
        "why": each.words,
    }


def _when(line: Line) -> str:
    if line.gate is not None:
        return line.gate.words
    return f"payable {line.payable_on}"


def amount(minor: int, currency: str) -> str:
    """Return an amount in major units, without grouping."""
    return str(Money(minor, currency).amount)
