"""Waiting times and slots, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from app.jobs.rules import delay_after, schedule_of
from app.kernel.errors import Broken


@pytest.mark.parametrize(("failures", "seconds"), [(1, 5), (2, 30), (3, 180), (4, 900)])
def test_each_failure_waits_longer(failures, seconds):
    assert delay_after(failures) == timedelta(seconds=seconds)


def test_the_fifth_failure_is_the_last():
    assert delay_after(5) is None


@pytest.mark.parametrize(
    ("every", "at", "slot"),
    [
        (timedelta(minutes=5), "2026-03-02T12:04:59.9", "2026-03-02T12:00:00"),
        (timedelta(minutes=5), "2026-03-02T12:05:00", "2026-03-02T12:05:00"),
        (timedelta(days=1), "2026-03-02T23:59:59", "2026-03-02T00:00:00"),
        ("0 3 * * *", "2026-03-02T02:59:59", "2026-03-01T03:00:00"),
        ("0 3 * * *", "2026-03-02T03:00:00", "2026-03-02T03:00:00"),
        ("0 3 * * *", "2026-03-02T03:00:00.5", "2026-03-02T03:00:00"),
        ("15 6 1 * *", "2026-03-31T00:00:00", "2026-03-01T06:15:00"),
        ("0 0 29 2 *", "2026-03-02T00:00:00", "2024-02-29T00:00:00"),
    ],
)
def test_a_schedule_fires_at_the_latest_slot(every, at, slot):
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert schedule_of(every).slot(moment) == datetime.fromisoformat(slot).replace(tzinfo=UTC)


@pytest.mark.parametrize("every", ["every day", "61 * * * *", timedelta(0), timedelta(-1)])
def test_what_is_no_schedule_is_refused(every):
    with pytest.raises(Broken):
        schedule_of(every)
