"""``flask database``: copies of the whole database, written and read back."""

import shutil
import subprocess
from pathlib import Path

import click

from app.cli.migrate import bring_up
from app.cli.place import place_of
from app.db import migrate
from app.kernel import clock
from config import settings


@click.group("database")
def commands() -> None:
    """Write the database to a file, and read it back."""


@commands.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path | None) -> None:
    """Write the whole database into FILE (by default a dated one under var/backups)."""
    known = settings()
    target = file or known.var / "backups" / f"tandem-{clock.now():%Y%m%d-%H%M%S}.dump"
    target.parent.mkdir(parents=True, exist_ok=True)
    url = place_of(known).owner_url
    _program("pg_dump", "--format=custom", "--no-owner", f"--file={target}", url)
    target.chmod(0o600)
    click.echo(f"Written: {target}")


@commands.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Read FILE into the database, which must be empty."""
    place = place_of(settings())
    with migrate.owner(place.owner_url) as connection:
        if not migrate.is_empty(connection):
            raise click.ClickException("The database is not empty: nothing was changed.")
        migrate.ensure_role(connection)
    target = f"--dbname={place.owner_url}"
    _program(
        "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", target, str(file)
    )
    bring_up(place)
    click.echo("Restored.")


def _program(name: str, *arguments: str) -> None:
    """Run a program of PostgreSQL: the one on the path, else the embedded one."""
    path = shutil.which(name)
    if path is None or not settings().database_url:
        from app.db.embedded import program  # only here: starting the server is not wanted

        path = program(name)
    done = subprocess.run([path, *arguments], check=False, capture_output=True, text=True)
    if done.returncode:
        raise click.ClickException(f"{name} failed: {done.stderr.strip()}")
