"""`flask attribution`: credit journeys from files, without a database."""

from pathlib import Path as File

import click

from app.attribution.engine import paths
from app.attribution.engine.paths import Method, Worth, attribute
from app.attribution.engine.policy import MOST_ORDER
from app.cli.attribution.games import shapley
from app.cli.attribution.histories import apply, backtest_policies, check, learn_weights
from app.cli.attribution.options import (
    FORMS,
    MODELS,
    OTHER_NAMES,
    Told,
    Words,
    half_life,
    mention_unread,
    parts,
    role_weights,
    rule_of,
)
from app.cli.attribution.output import print_channels
from app.cli.attribution.rows import counted, refusals_of
from app.cli.files import with_schema

_SCHEMA = File(paths.__file__).with_name("paths.schema.json")


@click.group("attribution")
def commands() -> None:
    """Credit what partners or channels brought."""


@commands.command()
@click.option("--paths", "file", type=click.Path(path_type=File), required=True, help="CSV.")
@click.option("--model", type=Words(MODELS, OTHER_NAMES), required=True)
@click.option("--half-life", default="7", callback=half_life, help="Days; for time-decay.")
@click.option("--position", callback=parts(3), help="Of position: first/between/last, 40/20/40.")
@click.option("--w", callback=parts(4), help="Of w: first/milestone/last/others, 30/30/30/10.")
@click.option("--roles", callback=role_weights, help="Of roles: “technical=3,co_sell=1”.")
@click.option("--order", type=click.IntRange(1, MOST_ORDER), default=1, help="Of Markov.")
@click.option("--nulls/--no-nulls", default=True, help="With paths that did not convert, or not.")
@click.option("--worth", type=Words(Worth), default="conversions", help="Of Shapley.")
@click.option("--samples", type=click.IntRange(2, 10**8), help="Sample Shapley by so many orders.")
@click.option("--seed", type=click.IntRange(0, 2**63), default=0, help="Of that sample.")
@click.option("--collapse/--keep", default=False, help="Count repeated touches once, or each.")
@click.option("--lookback", type=click.IntRange(1, 10**6), help="Days before the conversion.")
@click.option("--separator", help="Between the channels of a path; “>” unless told.")
@click.option("--format", "form", type=Words(FORMS), default="csv")
@click.option("--explain", is_flag=True, help="Add each share, and why it is what it is.")
@with_schema(_SCHEMA)
def credit(file: File, *, form: str, explain: bool, separator: str | None, **told: Told) -> None:
    """Print what each channel of a CSV of paths ("a > b > c") brought.

    Columns: path, total_conversions, total_conversion_value, total_null; optional times (hours
    before the conversion, or moments, one for each channel), roles and milestone.
    """
    method = Method(
        rule=rule_of(told),
        order=told["order"],
        nulls=told["nulls"],
        worth=Worth(told["worth"]),
        samples=told["samples"],
        seed=told["seed"],
    )
    columns, last = counted(file, separator or None)
    with refusals_of(file, last):
        found = attribute(columns, method)
    mention_unread(click.get_current_context(), method.rule.model)
    print_channels(found, method, form, explain=explain)


for _command in (apply, backtest_policies, check, learn_weights, shapley):
    commands.add_command(_command)
