"""`flask attribution shapley`: the value of each player of a game."""

from pathlib import Path as File

import click

from app.attribution.engine import shapley as games
from app.cli.attribution.options import FORMS, Words
from app.cli.attribution.output import plain, print_csv, print_json
from app.cli.files import complaints_about, document_of, with_schema

_SCHEMA = File(games.__file__).with_name("game.schema.json")


@click.command("shapley")
@click.argument("file", type=click.Path(path_type=File))
@click.option("--samples", type=click.IntRange(2, 10**8), help="Sample by so many orders.")
@click.option("--seed", type=click.IntRange(0, 2**63), default=0, help="Of that sample.")
@click.option("--format", "form", type=Words(FORMS), default="csv")
@with_schema(_SCHEMA)
def shapley(file: File, *, samples: int | None, seed: int, form: str) -> None:
    """Print the Shapley value of each player of FILE, a JSON document with the key v.

    Exact to twelve players, sampled above, with standard errors.
    """
    document = document_of(file)
    with complaints_about(file):
        players, worth = games.read_game(document)
        found = games.shapley(players, worth, samples=samples, seed=seed)
    rows = [
        {"player": player, "value": plain(value)}
        | ({} if found.errors is None else {"value_error": plain(found.errors[player])})
        for player, value in found.values.items()
    ]
    if form == "json":
        print_json(rows)
    else:
        print_csv(rows, rows[0])
