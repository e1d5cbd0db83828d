"""How far a command is, shown on a terminal; and how far the facts of a file reach."""

import sys
from collections.abc import Iterable, Iterator, Sized
from datetime import UTC, datetime, time
from typing import Any

import click

from app.incentives.engine import CreditedEvent

_MANY = 2000


def watch(items: Iterable[Any], least: int = _MANY) -> Iterator[Any]:
    """Pass things on; show how far it is on a terminal where there are at least so many."""
    if not sys.stderr.isatty() or not isinstance(items, Sized) or len(items) < least:
        yield from items
        return
    with click.progressbar(items, file=sys.stderr, label=f"{len(items)} to go") as bar:
        yield from bar


def end_of(event: CreditedEvent) -> datetime:
    """Return the latest moment that an event tells of."""
    return max(datetime.combine(event.on, time.max, UTC), event.recorded_at)
