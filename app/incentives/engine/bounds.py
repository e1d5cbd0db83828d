"""Reading of days and numbers that calendars can hold."""

from datetime import date, datetime

from app.incentives.engine.resets import LIFETIME
from app.kernel.period import add_months
from app.kernel.reading import Node

MOST_DAYS, MOST_MONTHS = 36600, 1200
_LAST = add_months(LIFETIME.until, -2 * MOST_MONTHS)


def day_of(node: Node) -> date:
    """Return a day of the calendar that running totals are kept in.

    :raises DocumentRefused: if it is no day, or one before 1900 or after 8799
    """
    return _inside(node, node.day())


def moment_of(node: Node) -> datetime:
    """Return a moment of the same calendar, with its offset."""
    found = node.moment()
    _inside(node, found.date())
    return found


def _inside(node: Node, on: date) -> date:
    if not LIFETIME.start <= on < _LAST:
        raise node.refuse(f"A day from {LIFETIME.start} on and before {_LAST} is needed here.")
    return on


def days_of(node: Node, least: int = 0) -> int:
    """Return a number of days, at most a hundred years."""
    return _at_most(node, node.whole(least), MOST_DAYS)


def months_of(node: Node, least: int = 1) -> int:
    """Return a number of months, at most a hundred years."""
    return _at_most(node, node.whole(least), MOST_MONTHS)


def _at_most(node: Node, found: int, most: int) -> int:
    if found > most:
        raise node.refuse(f"At most {most} are allowed here.")
    return found
