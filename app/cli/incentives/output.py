"""What `flask incentives calculate` prints: JSON, CSV or text."""

import csv
import json
from collections.abc import Iterable
from datetime import date
from io import StringIO
from typing import Any

import click

from app.cli.incentives.documents import Calculation
from app.incentives.engine import Gate, Line, Nothing, sentence, table
from app.kernel.format import day, money
from app.kernel.money import Money

_COLUMNS = (
    "status", "partner", "plan", "version", "component", "event", "order", "part", "kind",
    "amount", "minor", "currency", "earned_on", "payable_from", "gate", "gate_until", "posted_on",
    "corrects",
)  # fmt: skip
Row = dict[str, Any]


def print_json(found: Calculation, *, explain: bool) -> None:
    """Print lines, reasons and totals as one JSON document."""
    document: Row = {"as_of": found.as_of.isoformat()}
    if found.open_from is not None:
        document["open_from"] = found.open_from.isoformat()
        document["issued"] = [_member(line, None, explain) for line in found.issued]
        document["issued_totals"] = totals(found.issued)
    document["lines"] = [_member(line, found.open_from, explain) for line in found.lines]
    document["nothing"] = [_reason(each) for each in found.nothing]
    document["totals"] = totals(found.lines)
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def print_csv(found: Calculation, *, explain: bool) -> None:
    """Print one row per line."""
    stream = StringIO()
    columns = (*_COLUMNS, "why") if explain else _COLUMNS
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    rows: list[tuple[str, Line, date | None]] = [("issued", line, None) for line in found.issued]
    rows += [("new", line, found.open_from) for line in found.lines]
    for status, line, since in rows:
        why = {"why": sentence(line.trace)} if explain else {}
        writer.writerow({"status": status} | _flat(_row(line, since)) | why)
    click.echo(stream.getvalue(), nl=False)


def print_text(found: Calculation, *, explain: bool) -> None:
    """Print one paragraph per line, and the totals."""
    lines, nothing = found.lines, found.nothing
    if found.open_from is not None:
        click.echo(f"Issued for days before {day(found.open_from)}:")
        _paragraphs(found.issued, explain=explain)
        click.echo(f"New, posted from {day(found.open_from)} on:")
    _paragraphs(lines, explain=explain)
    if explain or not lines:
        for each in nothing:
            place = f"{each.component or 'every plan'}, event {each.event_key}"
            click.echo(f"{each.partner_id}  nothing  {place}: {each.words}")
    if not (lines or nothing):
        click.echo("Nothing happened by then.")
    for currency, amount_ in totals(lines).items():
        click.echo(f"Total {money(Money.of(amount_, currency))}")


def _paragraphs(lines: Iterable[Line], *, explain: bool) -> None:
    for line in lines:
        click.echo(
            f"{line.partner_id}  {money(Money(line.minor, line.currency))}  {line.title}, "
            f"event {line.event_key}, earned {line.earned_on}{_when(line)}"
        )
        if explain:
            click.echo(f"    {sentence(line.trace)}")
            for row in table(line.trace):
                click.echo("    " + " | ".join(row))


def _when(line: Line) -> str:
    if line.gate is not None:
        return f". {line.gate.words}"
    return f", payable from {line.payable_on}"


def totals(lines: Iterable[Line]) -> dict[str, str]:
    """Return the sum of some lines by currency, in major units."""
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.currency] = sums.get(line.currency, 0) + line.minor
    return {currency: amount(minor, currency) for currency, minor in sorted(sums.items())}


def _member(line: Line, since: date | None, explain: bool) -> Row:
    if not explain:
        return _row(line, since)
    rows = [list(row) for row in table(line.trace)]
    return _row(line, since) | {"why": sentence(line.trace), "table": rows, "trace": line.trace}


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


def _flat(row: Row) -> Row:
    """Return a row with a text in each column."""
    gate, corrects = row["gate"] or {}, row.get("corrects")
    more = {
        "payable_from": row["payable_from"] or "",
        "gate": gate.get("code", ""),
        "gate_until": gate.get("until") or "",
        "corrects": corrects["event"] if corrects else "",
    }
    return {name: value for name, value in (row | more).items() if name in _COLUMNS}


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
