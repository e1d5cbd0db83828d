"""Reading a CSV of plain contracts, a row for each obligation, and printing their roll-forward."""

import csv
import json
from array import array
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

import click
import numpy as np

from app.cli.files import BadFile, Fields, rows_of
from app.kernel.currencies import DECIMALS
from app.kernel.errors import Invalid
from app.kernel.money import Money
from app.revenue.recognition.columns import Code
from app.revenue.recognition.portfolio import MOST_MONTHS, Portfolio, Row

NEEDED = ("contract", "obligation", "price", "pattern", "start")
KNOWN = ("end", "ssp", "invoiced_on", "currency")
BLOCK = 20_000
_PATTERNS = {code.name.lower(): code for code in Code}
_MONTH = 31
_TWO_DECIMALS = "EUR"
"""How amounts without a currency are written."""


def roll(file: Path) -> dict[str, Any]:
    """Return the totals of a file by month, as data.

    :raises BadFile: at the first row that cannot be taken
    """
    portfolio, reader = Portfolio(), _Reader(file)
    block: list[Row] = []
    for row in reader.rows():
        if block and row.contract < block[-1].contract:
            portfolio.add(block)
            block = []
        block.append(row)
    portfolio.add(block)
    return {
        "contracts": portfolio.contracts,
        "obligations": portfolio.obligations,
        "currency": reader.currency or None,
        "periods": [
            {name: _said(value, reader.currency) for name, value in asdict(month).items()}
            for month in portfolio.months()
        ],
    }


def _said(value: str | int, currency: str) -> str:
    return value if isinstance(value, str) else str(Money(value, currency or _TWO_DECIMALS).amount)


class _Reader:
    """Turns rows of a file into obligations; contracts are numbered anew in each block."""

    def __init__(self, file: Path) -> None:
        self.file, self.currency, self.began = file, "", False
        self.seen = array("q")
        """A hash of each contract: ten million of them take eighty megabytes."""

    def rows(self) -> Iterator[Row]:
        """Yield the obligations; number zero begins a block."""
        name, number, weights = None, -1, 0
        for line, fields in rows_of(self.file, NEEDED, KNOWN):
            if fields["contract"] != name:
                self._weighty(line, name, weights)
                name, number, weights = self._begun(line, fields["contract"]), number + 1, 0
                number = 0 if number == BLOCK else number
            row = self._row(line, fields, number)
            weights += row.ssp
            yield row
        self._weighty(line, name, weights)
        self._once()

    def _begun(self, line: int, name: str) -> str:
        if not name:
            raise self._bad(line, "contract", "is empty.")
        self.seen.append(hash(name))
        return name

    def _once(self) -> None:
        """Refuse a contract whose rows stand in two places."""
        if len(np.unique(np.frombuffer(self.seen, np.int64))) == len(self.seen):
            return
        known: set[str] = set()
        before = ""
        for line, fields in rows_of(self.file, NEEDED, KNOWN):
            name = fields["contract"]
            if name != before and name in known:
                raise self._bad(line, "contract", f"“{name}” has rows further up, apart from it.")
            known.add(name)
            before = name

    def _weighty(self, line: int, name: str | None, weights: int) -> None:
        if name is not None and not weights:
            why = f"the total standalone selling price of “{name}” cannot be zero."
            raise BadFile(f"{self.file}, above row {line + 1}, field ssp: {why}")

    def _row(self, line: int, fields: Fields, number: int) -> Row:
        self._same_currency(line, fields.get("currency", ""))
        price = self._amount(line, "price", fields["price"])
        ssp = self._amount(line, "ssp", fields["ssp"]) if fields.get("ssp") else price
        code = _PATTERNS.get(fields["pattern"])
        if code is None:
            raise self._bad(line, "pattern", f"is none of {', '.join(_PATTERNS)}.")
        start = self._day(line, "start", fields["start"])
        until = self._until(line, fields, code, start)
        invoiced = fields.get("invoiced_on")
        billed = self._day(line, "invoiced_on", invoiced) if invoiced else start
        return Row(number, price, ssp, code, start, until, billed)

    def _until(self, line: int, fields: Fields, code: Code, start: date) -> date:
        if code is Code.POINT_IN_TIME:
            return start + timedelta(days=1)
        until = self._day(line, "end", fields.get("end", "")) + timedelta(days=1)
        if until <= start:
            raise self._bad(line, "end", "is before the start.")
        if (until - start).days > MOST_MONTHS * _MONTH:
            raise self._bad(line, "end", "is more than a hundred years after the start.")
        return until

    def _same_currency(self, line: int, currency: str) -> None:
        began, self.began = self.began, True
        if currency == self.currency:
            return
        if currency not in DECIMALS:
            raise self._bad(line, "currency", f"“{currency[:40]}” is not a currency code.")
        if began:
            raise self._bad(line, "currency", "is not that of the rows above; a file has one.")
        self.currency = currency

    def _amount(self, line: int, field: str, text: str) -> int:
        try:
            minor = _minor(text.strip(), self.currency or _TWO_DECIMALS)
        except Invalid as refusal:
            raise self._bad(line, field, refusal.sentence) from None
        if minor < 0:
            raise self._bad(line, field, "must not be negative.")
        return minor

    def _day(self, line: int, field: str, text: str) -> date:
        try:
            found = _date(text.strip())
        except ValueError:
            raise self._bad(line, field, "is not a day such as 2026-03-31.") from None
        if not date(1900, 1, 1) <= found <= date(2999, 12, 31):
            raise self._bad(line, field, "lies outside the years 1900 to 2999.")
        return found

    def _bad(self, line: int, field: str, why: str) -> BadFile:
        return BadFile(f"{self.file}, row {line}, field {field}: {why}")


@lru_cache(maxsize=65_536)
def _minor(text: str, currency: str) -> int:
    return Money.of(text, currency).minor


@lru_cache(maxsize=65_536)
def _date(text: str) -> date:
    return date.fromisoformat(text)


def print_roll(found: dict[str, Any], form: str) -> None:
    """Print totals by month as JSON, CSV or a table."""
    if form == "json":
        click.echo(json.dumps(found, indent=2))
        return
    columns = list(found["periods"][0])
    if form == "csv":
        stream = StringIO()
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found["periods"])
        click.echo(stream.getvalue(), nl=False)
        return
    click.echo(f"{found['contracts']} contracts, {found['obligations']} obligations")
    lines = [columns, *(list(each.values()) for each in found["periods"])]
    for line in lines:
        words = (cell.replace("_", " ").rjust(20) for cell in line[1:])
        click.echo(line[0].ljust(8) + "".join(words))
