"""The moment at which tests stand, and numbers that do not repeat."""

from datetime import UTC, datetime
from itertools import count

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A Monday."""

_numbers = count(1)


def unique() -> int:
    """Return a number not returned before in this process."""
    return next(_numbers)
