"""Usage: events of a period become the quantity that is rated."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from fractions import Fraction

from app.kernel.errors import Invalid
from app.kernel.period import Days

ZERO = Fraction(0)
_START = datetime.min.replace(tzinfo=UTC)


class UsageRefused(Invalid):
    """Usage that cannot be: below zero, or in no period."""

    code = "rating.usage_refused"


class Aggregation(StrEnum):
    """How events of a period become one quantity."""

    SUM = "sum"
    COUNT = "count"
    MAX = "max"
    LATEST = "latest"
    UNIQUE_COUNT = "unique_count"
    TIME_WEIGHTED = "time_weighted"


@dataclass(frozen=True, slots=True)
class Metering:
    """How usage is measured. ``is_change``: quantities of a level are steps, not the level."""

    aggregation: Aggregation = Aggregation.SUM
    is_change: bool = False
    opening: Fraction = ZERO


@dataclass(frozen=True, slots=True)
class Event:
    """One use: how much, when where that matters, and of what for unique counts."""

    quantity: Fraction = Fraction(1)
    at: datetime | None = None
    value: str = ""


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins, in UTC."""
    return datetime.combine(day, time.min, UTC)


@dataclass(slots=True)
class Meter:
    """What has been seen of one charge in one period; only what its aggregation needs is kept."""

    metering: Metering
    keeps_events: bool = False
    quantity: Fraction = ZERO
    latest_at: datetime = _START
    values: set[str] = field(default_factory=set)
    events: list[Event] = field(default_factory=list)

    def add(self, event: Event) -> None:
        """Take one event."""
        kind = self.metering.aggregation
        if kind is Aggregation.SUM:
            self.quantity += event.quantity
        elif kind is Aggregation.COUNT:
            self.quantity += 1
        elif kind is Aggregation.MAX:
            self.quantity = max(self.quantity, event.quantity)
        elif kind is Aggregation.LATEST:
            self._take_latest(event)
        elif kind is Aggregation.UNIQUE_COUNT:
            self.values.add(event.value)
        if self.keeps_events or kind is Aggregation.TIME_WEIGHTED:
            self.events.append(event)

    def _take_latest(self, event: Event) -> None:
        """Keep the later one; of two at the same moment, or without one, that which comes last."""
        at = event.at or _START
        if at >= self.latest_at:
            self.latest_at, self.quantity = at, event.quantity

    def total(self) -> Fraction:
        """Return the quantity; that of time-weighted levels comes from ``weigh``."""
        if self.metering.aggregation is Aggregation.UNIQUE_COUNT:
            return Fraction(len(self.values))
        return self.quantity

    def in_time(self) -> list[Event]:
        """Return the events by moment; of one moment, as they came."""
        return sorted(self.events, key=lambda event: event.at or _START)


def weigh(meters: Sequence[Meter], periods: Sequence[Days]) -> list[Fraction]:
    """Return each period's level averaged over its time; the level goes on from one to the next.

    :raises UsageRefused: if steps lead below zero
    """
    level, found = meters[0].metering.opening, []
    for meter, days in zip(meters, periods, strict=True):
        start, end = midnight(days.start), midnight(days.until)
        area, since = ZERO, start
        for event in meter.in_time():
            at = event.at or start
            area += level * _seconds(since, at)
            level = level + event.quantity if meter.metering.is_change else event.quantity
            if level < 0:
                raise UsageRefused(f"The level falls below zero at {at.isoformat()}.")
            since = at
        found.append((area + level * _seconds(since, end)) / _seconds(start, end))
    return found


def _seconds(start: datetime, end: datetime) -> Fraction:
    span = end - start
    return Fraction(span.days * 86_400 + span.seconds) + Fraction(span.microseconds, 1_000_000)
