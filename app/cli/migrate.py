"""``flask migrate``: bring the database up to this version."""

import click
from alembic.util import CommandError
from sqlalchemy.exc import OperationalError

from app.cli.place import place_of
from app.db import migrate, standing
from app.db.address import Addresses
from app.jobs import door
from config import settings


def bring_up(place: Addresses) -> None:
    """Run the migrations that are due, the portal's and those of the engine behind its jobs.

    :raises ClickException: if the database cannot be reached or is too old
    """
    try:
        migrate.to_head(place.owner_url)
    except OperationalError as problem:
        raise click.ClickException(f"The database does not answer: {problem.orig}") from None
    except (migrate.ServerTooOld, CommandError) as problem:
        raise click.ClickException(f"The database cannot be migrated: {problem}") from None
    door.install(place.owner_url)
    standing.remember(place.owner_url)


@click.command("migrate")
def commands() -> None:
    """Bring the database up to this version; safe to run from several machines at once."""
    bring_up(place_of(settings()))
    click.echo("The database is up to date.")
