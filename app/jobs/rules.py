"""States of a job, waiting times between attempts, and the slots of a schedule."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from croniter import croniter

from app.kernel.errors import Broken

DELAYS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 180, 900))
"""How long to wait after the first, second, ... failed attempt; the one after the last parks."""

TICK_DELAYS = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 30, 60))
"""The same for a schedule, whose next slot does the work of one that was parked."""

INTERRUPTIONS = 20
"""How often a job may be cut off by the death of its worker without any progress."""

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"
    DISCARDED = "discarded"


OPEN = (JobState.QUEUED, JobState.RUNNING, JobState.WAITING)
"""States in which a job is still to be run."""


def delay_after(attempts: int, delays: tuple[timedelta, ...] = DELAYS) -> timedelta | None:
    """Return how long to wait after the ``attempts``-th failure; None: park it."""
    return delays[attempts - 1] if attempts <= len(delays) else None


@dataclass(frozen=True, slots=True)
class Every:
    """A schedule in equal steps, counted from the same moment on every worker."""

    step: timedelta

    def slot(self, at: datetime) -> datetime:
        """Return the latest moment not after ``at`` at which this schedule fires."""
        return EPOCH + (at - EPOCH) // self.step * self.step


@dataclass(frozen=True, slots=True)
class Cron:
    """A schedule written as a cron line, in UTC."""

    line: str

    def slot(self, at: datetime) -> datetime:
        """Return the latest moment not after ``at`` at which this schedule fires."""
        just_after = at.replace(microsecond=0) + timedelta(seconds=1)
        found: datetime = croniter(self.line, just_after).get_prev(datetime)
        return found.astimezone(UTC)


def schedule_of(every: timedelta | str) -> Every | Cron:
    """Return the schedule that ``every`` says: a step, or a cron line in UTC.

    :raises Broken: if the step is not positive or the line is no cron line
    """
    if isinstance(every, str):
        if not croniter.is_valid(every):
            raise Broken(f"not a cron line: {every}")
        return Cron(every)
    if every < timedelta(seconds=1):
        raise Broken("a schedule cannot fire more often than once a second")
    return Every(every)
