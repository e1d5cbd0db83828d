"""`flask revenue rate`: what usage costs, from files, without a database."""

from pathlib import Path

import click

from app.cli.files import BadFile, complaints_about, document_of, rows_of, with_schema
from app.cli.revenue.rate_output import print_csv, print_json, print_text
from app.kernel.errors import Invalid
from app.kernel.reading import Node
from app.revenue import rating
from app.revenue.rating import OF_ROW, OTHER_FIELDS, Bill, Usage

_FORMS = {"text": print_text, "json": print_json, "csv": print_csv}
_SCHEMA = Path(rating.__file__).with_name("rating.schema.json")


@click.command("rate")
@with_schema(_SCHEMA)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--usage", "table", type=click.Path(path_type=Path), help="A CSV of usage events.")
@click.option("--explain", is_flag=True, help="Add how each amount came about.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text")
def command(file: Path, *, table: Path | None, explain: bool, form: str) -> None:
    """Print what the usage in FILE costs, line by line, and the total.

    The CSV of --usage has the fields charge, quantity, at, id and value, as FILE's usage has.
    """
    content = document_of(file)
    if isinstance(content, list):
        bills = _several(file, content, table)
    else:
        bills = [_one(file, content, table)]
    several = isinstance(content, list)
    _FORMS[form](bills, explain=explain, several=several)


def _one(file: Path, content: object, table: Path | None) -> Bill:
    """Return what the usage of one document costs, that of a CSV included."""
    with complaints_about(file):
        sheet, usage = rating.read_sheet(content, has_more=table is not None)
    if table is not None:
        _take(usage, table)
    with complaints_about(file):
        return rating.bill(sheet, usage)


def _several(file: Path, contents: list[object], table: Path | None) -> list[Bill]:
    """Return what the usage of each document of a list costs."""
    if table is not None:
        raise BadFile(f"{file}: --usage belongs to a file of one document.")
    with complaints_about(file):
        nodes = Node(contents, "").items()
        return [rating.bill(*rating.read_sheet(each.value, path=each.path)) for each in nodes]


def _take(usage: Usage, table: Path) -> None:
    for number, fields in rows_of(table, (), (*OF_ROW, *OTHER_FIELDS)):
        given = {name: text.strip() for name, text in fields.items() if text.strip()}
        try:
            rating.take_row(usage, Node(given, ""))
        except Invalid as refusal:
            raise BadFile(f"{table}, row {number}, {refusal.sentence}") from None
