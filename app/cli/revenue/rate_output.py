"""What `flask revenue rate` prints: text, JSON or CSV."""

import csv
import json
import sys
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import click

from app.kernel.format import money
from app.kernel.money import Money
from app.revenue.rating import Bill, Line, Row, exact_text, explain

_COLUMNS = ("charge", "model", "start", "until", "quantity", "amount", "minor", "currency")
_ROW_COLUMNS = ("", "above", "up to", "units", "price", "amount")


def print_json(bills: Sequence[Bill], *, explain: bool, several: bool) -> None:
    """Print lines with the rows they are made of, the total of each period, and the total."""
    del explain  # a program can leave out what it does not want
    found = [_document(bill) for bill in bills]
    click.echo(json.dumps(found if several else found[0], indent=2, ensure_ascii=False))


def _document(bill: Bill) -> dict[str, Any]:
    return {
        "currency": bill.currency,
        "lines": [_line(line, bill.currency) for line in bill.lines],
        "periods": [_period(lines, bill.currency) for lines in _by_period(bill)],
        "total": _amount(bill.minor, bill.currency),
        "total_minor": bill.minor,
    }


def _amount(minor: int, currency: str) -> str:
    return str(Money(minor, currency).amount)


def _line(line: Line, currency: str) -> dict[str, Any]:
    return {
        "charge": line.charge,
        "model": line.model,
        **_days(line),
        "quantity": exact_text(line.quantity),
        "amount": _amount(line.minor, currency),
        "minor": line.minor,
        "exact": exact_text(line.exact),
        "rows": [_row(row) for row in line.rows],
        "why": explain(line, currency),
    }


def _days(line: Line) -> dict[str, str]:
    if line.period is None:
        return {"start": "", "until": ""}
    return {"start": line.period.start.isoformat(), "until": line.period.until.isoformat()}


def _row(row: Row) -> dict[str, str | None]:
    numbers = {
        "above": row.above,
        "up_to": row.up_to,
        "units": row.units,
        "unit_amount": row.unit_amount,
        "amount": row.amount,
    }
    said = {name: None if n is None else exact_text(n) for name, n in numbers.items()}
    return {"label": row.label, **said}


def _by_period(bill: Bill) -> list[list[Line]]:
    ordered = sorted(bill.lines, key=_start)
    return [list(lines) for _, lines in groupby(ordered, key=_start)]


def _start(line: Line) -> str:
    return line.period.start.isoformat() if line.period else ""


def _period(lines: list[Line], currency: str) -> dict[str, Any]:
    minor = sum(line.minor for line in lines)
    return {**_days(lines[0]), "total": _amount(minor, currency), "total_minor": minor}


def print_csv(bills: Sequence[Bill], *, explain: bool, several: bool) -> None:
    """Print one row for each line; of several documents the number of its own comes first."""
    first = ("document",) if several else ()
    columns = (*first, *_COLUMNS, "why") if explain else (*first, *_COLUMNS)
    writer = csv.DictWriter(sys.stdout, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for number, bill in enumerate(bills, start=1):
        more = {"currency": bill.currency, "document": number}
        writer.writerows(_line(line, bill.currency) | more for line in bill.lines)


def print_text(bills: Sequence[Bill], *, explain: bool, several: bool) -> None:
    """Print one line for each charge and period, and the total; one document below the other."""
    del several
    for number, bill in enumerate(bills):
        if number:
            click.echo()
        _print_bill(bill, explain=explain)


def _print_bill(bill: Bill, *, explain: bool) -> None:
    for line in bill.lines:
        when = f"  {line.period.start} to {line.period.last}" if line.period else ""
        shown = _shown(line.minor, bill.currency)
        used = f"  {exact_text(line.quantity)} used" if line.quantity else ""
        click.echo(f"{line.charge}  {shown}{used}{when}  {line.model}")
        if explain:
            _print_working(line, bill.currency)
    click.echo(f"Total {_shown(bill.minor, bill.currency)}")


def _shown(minor: int, currency: str) -> str:
    return money(Money(minor, currency)).replace("\u00a0", " ")


def _print_working(line: Line, currency: str) -> None:
    click.echo(f"    {explain(line, currency)}")
    rows: list[tuple[str, ...]] = [_ROW_COLUMNS]
    for row in line.rows:
        numbers = (row.above, row.up_to, row.units, row.unit_amount, row.amount)
        rows.append((row.label, *("" if n is None else exact_text(n) for n in numbers)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for label, *cells in rows:
        padded = (f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True))
        click.echo("    " + "  ".join((f"{label:<{widths[0]}}", *padded)).rstrip())
