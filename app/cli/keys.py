"""``flask keys``: a new random key."""

import click

from config import new_key


@click.command("keys")
def commands() -> None:
    """Print a new random key, good for TANDEM_SECRET_KEY or for TANDEM_DATA_KEY."""
    click.echo(new_key())
