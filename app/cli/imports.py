"""``flask import``: bring data of other systems."""

from pathlib import Path

import click

from app.access.rules import SYSTEM
from app.db.engine import SYSTEM_SCOPE, transaction
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.kernel.format import money
from app.revenue.rules.crm import FILES
from app.revenue.rules.reading import LARGEST
from app.revenue.services.crm import CrmReport, import_crm, preview_crm
from app.revenue.services.crm.write import Vendor
from config import settings

_SHOWN = 50


@click.group("import")
def commands() -> None:
    """Bring data of other systems; look at it first with --preview."""


@commands.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--preview", is_flag=True, help="Say what would come of it; write nothing.")
@click.option("--good-rows", is_flag=True, help="Take the good rows even where others are bad.")
def crm(folder: Path, preview: bool, good_rows: bool) -> None:
    """Take a CRM export: accounts, products, sales teams and the pipeline in FOLDER.

    All of it in one transaction, or nothing. The same export twice changes nothing.
    """
    files = _read(folder)
    try:
        with transaction(SYSTEM_SCOPE, read_only=True) as session:
            report = preview_crm(session, files)
        _say(report)
        if preview:
            click.echo("This was a preview: nothing was written.")
        elif report.problems and not good_rows:
            raise click.ClickException(
                "Nothing was written. Mend the rows above, or take the others with --good-rows."
            )
        else:
            _take(files, good_rows)
    except Invalid as refusal:
        raise click.ClickException(f"{refusal.sentence} Nothing was written.") from None


def _read(folder: Path) -> dict[str, bytes]:
    """Return the content of the files that are there; a file far too large is not read whole."""
    found = {}
    for name in FILES:
        try:
            with (folder / name).open("rb") as file:
                found[name] = file.read(LARGEST + 1)
        except FileNotFoundError:
            continue
        except OSError as problem:
            raise click.ClickException(f"{name} cannot be read ({problem.strerror}).") from None
    return found


def _take(files: dict[str, bytes], good_rows: bool) -> None:
    vendor = Vendor(settings().vendor_name)
    with transaction(SYSTEM_SCOPE) as session:
        report = import_crm(
            session, files, vendor=vendor, good_only=good_rows, actor=SYSTEM, at=now()
        )
    if report.is_nothing_new:
        click.echo("Nothing is new: nothing was changed.")
    else:
        taken = ", ".join(f"{count} {what}" for what, count in report.new.items())
        click.echo(f"Taken: {taken}.")


def _say(report: CrmReport) -> None:
    for name, count in report.rows.items():
        click.echo(f"{name}: {count} rows")
    for what, count in report.new.items():
        click.echo(f"  new {what}: {count}")
    for what, count in report.unchanged.items():
        click.echo(f"  {what} there before: {count}")
    click.echo(f"Won value in the file: {money(report.won)}")
    for note in report.notes:
        click.echo(f"Note: {note}")
    for problem in report.problems[:_SHOWN]:
        place = f"{problem.file}, line {problem.line}, field {problem.field or 'of the row'}"
        click.echo(f"Bad: {place}: “{problem.value}”. {problem.sentence}")
    if len(report.problems) > _SHOWN:
        click.echo(f"... and {len(report.problems) - _SHOWN} more.")
