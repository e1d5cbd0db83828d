"""Where the database of a command is."""

import click

from app.db.address import Addresses, addresses
from app.db.embedded import DatabaseUnavailable
from config import Settings


def place_of(known: Settings) -> Addresses:
    """Return where the database is, starting the embedded one where no other is named.

    :raises ClickException: if there is none
    """
    try:
        return addresses(known.database_url, known.database_app_url, known.var / "postgres")
    except DatabaseUnavailable as problem:
        raise click.ClickException(str(problem)) from None
