"""Windows and clocks: how long protection lasts, when an answer is due, when to remind."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.kernel.clock import Calendar, after_business_hours
from app.kernel.period import Period

REMIND_BEFORE = timedelta(days=14)
"""How long before protection ends its holder is reminded."""

_LATE_CLAIM = timedelta(hours=72)
_WARN_AT = 0.75


@dataclass(frozen=True, slots=True)
class Clock:
    """When a reviewer is warned, and when the answer is due."""

    warn_at: datetime
    due_at: datetime


def protection(approved_at: datetime, days: int) -> Period:
    """Return the half-open window in which no other partner may claim the customer."""
    return Period(approved_at, approved_at + timedelta(days=days))


def extended(window: Period, days: int) -> Period:
    """Return the window made longer at its end by ``days``."""
    return Period(window.start, window.end + timedelta(days=days))


def answer_due(submitted_at: datetime, hours: float, calendar: Calendar) -> datetime:
    """Return when a decision is due: ``hours`` business hours of the reviewer after submission."""
    return after_business_hours(submitted_at, hours, calendar)


def answer_clock(started_at: datetime, hours: int, calendar: Calendar) -> Clock:
    """Return the warning at three quarters of ``hours`` and the end, in the reviewer's hours."""
    warn_at = answer_due(started_at, hours * _WARN_AT, calendar)
    return Clock(warn_at, answer_due(started_at, hours, calendar))


def is_late_claim(created_at: datetime, won_at: datetime) -> bool:
    """Return whether a registration was made less than 72 hours before the win."""
    return won_at - created_at < _LATE_CLAIM


def is_past(expected_close_on: date, today: date) -> bool:
    """Return whether the expected close date has gone by."""
    return expected_close_on < today
