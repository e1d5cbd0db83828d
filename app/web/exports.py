"""Tables as CSV and Excel files: text stays text, numbers stay numbers, nothing is a formula."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from math import isfinite
from numbers import Integral
from typing import Any

from app.kernel.errors import Broken, Invalid
from app.kernel.money import Money, decimals

Cell = object
Row = Sequence[Cell]

_FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_LONGEST_TEXT = 32_767
_MOST_ROWS = 1_048_576
_LONGEST_SHEET_NAME = 31
_WIDEST = 60
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


class TooManyRows(Invalid):
    """The table has more rows than a worksheet can hold."""

    code = "export.too_many_rows"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: its name, the labels of its columns, its rows."""

    name: str
    head: Sequence[str]
    rows: Iterable[Row]


def csv_bytes(head: Sequence[str], rows: Iterable[Row], *, bom: bool = False) -> bytes:
    """Return a table as CSV (RFC 4180, UTF-8); ``bom`` is for an Excel that would guess wrongly.

    Money is its amount as decimal text: its currency belongs into a column or the head. Text that a
    spreadsheet would take for a formula is preceded by an apostrophe.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_text(label) for label in head])
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return (b"\xef\xbb\xbf" if bom else b"") + text.getvalue().encode()


def _csv_cell(cell: Cell) -> str:
    match cell:
        case None:
            said = ""
        case bool():
            said = "yes" if cell else "no"
        case Money():
            said = str(cell.amount)
        case Decimal():
            said = format(_finite(cell), "f")
        case Integral() | float():
            said = str(_finite(cell))
        case datetime():
            said = _utc(cell).isoformat(timespec="seconds")
        case date():
            said = cell.isoformat()
        case _:
            said = harmless(_text(cell))
    return said


def harmless(text: str) -> str:
    """Return ``text`` so that no spreadsheet computes it: OWASP, CSV injection."""
    is_number = _PLAIN_NUMBER.fullmatch(text) is not None
    return f"'{text}" if not is_number and _FORMULA.match(text.lstrip(" \u00a0")) else text


def _text(cell: Cell) -> str:
    said = str(cell.value if isinstance(cell, Enum) else cell)
    return "".join(c for c in said if c in "\t\r\n" or unicodedata.category(c) not in {"Cc", "Cs"})


def _finite(number: Any) -> Any:
    if not isfinite(number):
        raise Broken("a table holds a number that is not finite")
    return number


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise Broken("a table holds a moment without a zone")
    return at.astimezone(UTC)


def xlsx_bytes(sheets: Iterable[Sheet], *, created_at: datetime = _UNDATED) -> bytes:
    """Return an Excel workbook: amounts in their currency, days as days, text never a formula.

    Moments are in UTC, since a worksheet knows no zones. The same input gives the same bytes.

    :raises TooManyRows: if a table has more rows than a worksheet can hold
    """
    import xlsxwriter

    kept = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(kept, options) as book:
        book.set_properties({"created": _utc(created_at).replace(tzinfo=None)})
        writer, names = _Writer(book), set[str]()
        for sheet in sheets:
            writer.write(_sheet_name(sheet.name, names), sheet)
    return kept.getvalue()


class _Writer:
    """Writes worksheets into one workbook, with its formats made once each."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.formats: dict[str, Any] = {}
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})

    def write(self, name: str, sheet: Sheet) -> None:
        """Write the head, then row by row; widths follow the labels, as rows are not kept."""
        page = self.book.add_worksheet(name)
        page.freeze_panes(1, 0)
        for column, label in enumerate(sheet.head):
            page.set_column(column, column, min(_WIDEST, max(12, len(label) + 2)))
        for column, label in enumerate(sheet.head):
            page.write_string(0, column, _text(label), self.head)
        for number, row in enumerate(sheet.rows, 1):
            if number >= _MOST_ROWS:
                raise TooManyRows(f"“{name}” has more than {_MOST_ROWS - 1:,} rows: ask for fewer.")
            for column, cell in enumerate(row):
                self._cell(page, (number, column), cell)

    def _cell(self, page: Any, place: tuple[int, int], cell: Cell) -> None:
        match cell:
            case None | "":
                return
            case bool():
                page.write_boolean(*place, cell)
            case Money():
                page.write_number(*place, float(cell.amount), self._money(cell.currency))
            case Decimal():
                page.write_number(*place, float(_finite(cell)), self._places(cell))
            case Integral() | float():
                page.write_number(*place, float(_finite(cell)))
            case datetime():
                moment = _utc(cell).replace(tzinfo=None)
                page.write_datetime(*place, moment, self._format("yyyy-mm-dd hh:mm"))
            case date():
                page.write_datetime(*place, cell, self._format("yyyy-mm-dd"))
            case _:
                page.write_string(*place, _text(cell)[:_LONGEST_TEXT])

    def _money(self, currency: str) -> Any:
        return self._format(f"[${currency}] {_grouped(decimals(currency))}")

    def _places(self, number: Decimal) -> Any:
        exponent = number.as_tuple().exponent
        return self._format(_grouped(max(0, -exponent) if isinstance(exponent, int) else 0))

    def _format(self, pattern: str) -> Any:
        if pattern not in self.formats:
            self.formats[pattern] = self.book.add_format({"num_format": pattern})
        return self.formats[pattern]


def _grouped(places: int) -> str:
    return "#,##0" + ("." + "0" * places if places else "")


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """Return a name that Excel takes: short, without brackets and slashes, only once."""
    plain = re.sub(r"[\[\]:*?/\\]", "-", _text(wanted)).strip("' ")[:_LONGEST_SHEET_NAME] or "Sheet"
    name, number = plain, 1
    while name.lower() in taken:
        number += 1
        name = f"{plain[: _LONGEST_SHEET_NAME - len(str(number)) - 1]} {number}"
    taken.add(name.lower())
    return name
