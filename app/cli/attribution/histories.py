"""`flask attribution apply`, `backtest` and `learn`: policies over a history of journeys."""

import json
from datetime import date, datetime
from pathlib import Path as File
from typing import Any

import click

from app.attribution import engine
from app.attribution.engine import Backtest, By, Credit, Journey, Model, Policy, Repeats
from app.attribution.engine.learning import Lesson, learn, rule_document
from app.attribution.engine.policy import CLASSES, MOST_ORDER
from app.attribution.engine.touches import LEARNED
from app.cli.attribution.options import FORMS, Words
from app.cli.attribution.output import plain, print_csv, print_json
from app.cli.files import BadFile, complaints_about, document_of, with_schema
from app.kernel.money import Money

_FOLDER = File(engine.__file__).parent
_HISTORY = _FOLDER / "history.schema.json"
_FILE = click.Path(path_type=File)
_DAY = click.DateTime(["%Y-%m-%d"])
_FORM = click.option("--format", "form", type=Words(FORMS), default="csv")
_OWN, _ALL = "(vendor)", "(all)"


@click.command()
@click.argument("policy_file", metavar="POLICY", type=_FILE)
@with_schema(_FOLDER / "policy.schema.json")
def check(policy_file: File) -> None:
    """Print a policy in sentences."""
    for sentence in engine.describe_policy(_policy(policy_file)):
        click.echo(sentence)


@click.command()
@click.argument("history", type=_FILE)
@click.argument("policy_file", metavar="POLICY", type=_FILE)
@_FORM
@click.option("--explain", is_flag=True, help="Add why each credit is what it is.")
@with_schema(_HISTORY)
def apply(history: File, policy_file: File, *, form: str, explain: bool) -> None:
    """Print the credits of each won journey of HISTORY under POLICY, to the cent."""
    policy = _policy(policy_file)
    rows = [
        _credit_row(journey, each, explain=explain)
        for journey in _won(history)
        for each in engine.credit(
            Money(journey.minor, journey.currency),
            journey.touches,
            policy,
            won_at=journey.closed_at,
        )
    ]
    if form == "json":
        print_json(rows)
    else:
        print_csv([_named(row) for row in rows], [name for name in rows[0] if name != "touches"])


@click.command("backtest")
@click.argument("history", type=_FILE)
@click.argument("policy_a", type=_FILE)
@click.argument("policy_b", type=_FILE)
@_FORM
@with_schema(_HISTORY)
def backtest_policies(history: File, policy_a: File, policy_b: File, *, form: str) -> None:
    """Compare what POLICY_A and POLICY_B give each partner over the won journeys of HISTORY."""
    found = engine.backtest(_won(history), _policy(policy_a), _policy(policy_b))
    if not found.rows:
        raise BadFile(f"{policy_a} and {policy_b}: no class of credit is in both.")
    for name in found.left_out:
        click.echo(f"Only one of the policies has the class {name}; it is left out.", err=True)
    rows = [
        _compared(each.credit_class, each.currency, each.partner_id, each.before, each.after)
        for each in found.rows
    ]
    totals = _totals(found)
    if form == "json":
        print_json(
            {
                "journeys": found.journeys,
                "partners": rows,
                "totals": [{k: v for k, v in row.items() if k != "partner"} for row in totals],
                "left_out": list(found.left_out),
            }
        )
    else:
        print_csv([*map(_named, rows), *totals], rows[0])


@click.command("learn")
@click.argument("history", type=_FILE)
@click.option("--model", type=Words(LEARNED), required=True)
@click.option("--class", "credit_class", type=Words(CLASSES), default="influenced")
@click.option("--by", type=Words(By), default="kind", help="What has a weight.")
@click.option("--order", type=click.IntRange(1, MOST_ORDER), default=1, help="Of Markov.")
@click.option("--repeats", type=Words(Repeats), default="keep")
@click.option("--lookback", type=click.IntRange(1, 10**6), help="Days before the end.")
@click.option("--from", "start", type=_DAY, help="The first day on which journeys ended.")
@click.option("--until", type=_DAY, help="The day after the last.")
@click.option("--policy", "policy_file", type=_FILE, help="Print this policy with the new rule.")
@with_schema(_HISTORY)
def learn_weights(history: File, *, policy_file: File | None, **told: Any) -> None:
    """Print the rule that HISTORY teaches, or a policy with it, as a JSON document."""
    lesson = Lesson(
        model=Model(told["model"]),
        credit_class=told["credit_class"],
        by=By(told["by"]),
        order=told["order"],
        repeats=Repeats(told["repeats"]),
        lookback_days=told["lookback"],
        start=_day(told["start"]),
        until=_day(told["until"]),
    )
    policy = None if policy_file is None else document_of(policy_file)
    if policy_file is not None:
        _policy(policy_file)
    with complaints_about(history):
        rule = rule_document(learn(_journeys(history), lesson))
    if policy is not None:
        policy["classes"][lesson.credit_class] = rule
    click.echo(
        json.dumps(rule if policy is None else policy, indent=2, default=str, ensure_ascii=False)
    )


def _policy(file: File) -> Policy:
    document = document_of(file)
    with complaints_about(file):
        return engine.read_policy(document)


def _journeys(file: File) -> tuple[Journey, ...]:
    document = document_of(file)
    with complaints_about(file):
        return engine.read_history(document)


def _won(file: File) -> list[Journey]:
    found = [journey for journey in _journeys(file) if journey.is_won]
    if not found:
        raise BadFile(f"{file}, field journeys: none is won, so there is nothing to credit.")
    return found


def _credit_row(journey: Journey, credit: Credit, *, explain: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "journey": journey.id,
        "class": credit.credit_class,
        "partner": credit.partner_id,
        "share": plain(credit.share),
        "amount": _amount(credit.minor, credit.currency),
        "currency": credit.currency,
    }
    if explain:
        row["because"] = credit.because
        row["touches"] = [
            {
                "kind": each.touch.kind,
                "at": each.touch.at.isoformat(),
                "share": plain(each.share),
                "because": each.reason,
            }
            for each in credit.weighed
        ]
    return row


def _compared(
    credit_class: str, currency: str, partner: str | None, before: int, after: int
) -> dict[str, Any]:
    return {
        "class": credit_class,
        "currency": currency,
        "partner": partner,
        "policy_a": _amount(before, currency),
        "policy_b": _amount(after, currency),
        "difference": _amount(after - before, currency),
    }


def _totals(found: Backtest) -> list[dict[str, Any]]:
    pairs = sorted({(row.credit_class, row.currency) for row in found.rows})
    return [_compared(*pair, _ALL, *found.total(*pair)) for pair in pairs]


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return row if row["partner"] is not None else row | {"partner": _OWN}


def _amount(minor: int, currency: str) -> str:
    return str(Money(minor, currency).amount)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
