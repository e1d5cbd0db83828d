"""`flask accounts`: match names without a database, and file accounts anew."""

from pathlib import Path

import click
from sqlalchemy import select

from app.access.rules import SYSTEM
from app.accounts import matching
from app.accounts.matching import Party
from app.accounts.models import Account
from app.accounts.services import index_keys, learn_rarity
from app.cli.accounts import match as matched
from app.cli.accounts.output import Counts
from app.cli.accounts.tables import country_code
from app.cli.files import BadFile, with_schema
from app.db.engine import transaction

__all__ = ["Counts", "commands"]

_BATCH = 1000
_SCHEMA = Path(matching.__file__).with_name("matching.schema.json")
_MODES = (
    "Give one of: --pairs FILE; --against FILE with --name TEXT; --left FILE with --right FILE."
)
_FILE = click.Path(path_type=Path)


@click.group("accounts")
def commands() -> None:
    """Match organisations, and file accounts under their keys."""


@commands.command()
@click.option("--pairs", type=_FILE, help="CSV: left, right[, match, left_country, ...].")
@click.option("--against", type=_FILE, help="CSV of organisations to look for --name in.")
@click.option("--name", help="The name to look for.")
@click.option("--country", help="Its country.")
@click.option("--domain", help="Its website or e-mail address.")
@click.option("--left", type=_FILE, help="CSV of organisations, each to be found in --right.")
@click.option("--right", type=_FILE, help="CSV of organisations.")
@click.option("--most", type=click.IntRange(1, 40), default=5, help="Matches for each of --left.")
@click.option("--output", type=_FILE, help="File for the decisions (default: the terminal).")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv")
@with_schema(_SCHEMA)
def match(**given: object) -> None:
    """Say which organisations are the same: pairs, one name and a list, or two lists."""
    asked = _Asked(given)
    if asked.has("pairs"):
        _match_pairs(asked)
    elif asked.has("against", "name"):
        matched.one(asked.file("against"), asked.party(), asked.target)
    elif asked.has("left", "right"):
        most = int(str(given["most"]))
        matched.lists(asked.file("left"), asked.file("right"), asked.target, most=most)
    else:
        raise BadFile(_MODES)


class _Asked:
    """What the options ask for: exactly one of the three ways."""

    _WAYS = ("pairs", "against", "name", "left", "right")

    def __init__(self, given: dict[str, object]) -> None:
        self.given = given
        output = given["output"]
        path = output if isinstance(output, Path) else None
        self.target = matched.Target(path, str(given["form"]))

    def has(self, *names: str) -> bool:
        """Return whether these and no others of the ways are given."""
        return {name for name in self._WAYS if self.given[name] is not None} == set(names)

    def file(self, name: str) -> Path:
        """Return the file given under ``name``."""
        return Path(str(self.given[name]))

    def party(self) -> Party:
        """Return the organisation that is looked for."""
        name, country = str(self.given["name"]).strip(), str(self.given["country"] or "")
        code = country_code(country)
        if not name:
            raise BadFile("--name: the name is empty.")
        if country and code is None:
            raise BadFile(f"--country: “{country[:40]}” is no country.")
        return Party(name, code, str(self.given["domain"] or "") or None)


def _match_pairs(asked: _Asked) -> None:
    counts = matched.pairs(asked.file("pairs"), asked.target)
    for line in counts.lines() if counts.rows else ():
        click.echo(line)


@commands.command()
def index() -> None:
    """File every account under its keys anew and count the words of all names."""
    with transaction(SYSTEM.scope) as session:
        for account in session.scalars(select(Account).execution_options(yield_per=_BATCH)):
            index_keys(session, account)
        words = learn_rarity(session)
    click.echo(f"Every account is filed; {words} words occur more than once.")
