"""`flask incentives`: calculate, check and compare plans from files, without a database."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path

import click

from app.cli.files import BadFile, document_of
from app.cli.incentives.documents import facts_of, last_moment, plans_of
from app.cli.incentives.output import amount, print_csv, print_json, print_text
from app.incentives.engine import Facts, PlanVersion, Result, calculate, check, describe
from app.kernel.errors import Invalid

_AS_OF = "The last day of the file if absent."
_FACTS = ("partners", "events", "rates")


@click.group("incentives")
def commands() -> None:
    """Calculate, check and compare incentive plans."""


@commands.command("calculate")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--explain", is_flag=True, help="Add why each amount is what it is.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help=_AS_OF)
@click.option("--format", "form", type=click.Choice(["json", "csv", "text"]), default="text")
def calculate_file(file: Path, *, explain: bool, as_of: datetime | None, form: str) -> None:
    """Print what FILE pays; its keys are plans, partners, events and rates."""
    document = document_of(file)
    if not isinstance(document, dict):
        raise BadFile(f"{file}: An object with plans, partners and events is needed.")
    unknown = sorted(set(document) - {"plans", *_FACTS})
    if unknown:
        raise BadFile(f"{file}: “{unknown[0]}” is not known here.")
    plans = plans_of(file, document.get("plans"), "plans")
    facts = facts_of(file, {key: document[key] for key in _FACTS if key in document})
    result = _calculated(file, facts, plans, as_of)
    {"json": print_json, "csv": print_csv, "text": print_text}[form](result, explain=explain)


@commands.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check_file(file: Path) -> None:
    """Print FILE's plans as sentences, and warn of gaps, cliffs and dead zones."""
    document = document_of(file)
    if isinstance(document, dict) and "plans" in document:
        plans = plans_of(file, document["plans"], "plans")
    else:
        plans = plans_of(file, document, "")
    for plan in plans:
        for text in describe(plan):
            click.echo(text)
        findings = check(plan)
        for found in findings:
            click.echo(f"Warning ({found.code}) in {found.component}: {found.words}")
        if not findings:
            click.echo("No warnings.")


@commands.command("simulate")
@click.argument("facts_file", type=click.Path(path_type=Path))
@click.argument("plan_a", type=click.Path(path_type=Path))
@click.argument("plan_b", type=click.Path(path_type=Path))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help=_AS_OF)
def simulate(facts_file: Path, plan_a: Path, plan_b: Path, *, as_of: datetime | None) -> None:
    """Compare what PLAN_A and PLAN_B make of FACTS_FILE's history, per partner and currency."""
    document = document_of(facts_file)
    facts = facts_of(facts_file, document)
    before, after = (
        _totals(_calculated(path, facts, plans_of(path, document_of(path), ""), as_of))
        for path in (plan_a, plan_b)
    )
    click.echo("partner,currency,plan_a,plan_b,difference")
    for partner, currency in sorted({*before, *after}):
        a, b = before[partner, currency], after[partner, currency]
        cells = (amount(minor, currency) for minor in (a, b, b - a))
        click.echo(",".join((partner, currency, *cells)))
    for currency in sorted({currency for _, currency in {*before, *after}}):
        a, b = (
            sum(minor for (_, each), minor in totals.items() if each == currency)
            for totals in (before, after)
        )
        cells = (amount(minor, currency) for minor in (a, b, b - a))
        click.echo(",".join(("all", currency, *cells)))


def _calculated(
    file: Path, facts: Facts, plans: Sequence[PlanVersion], as_of: datetime | None
) -> Result:
    at = last_moment(facts) if as_of is None else datetime.combine(as_of.date(), time.max, UTC)
    try:
        return calculate(facts, plans, at)
    except Invalid as refusal:
        raise BadFile(f"{file}: {refusal.sentence}") from None


def _totals(result: Result) -> Counter[tuple[str, str]]:
    totals: Counter[tuple[str, str]] = Counter()
    for line in result.lines:
        totals[line.partner_id, line.currency] += line.minor
    return totals
