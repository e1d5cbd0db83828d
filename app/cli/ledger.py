"""``flask ledger``: seal, show the head, hand out a receipt, walk the whole log."""

import json
import sys
from pathlib import Path

import click

from app.db.engine import SYSTEM_SCOPE, transaction
from app.kernel.clock import now
from app.kernel.format import moment
from app.ledger import queries, services


@click.group("ledger")
def commands() -> None:
    """Keep and check the append-only record of decisions and money."""


@commands.command()
def verify() -> None:
    """Walk the whole log; name the first bad entry and end with status 1 if there is one."""
    with transaction(SYSTEM_SCOPE, read_only=True) as session:
        report = queries.verify_log(session, progress=_progress)
    if report.bad is not None:
        click.echo(f"The ledger does not hold. First bad: {report.bad}.", err=True)
        sys.exit(1)
    click.echo(f"The ledger holds: {report.sealed} entries under {report.heads} signed heads.")
    if report.waiting_since is not None:
        since = moment(report.waiting_since)
        click.echo(f"{report.waiting} entries wait to be sealed, the first since {since}.")


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done} of {total} entries", nl=done == total, err=True)


@commands.command()
def seal() -> None:
    """Seal every entry that waits, however old, and sign the new head."""
    total = 0
    while True:
        with transaction(SYSTEM_SCOPE) as session:
            sealed = services.sweep(session, at=now())
        total += sealed
        if not sealed:
            break
    click.echo(f"{total} entries sealed.")


@commands.command()
def head() -> None:
    """Print the newest signed head and the public key, to be kept outside this database."""
    with transaction(SYSTEM_SCOPE, read_only=True) as session:
        found = queries.current_head(session)
        if found is None:
            raise click.ClickException("Nothing is sealed yet.")
        click.echo(queries.note(found), nl=False)
        click.echo(queries.published_key(session, found))


@commands.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def grown(file: Path) -> None:
    """Check that the log only grew since the head in FILE was printed; status 1 if not."""
    with transaction(SYSTEM_SCOPE, read_only=True) as session:
        wrong = queries.quarrel(session, file.read_text(encoding="utf-8"))
    if wrong:
        click.echo(f"The log does not hold that head: {wrong}.", err=True)
        sys.exit(1)
    click.echo("The log has only grown since that head was signed.")


@commands.command()
@click.argument("number", type=click.IntRange(min=1, max=2**63 - 1))
def receipt(number: int) -> None:
    """Print the receipt of entry NUMBER as JSON."""
    with transaction(SYSTEM_SCOPE, read_only=True) as session:
        made = queries.receipt(session, number)
    if made is None:
        raise click.ClickException(f"There is no sealed entry {number}.")
    click.echo(json.dumps(made, indent=2, ensure_ascii=False))
