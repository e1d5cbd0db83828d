"""`flask incentives`: plans and facts from files, without a database."""

from datetime import datetime
from pathlib import Path

import click

from app.cli.files import with_schema
from app.cli.incentives import comparing, verifying
from app.cli.incentives.calculating import calculation_of
from app.cli.incentives.documents import plans_in
from app.cli.incentives.moments import Moment
from app.cli.incentives.output import form_of, put_out
from app.cli.incentives.told import print_plans
from app.incentives import engine

_SCHEMAS = Path(engine.__file__).parent
_AS_OF = "A day, its whole included, or a moment; the last one that the file tells of if absent."
_FILE = click.Path(path_type=Path)


@click.group("incentives")
def commands() -> None:
    """Calculate, check and compare incentive plans; recompute what was calculated."""


@commands.command("calculate")
@click.argument("file", type=_FILE)
@click.option("--explain", is_flag=True, help="Add why each amount is what it is.")
@click.option("--as-of", type=Moment(), help=_AS_OF)
@click.option("--format", "form", type=click.Choice(["json", "csv", "text"]), default="text")
@with_schema(_SCHEMAS / "calculation.schema.json")
def calculate_file(file: Path, *, explain: bool, as_of: datetime | None, form: str) -> None:
    """Print what FILE pays; its keys are plans, partners, events, rates, blocks and closings."""
    told = form_of(form, explain=explain)
    put_out(told.document(calculation_of(file, as_of, told)))


@commands.command("check")
@click.argument("file", type=_FILE)
@click.option("--format", "form", type=click.Choice(["json", "text"]), default="text")
@with_schema(_SCHEMAS / "plan.schema.json")
def check_file(file: Path, *, form: str) -> None:
    """Print FILE's plans as sentences, and warn of gaps, cliffs and dead zones."""
    print_plans(plans_in(file), form)


@commands.command("simulate")
@click.argument("facts_file", type=_FILE)
@click.argument("plan_a", type=_FILE)
@click.argument("plan_b", type=_FILE)
@click.option("--as-of", type=Moment(), help=_AS_OF)
@click.option("--format", "form", type=click.Choice(["json", "csv", "text"]), default="csv")
@with_schema(_SCHEMAS / "facts.schema.json")
def simulate(
    facts_file: Path, plan_a: Path, plan_b: Path, *, as_of: datetime | None, form: str
) -> None:
    """Compare what PLAN_A and PLAN_B make of FACTS_FILE's history, per partner and currency."""
    compared = comparing.compare(facts_file, (plan_a, plan_b), as_of)
    {"json": comparing.print_json, "csv": comparing.print_csv, "text": comparing.print_text}[form](
        compared
    )


@commands.command("recompute")
@click.argument("file", type=_FILE)
@with_schema(_SCHEMAS / "result.schema.json")
def recompute_file(file: Path) -> None:
    """Work out every line of FILE again from its trace alone; FILE is a calculation as JSON.

    It was written by calculate with --explain and --format json. Ends with status 1 where a line
    says another amount than its trace.
    """
    verifying.verify(file)
