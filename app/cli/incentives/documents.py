"""Reading the files of `flask incentives`: each refusal names the file and the path in it."""

import json
from collections import Counter
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import click

from app.incentives.engine import Facts, PlanVersion, read_facts, read_plan
from app.kernel.errors import Invalid


class BadFile(click.ClickException):
    """A file that cannot be used: one sentence, exit status 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the sentence alone."""
        del file
        click.echo(self.message, err=True)


def document_of(file: Path) -> Any:
    """Return the JSON document in a file; decimals stay exact."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadFile(f"{file}: there is no such file.") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise BadFile(f"{file}: cannot be read as text ({type(problem).__name__}).") from None
    try:
        return json.loads(
            text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_no_repeats
        )
    except json.JSONDecodeError as problem:
        raise BadFile(f"{file}: line {problem.lineno} is not JSON ({problem.msg}).") from None
    except (ValueError, RecursionError) as problem:
        raise BadFile(f"{file}: {problem}") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number.")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    repeated = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if repeated:
        raise ValueError(f"“{repeated[0]}” is given twice in one object.")
    return dict(pairs)


def plans_of(file: Path, document: Any, path: str) -> list[PlanVersion]:
    """Return the plan versions of a document: one, or a list."""
    documents = document if isinstance(document, list) else [document]
    if document is None or not documents:
        raise BadFile(f"{file}: plans: At least one plan is needed.")
    try:
        return [
            read_plan(each, f"{path}[{index}]" if isinstance(document, list) else path)
            for index, each in enumerate(documents)
        ]
    except Invalid as refusal:
        raise BadFile(f"{file}: {refusal.sentence}") from None


def facts_of(file: Path, document: Any) -> Facts:
    """Return the facts of a document."""
    try:
        return read_facts(document)
    except Invalid as refusal:
        raise BadFile(f"{file}: {refusal.sentence}") from None


def last_moment(facts: Facts) -> datetime:
    """Return the latest moment that the facts tell of, so that a file gives the same any day."""
    ends = [datetime.combine(event.on, time.max, UTC) for event in facts.events]
    moments = [event.recorded_at for event in facts.events]
    return max([*ends, *moments], default=datetime.max.replace(tzinfo=UTC))
