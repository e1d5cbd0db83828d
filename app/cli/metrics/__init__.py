"""`flask metrics`: what each number means, and its value, without a database."""

from pathlib import Path

import click

from app.cli.files import BadFile, complaints_about, document_of, with_schema
from app.cli.metrics.output import Look, print_answer, print_list, print_metric
from app.kernel.currencies import DECIMALS
from app.kernel.errors import Invalid
from app.reporting import metrics
from app.reporting.metrics import Area, Funnel, Metric

_FORMS = click.Choice(["text", "json", "csv"])
_SCHEMA = Path(metrics.__file__).with_name("funnel.schema.json")
_BRIDGE = "bridge"


@click.group("metrics")
def commands() -> None:
    """Say what each number means, and compute it."""


@commands.command("list")
@click.option("--area", type=click.Choice([area.value for area in Area]), help="Of one area only.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv", "markdown"]), default="text"
)
def list_metrics(area: str | None, form: str) -> None:
    """Print every metric: name, unit, area, what it is."""
    wanted = [m for m in metrics.METRICS.values() if area in (None, metrics.AREAS[m.name])]
    print_list(wanted, form)


@commands.command("show")
@click.argument("name")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def show(name: str, form: str) -> None:
    """Print what the metric NAME means, its formula, its keys and an example."""
    print_metric(_found(name), form)


@commands.command("compute")
@click.argument("name")
@click.argument("pairs", nargs=-1, metavar="KEY=VALUE...")
@click.option("--explain", is_flag=True, help="Add the working and the formula.")
@click.option("--exact", is_flag=True, help="Print fractions instead of at most six decimals.")
@click.option("--currency", help="The currency of amounts, such as EUR.")
@click.option("--format", "form", type=_FORMS, default="text")
def compute(name: str, pairs: tuple[str, ...], currency: str | None, **look: object) -> None:
    """Print the value of the metric NAME, then its unit; n/a where its denominator is zero.

    Shares are written 25% or 0.25, series with commas: actual=1,2 forecast=1,3. See
    `flask metrics show NAME` for the keys.
    """
    metric = _found(name)
    given = _given(pairs)
    if currency is not None:
        _check_currency(currency)
        given |= {"currency": currency} if _needs_currency(metric) else {}
    try:
        answer = metrics.compute(metric, given)
    except Invalid as refusal:
        raise BadFile(refusal.sentence) from None
    print_answer(metric, answer, Look(currency=currency or given.get("currency", ""), **look))  # type: ignore[arg-type]


@commands.command("bridge")
@with_schema(_SCHEMA)
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--currency", help="The currency of amounts, such as EUR.")
@click.option("--format", "form", type=_FORMS, default="text")
def bridge(before: Path, after: Path, currency: str | None, form: str) -> None:
    """Print what made the value change between two funnels.

    BEFORE and AFTER are JSON files, each with leads, qualified, opportunities, won and value.
    """
    if currency is not None:
        _check_currency(currency)
    try:
        answer = metrics.bridge(_funnel(before), _funnel(after), currency)
    except Invalid as refusal:
        raise BadFile(refusal.sentence) from None
    print_answer(metrics.find(_BRIDGE), answer, Look(form=form, currency=currency or ""))


def _found(name: str) -> Metric:
    try:
        return metrics.find(name)
    except Invalid as refusal:
        raise BadFile(f"{refusal.sentence} All are listed by: flask metrics list") from None


def _given(pairs: tuple[str, ...]) -> dict[str, str]:
    given: dict[str, str] = {}
    for pair in pairs:
        name, sign, text = pair.partition("=")
        if not sign or not name.strip():
            raise BadFile(f"“{pair[:60]}” is not written as key=value.")
        if name in given:
            raise BadFile(f"{name}: it is given twice.")
        given[name] = text
    return given


def _check_currency(code: str) -> None:
    if code not in DECIMALS:
        raise BadFile(f"--currency: “{code[:40]}” is not a currency code.")


def _needs_currency(metric: Metric) -> bool:
    kinds = {key.kind for form in metric.forms for key in form.keys}
    return metrics.Kind.CURRENCY in kinds


def _funnel(file: Path) -> Funnel:
    with complaints_about(file):
        return metrics.read_funnel(document_of(file))
