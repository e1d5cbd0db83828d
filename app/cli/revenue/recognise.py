"""`flask revenue recognise`: contracts from a file, without a database."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import click

from app.cli.files import BadFile, complaints_about, document_of
from app.cli.revenue.recognised import FORMS, HALVES, is_text


def _print_schema(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        schema = files("app.revenue.recognition").joinpath("recognition.schema.json")
        click.echo(schema.read_text(encoding="utf-8"), nl=False)
        ctx.exit()


@click.command("recognise")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="json")
@click.option("--explain", is_flag=True, help="Add a sentence for each step.")
@click.option("--totals", is_flag=True, help="Print the sums of all contracts by month.")
@click.option("--as-of", metavar="DATE", help="Look at nothing after this day.")
@click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_schema,
    help="Print the JSON Schema of FILE and stop.",
)
def command(file: Path, *, form: str, explain: bool, totals: bool, as_of: str | None) -> None:
    """Print what revenue FILE's contracts come to: allocation, periods, balances, what remains."""
    if file.suffix.lower() == ".csv":
        _print_lines(file, form, as_of)
        return
    day = _day(as_of) if as_of is not None else None
    if totals:
        _print_totals(file, form, as_of=day)
    else:
        _print_documents(file, form, explain=explain, as_of=day)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadFile(f"--as-of: “{text[:40]}” is not a day such as 2026-03-31.") from None


def _print_lines(file: Path, form: str, as_of: str | None) -> None:
    from app.cli.revenue.recognised_lines import print_roll, roll

    if as_of is not None:
        raise BadFile(f"{file}: --as-of belongs to documents; a CSV is rolled forward in full.")
    print_roll(roll(file), form)


def _print_totals(file: Path, form: str, *, as_of: date | None) -> None:
    """Print what the documents of a file come to together."""
    from app.cli.revenue.many import Manner
    from app.cli.revenue.totals import print_totals
    from app.revenue.recognition import listed_in

    content = document_of(file)
    with complaints_about(file):
        where, documents = listed_in(content) or (None, [content])
    print_totals(file, documents, Manner(where, form, explain=False, as_of=as_of))


def _print_documents(file: Path, form: str, *, explain: bool, as_of: date | None) -> None:
    """Print what the documents of a file come to: one for one, a list for a list."""
    from app.cli.revenue.many import Manner, print_many
    from app.revenue.recognition import as_data, listed_in, read_document, recognise

    content = document_of(file)
    with complaints_about(file):
        several = listed_in(content)
        if several is None:
            found = as_data(recognise(read_document(content, as_of=as_of)), explained=explain)
            text = FORMS[form].alone(found)
            if not is_text(text):
                raise BadFile(f"{file}: {HALVES}")
            click.echo(text, nl=False)
            return
    where, documents = several
    print_many(file, documents, Manner(where, form, explain, as_of))
