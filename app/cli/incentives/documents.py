"""Reading the files of `flask incentives`: each refusal names the file and the path in it."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from app.cli.files import BadFile
from app.incentives.engine import Facts, PlanVersion, read_facts, read_plan
from app.kernel.errors import Invalid


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
