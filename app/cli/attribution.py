"""`flask attribution`: credit paths of channels from a file, without a database."""

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from io import StringIO
from pathlib import Path as File

import click

from app.attribution.engine import Brought, Model, Path, Repeats, Rule, credit_paths, read_channels
from app.kernel.errors import Invalid

_NUMBERS = ("total_conversions", "total_conversion_value", "total_null")
_KNOWN = ("path", "times", *_NUMBERS)
_ON_PATHS = [str(model) for model in Model if model not in (Model.ROLES, Model.SOURCED)]


class BadFile(click.ClickException):
    """A file that cannot be used: one sentence, exit status 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the sentence alone."""
        del file
        click.echo(self.message, err=True)


@click.group("attribution")
def commands() -> None:
    """Credit what partners or channels brought."""


@commands.command()
@click.option("--paths", "file", type=click.Path(path_type=File), required=True)
@click.option("--model", type=click.Choice(_ON_PATHS), required=True)
@click.option("--half-life", default="7", help="Days after which a touch counts half.")
@click.option("--collapse/--keep", default=False, help="Count repeated touches once, or each.")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv")
def credit(file: File, *, model: str, half_life: str, collapse: bool, form: str) -> None:
    """Print what each channel of a CSV of paths ("a > b > c") brought.

    Columns: path, total_conversions, total_conversion_value, total_null, and times (hours before
    the conversion, one for each channel, as "48 > 24 > 0").
    """
    rule = _rule(Model(model), half_life, collapse=collapse)
    try:
        with _opened(file) as rows:
            found = credit_paths(_paths(file, rows), rule)
    except Invalid as refusal:
        raise BadFile(f"{file}: {refusal.sentence}") from None
    _print(found, form)


def _rule(model: Model, half_life: str, *, collapse: bool) -> Rule:
    try:
        days = Fraction(Decimal(half_life))
    except (InvalidOperation, ValueError, OverflowError):
        days = Fraction(0)
    if days <= 0:
        raise BadFile("--half-life: a number of days above zero is needed.")
    # Order matters to every model but linear: there, only touches that follow each other are one.
    joined = Repeats.ONCE if model is Model.LINEAR else Repeats.CONSECUTIVE
    return Rule(model=model, half_life_days=days, repeats=joined if collapse else Repeats.KEEP)


@contextmanager
def _opened(file: File) -> "Iterator[csv.DictReader[str]]":
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            yield csv.DictReader(source, strict=True)
    except FileNotFoundError:
        raise BadFile(f"{file}: there is no such file.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise BadFile(f"{file}: cannot be read as CSV ({problem}).") from None


def _paths(file: File, rows: "csv.DictReader[str]") -> Iterator[Path]:
    columns = rows.fieldnames or []
    if "path" not in columns:
        raise BadFile(f"{file}: there is no column “path”; the columns are {', '.join(columns)}.")
    unknown = [column for column in columns if column not in _KNOWN]
    if unknown:
        raise BadFile(f"{file}: column “{unknown[0]}” is not known.")
    for row in rows:
        yield _path(f"{file}: row {rows.line_num}", row)


def _path(where: str, row: dict[str, str]) -> Path:
    if None in row or None in row.values():
        raise BadFile(f"{where}: it has more or fewer cells than there are columns.")
    try:
        channels = read_channels(row["path"])
    except Invalid as refusal:
        raise BadFile(f"{where}, path: {refusal.sentence}") from None
    conversions, value, nulls = (
        _number(where, name, row.get(name) or ("1" if name == _NUMBERS[0] else "0"))
        for name in _NUMBERS
    )
    given = row.get("times") or ""
    hours = tuple(_number(where, "times", part.strip()) for part in given.split(">") if given)
    if hours and len(hours) != len(channels):
        raise BadFile(f"{where}, times: one time for each of {len(channels)} channels is needed.")
    return Path(channels, conversions, value, nulls, hours)


def _number(where: str, column: str, text: str) -> Fraction:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise BadFile(f"{where}, {column}: “{text[:40]}” is not a number of zero or more.")
    return Fraction(number)


def _print(found: Iterable[Brought], form: str) -> None:
    rows = [(each.channel, float(each.conversions), float(each.value)) for each in found]
    if form == "json":
        names = ("channel", "conversions", "value")
        click.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows], indent=2))
        return
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("channel", "conversions", "value"))
    writer.writerows(rows)
    click.echo(stream.getvalue(), nl=False)
