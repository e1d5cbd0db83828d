"""`flask revenue rate`: what usage costs, from files, without a database."""

from pathlib import Path

import click

from app.cli.files import BadFile, complaints_about, document_of, rows_of, with_schema
from app.cli.revenue.rate_output import print_csv, print_json, print_text
from app.kernel.errors import Invalid
from app.kernel.reading import Node
from app.revenue import rating
from app.revenue.rating import OF_ROW, OTHER_FIELDS, Usage

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
    with complaints_about(file):
        sheet, usage = rating.read_sheet(document_of(file), has_more=table is not None)
    if table is not None:
        _take(usage, table)
    with complaints_about(file):
        bill = rating.bill(sheet, usage)
    {"text": print_text, "json": print_json, "csv": print_csv}[form](bill, explain=explain)


def _take(usage: Usage, table: Path) -> None:
    for number, fields in rows_of(table, (), (*OF_ROW, *OTHER_FIELDS)):
        given = {name: text.strip() for name, text in fields.items() if text.strip()}
        try:
            rating.take_row(usage, Node(given, ""))
        except Invalid as refusal:
            raise BadFile(f"{table}, row {number}, {refusal.sentence}") from None
