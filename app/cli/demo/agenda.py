"""The moving clock: what happens when, in order of its moment; the future does not happen."""

import heapq
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

Act = Callable[..., None]


class Agenda:
    """Acts by their moment; acts of one moment run in the order in which they were planned."""

    def __init__(self, end: datetime) -> None:
        self.end = end
        self._heap: list[tuple[datetime, int, Act, tuple[Any, ...]]] = []
        self._count = 0

    def plan(self, at: datetime, act: Act, *arguments: Any) -> None:
        """Have ``act(world, at, *arguments)`` done at ``at``, unless that lies beyond the end."""
        if at < self.end:
            self._count += 1
            heapq.heappush(self._heap, (at, self._count, act, arguments))

    def run_until(self, world: Any, until: datetime) -> int:
        """Do everything planned before ``until``; return how many acts that were."""
        done = 0
        while self._heap and self._heap[0][0] < until:
            at, _, act, arguments = heapq.heappop(self._heap)
            act(world, at, *arguments)
            world.session.flush()
            world.sort_wishes(at)
            done += 1
        return done


def moment(on: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment of a day, in UTC."""
    return datetime.combine(on, time(hour, minute), UTC)


def working(at: datetime) -> datetime:
    """Return ``at``, moved to working hours of a working day if it lies outside."""
    if not 8 <= at.hour < 17:
        at = at.replace(hour=8 + at.hour % 9) + timedelta(days=at.hour >= 17)
    while at.weekday() > 4:
        at += timedelta(days=1)
    return at
