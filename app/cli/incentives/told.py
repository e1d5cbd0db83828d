"""What `flask incentives check` prints: plans as sentences, and warnings."""

import json
from collections.abc import Iterable

import click

from app.incentives.engine import PlanVersion, check, describe


def print_plans(plans: Iterable[PlanVersion], form: str) -> None:
    """Print plans in words, with what their authors should know before publishing."""
    if form == "json":
        document = {"plans": [_member(plan) for plan in plans]}
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    for plan in plans:
        for text in describe(plan):
            click.echo(text)
        findings = check(plan)
        for found in findings:
            click.echo(f"Warning ({found.code}) in {found.component}: {found.words}")
        if not findings:
            click.echo("No warnings.")


def _member(plan: PlanVersion) -> dict[str, object]:
    return {
        "code": plan.code,
        "version": plan.version,
        "sentences": describe(plan),
        "warnings": [
            {"component": each.component, "code": each.code, "words": each.words}
            for each in check(plan)
        ],
    }
