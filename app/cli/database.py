"""``flask database``: copies of the whole database, written and read back."""

import re
import shutil
import subprocess
from pathlib import Path

import click

from app.cli.migrate import bring_up
from app.cli.place import place_of
from app.db import embedded, migrate
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
    _program("pg_dump", url, "--format=custom", "--no-owner", f"--file={target}", url)
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
    how = ["--no-owner", "--exit-on-error", "--single-transaction"]
    _program("pg_restore", place.owner_url, *how, f"--dbname={place.owner_url}", str(file))
    bring_up(place)
    click.echo("Restored.")


def _program(name: str, url: str, *arguments: str) -> None:
    """Run a program of PostgreSQL, of the server's own version where there is one."""
    with migrate.owner(url) as connection:
        wanted = migrate.major_version(connection)
    candidates = [path for path in (embedded.program(name), shutil.which(name)) if path]
    path = min(candidates, key=lambda path: abs(_major(path) - wanted), default=None)
    if path is None:
        raise click.ClickException(f"{name} is needed: install the client programs of PostgreSQL.")
    done = subprocess.run([path, *arguments], check=False, capture_output=True, text=True)
    if done.returncode:
        raise click.ClickException(f"{name} failed: {done.stderr.strip()}")


def _major(path: str) -> int:
    said = subprocess.run([path, "--version"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"\d+", said)
    return int(found[0]) if found else 0
