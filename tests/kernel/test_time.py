"""Half-open periods and business hours."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.clock import Calendar, after_business_hours, business_hours_between
from app.kernel.period import Days, Period, add_months, month, month_of, months_between, quarter_of
from tests.factories.clockwork import NOON

days = st.dates(date(1990, 2, 1), date(2200, 1, 1))
LONDON = Calendar("Europe/London", "GB")
BERLIN = Calendar("Europe/Berlin", "DE")


class TestPeriods:
    def test_end_before_their_end(self):
        hour = Period(NOON, NOON + timedelta(hours=1))

        assert hour.contains(hour.start)
        assert not hour.contains(hour.end)

    def test_that_meet_do_not_overlap(self):
        first = Period(NOON, NOON + timedelta(hours=1))

        assert not first.overlaps(Period(first.end, first.end + timedelta(hours=1)))
        assert first.overlaps(Period(first.end - timedelta(seconds=1), first.end))

    @given(on=days)
    def test_of_a_month_and_a_quarter_hold_the_day(self, on):
        assert month_of(on).contains(on)
        assert quarter_of(on).contains(on)
        assert month_of(month_of(on).until).start == month_of(on).until

    @pytest.mark.parametrize(
        ("on", "count", "then"),
        [
            (date(2024, 1, 31), 1, date(2024, 2, 29)),
            (date(2023, 1, 31), 1, date(2023, 2, 28)),
            (date(2026, 12, 15), 1, date(2027, 1, 15)),
            (date(2026, 3, 31), -1, date(2026, 2, 28)),
            (date(2026, 1, 1), -13, date(2024, 12, 1)),
        ],
    )
    def test_move_by_months_to_the_last_day_there_is(self, on, count, then):
        assert add_months(on, count) == then

    def test_list_every_month_between(self):
        assert months_between(date(2026, 1, 15), date(2026, 4, 1)) == [
            month(2026, 1), month(2026, 2), month(2026, 3),
        ]  # fmt: skip

    def test_know_their_last_day(self):
        assert Days(date(2026, 2, 1), date(2026, 3, 1)).last == date(2026, 2, 28)


class TestBusinessHours:
    def test_pass_within_a_day(self):
        assert after_business_hours(NOON, 4, LONDON) == NOON + timedelta(hours=4)

    def test_skip_the_weekend(self):
        friday = datetime(2026, 3, 6, 16, tzinfo=UTC)

        assert after_business_hours(friday, 2, LONDON) == datetime(2026, 3, 9, 10, tzinfo=UTC)

    def test_skip_public_holidays(self):
        before_good_friday = datetime(2026, 4, 2, 14, tzinfo=UTC)  # 16:00 in Berlin

        assert after_business_hours(before_good_friday, 2, BERLIN).date() == date(2026, 4, 7)

    def test_follow_the_clock_change(self):
        friday = datetime(2026, 3, 27, 15, tzinfo=UTC)  # 16:00 in Berlin, still winter

        assert after_business_hours(friday, 2, BERLIN) == datetime(2026, 3, 30, 8, tzinfo=UTC)

    @given(
        start=st.integers(0, 3 * 365 * 1440).map(lambda m: NOON + timedelta(minutes=m)),
        hours=st.integers(1, 80),
    )
    def test_measured_back_are_as_many(self, start, hours):
        end = after_business_hours(start, hours, BERLIN)

        assert business_hours_between(start, end, BERLIN) == pytest.approx(hours)
