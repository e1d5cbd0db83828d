"""From cells to values: amounts, days, codes, as the sender said they are written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from app.kernel.errors import Invalid
from app.kernel.money import Money, decimals
from app.revenue.rules.reading.report import Problem
from app.revenue.rules.reading.table import Row

T = TypeVar("T")
_FIRST_YEAR, _LAST_YEAR = 1990, 2200


class DecimalSign(StrEnum):
    """What stands between an amount and its decimals."""

    POINT = "point"
    COMMA = "comma"


class DayOrder(StrEnum):
    """In which order day, month and year are written; year first is always understood."""

    ISO = "iso"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True, slots=True)
class Manner:
    """How figures and days of a file are written, as its sender says: they cannot be told apart."""

    decimal: DecimalSign = DecimalSign.POINT
    days: DayOrder = DayOrder.ISO


PLAIN = Manner()

_AMOUNT = {
    DecimalSign.POINT: re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,18})(\.[0-9]+)?"),
    DecimalSign.COMMA: re.compile(r"[+-]?([0-9]{1,3}(\.[0-9]{3})+|[0-9]{1,18})(,[0-9]+)?"),
}
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})([ T]00:00(:00)?(\.0+)?Z?)?")
_OTHER = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")


class Reader:
    """Reads the cells of one row and keeps what is wrong with them; what is wrong reads as None."""

    def __init__(self, row: Row, manner: Manner) -> None:
        self.row, self.manner = row, manner
        self.problems: list[Problem] = []

    def complain(self, name: str, sentence: str) -> None:
        """Report a cell."""
        self.problems.append(Problem.of(self.row.line, name, self.row.get(name), sentence))

    def text(self, name: str, *, longest: int, required: bool = True) -> str:
        """Return a text of at most ``longest`` characters."""
        value = " ".join(self.row.get(name).split())
        if not value and required:
            self.complain(name, "This cell is empty.")
        if len(value) > longest:
            self.complain(name, f"At most {longest} characters.")
        elif not value.isprintable():
            self.complain(name, "This cell holds characters that cannot be printed.")
        return value

    def choice(self, name: str, known: Mapping[str, T], default: T | None = None) -> T | None:
        """Return what one of the ``known`` words stands for."""
        value = self.row.get(name)
        if not value and default is not None:
            return default
        found = known.get(value.lower().replace(" ", "_").replace("-", "_"))
        if found is None:
            self.complain(name, f"Say one of: {', '.join(known)}.")
        return found

    def amount(self, name: str, currency_name: str = "currency") -> Money | None:
        """Return an amount above zero in the currency that the row names."""
        currency = self.row.get(currency_name).upper()
        try:
            decimals(currency)
        except Invalid:
            self.complain(currency_name, "This is not a currency code, such as EUR.")
            return None
        digits = self._digits(name)
        if digits is None:
            return None
        try:
            found = Money.of(digits, currency)
        except Invalid as refusal:
            self.complain(name, refusal.sentence)
            return None
        if found.minor <= 0:
            self.complain(name, "An amount is above zero; the kind says which way it goes.")
            return None
        return found

    def _digits(self, name: str) -> str | None:
        """Return an amount as Python reads it."""
        value = re.sub(r"[\s\u00a0\u202f'’]", "", self.row.get(name))
        if not value:
            self.complain(name, "This cell is empty.")
            return None
        if not _AMOUNT[self.manner.decimal].fullmatch(value):
            sign = f"a decimal {self.manner.decimal.value}"
            self.complain(name, f"This is not an amount with {sign}, as was said of the file.")
            return None
        if self.manner.decimal is DecimalSign.COMMA:
            value = value.replace(".", "").replace(",", ".")
        return value.replace(",", "")

    def day(self, name: str, *, required: bool = True) -> date | None:
        """Return a calendar day, in the order that the sender declared."""
        value = self.row.get(name)
        if not value:
            if required:
                self.complain(name, "This cell is empty.")
            return None
        parts = self._parts(value)
        if parts is None:
            self.complain(name, f"This is not a day {_WRITTEN[self.manner.days]}.")
            return None
        try:
            found = date(*parts)
        except ValueError:
            self.complain(name, "There is no such day in the calendar.")
            return None
        if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
            self.complain(name, f"The year lies outside {_FIRST_YEAR} to {_LAST_YEAR}.")
            return None
        return found

    def _parts(self, value: str) -> tuple[int, int, int] | None:
        """Return year, month and day as numbers."""
        iso = _ISO.fullmatch(value)
        if iso:
            return int(iso[1]), int(iso[2]), int(iso[3])
        other = _OTHER.fullmatch(value)
        if other is None or self.manner.days is DayOrder.ISO:
            return None
        first, second, year = int(other[1]), int(other[3]), int(other[4])
        is_day_first = self.manner.days is DayOrder.DAY_FIRST
        return (year, second, first) if is_day_first else (year, first, second)


_WRITTEN = {
    DayOrder.ISO: "such as 2026-03-31; where it is written otherwise, say so beside the file",
    DayOrder.DAY_FIRST: "such as 31.03.2026 or 2026-03-31",
    DayOrder.MONTH_FIRST: "such as 03/31/2026 or 2026-03-31",
}
