"""``flask migrate``: bring the database up to this version."""

import click
from sqlalchemy.exc import OperationalError

from app.db import migrate
from app.db.address import Addresses, addresses
from app.jobs import door
from config import Settings, settings


def place_of(known: Settings) -> Addresses:
    """Return where the database is, starting the embedded one where no other is named."""
    return addresses(known.database_url, known.database_app_url, known.var / "postgres")


def bring_up(place: Addresses) -> None:
    """Run the migrations that are due, the portal's and those of the engine behind its jobs.

    :raises ClickException: if the database cannot be reached or is too old
    """
    try:
        migrate.to_head(place.owner_url)
    except OperationalError as problem:
        raise click.ClickException(f"The database does not answer: {problem.orig}") from None
    except migrate.ServerTooOld as problem:
        raise click.ClickException(str(problem)) from None
    door.install(place.owner_url)


@click.command("migrate")
def commands() -> None:
    """Bring the database up to this version; safe to run from several machines at once."""
    bring_up(place_of(settings()))
    click.echo("The database is up to date.")
