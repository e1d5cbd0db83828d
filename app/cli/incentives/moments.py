"""The moment that a command asks about: a day with its whole, or a moment with its offset."""

from datetime import UTC, date, datetime, time
from typing import Any

import click

from app.incentives.engine.resets import LIFETIME


class Moment(click.ParamType[datetime]):
    """A day (its last moment, in UTC) or a moment with its offset."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the moment that a text names."""
        found: datetime | None
        try:
            found = datetime.combine(date.fromisoformat(value), time.max, UTC)
        except ValueError:
            found = _moment(value)
        if found is None or not LIFETIME.contains(found.date()):
            self.fail(f"“{value}” is neither a day nor a moment with its offset.", param, ctx)
        return found


def _moment(value: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
