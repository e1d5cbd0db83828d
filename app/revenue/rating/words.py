"""A line in words: how its amount came about, and numbers as exact text."""

from fractions import Fraction

from app.kernel.format import money
from app.kernel.money import Money
from app.revenue.rating.bill import Line
from app.revenue.rating.prices import Row


def exact_text(value: Fraction) -> str:
    """Return a number exactly: as a decimal where it ends, else as a fraction."""
    denominator, places = value.denominator, 0
    for factor in (2, 5):
        while denominator % factor == 0:
            denominator //= factor
    if denominator != 1:
        return str(value)
    while (value * 10**places).denominator != 1:
        places += 1
    digits = f"{abs(int(value * 10**places)):0{places + 1}d}"
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def explain(line: Line, currency: str) -> str:
    """Return how the amount of a line came about, as a sentence."""
    pieces = [_piece(row) for row in line.rows]
    made = " + ".join(pieces).replace("+ -", "- ")
    total = money(Money(line.minor, currency)).replace("\u00a0", " ")
    used = f"{exact_text(line.quantity)} used: " if line.quantity else ""
    rounded = "" if _is_whole(line, currency) else f" = {exact_text(line.exact)}, rounded to"
    return f"{used}{made}{rounded or ' ='} {total}"


def _is_whole(line: Line, currency: str) -> bool:
    return Fraction(Money(line.minor, currency).amount) == line.exact


def _piece(row: Row) -> str:
    amount = exact_text(row.amount)
    if row.label == "free" and row.units is not None:
        return f"{exact_text(row.units)} free"
    if row.units is None or row.unit_amount is None:
        covers = f" (covers {exact_text(row.units)})" if row.units else ""
        return f"{amount} {row.label}{covers}"
    return f"{exact_text(row.units)} x {exact_text(row.unit_amount)}{_named(row)}"


def _named(row: Row) -> str:
    """Return the name of a row that its numbers do not say."""
    return "" if row.label in {"units", "tier", "rate"} else f" {row.label}"
