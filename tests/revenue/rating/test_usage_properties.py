"""What holds for all usage, however it is told."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.revenue import rating
from tests.revenue.rating.prices import (
    counts,
    periods,
)


def one(quantity_or_events, **over):
    document = {
        "currency": "EUR",
        "model": "graduated",
        "tiers": [{"up_to": 10, "unit_amount": "0.333", "flat_amount": 1}, {"unit_amount": "0.1"}],
        **over,
    }
    return rating.bill(*rating.read_sheet(document | quantity_or_events))


class TestUsage:
    @given(st.lists(st.integers(0, 20), min_size=1, max_size=8))
    def test_splitting_usage_into_events_changes_nothing(self, parts):
        whole = one({"quantity": sum(parts)})
        split = one({"events": [{"quantity": each} for each in parts]})

        assert split.lines == whole.lines

    @given(
        st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), min_size=1, max_size=10),
        st.sampled_from(["sum", "count", "max", "unique_count"]),
        st.randoms(),
    )
    def test_the_order_of_events_in_a_file_does_not_matter(self, rows, kind, random):
        events = [
            {"at": f"2026-01-{1 + day:02d}", "quantity": quantity, "value": str(quantity)}
            for day, quantity in rows
        ]
        settings = {"period": {"start": "2026-01-01", "until": "2026-02-01"}, "aggregation": kind}
        shuffled = random.sample(events, len(events))

        assert one({"events": events}, **settings) == one({"events": shuffled}, **settings)

    @given(st.lists(st.tuples(st.integers(0, 58), st.integers(-3, 5)), max_size=10), counts)
    def test_a_level_averages_over_its_days(self, steps, opening):
        start, level, levels = datetime(2026, 1, 1, tzinfo=UTC), opening, []
        for day in range(59):
            level += sum(step for at, step in steps if at == day)
            levels.append(level)
        if min([opening, *lows(steps, opening)]) < 0:
            return
        events = [
            {"at": (start + timedelta(days=day)).isoformat(), "quantity": step}
            for day, step in steps
        ]
        document = {
            "currency": "EUR",
            "model": "per_unit",
            "unit_amount": 1,
            "aggregation": "time_weighted",
            "values": "changes",
            "opening": opening,
            "periods": periods(2),
            "events": events,
        }

        found = rating.bill(*rating.read_sheet(document))

        assert [line.quantity for line in found.lines] == [
            Fraction(sum(levels[:31]), 31),
            Fraction(sum(levels[31:]), 28),
        ]


def lows(steps, opening):
    """Return the level after each step, in the order in which steps are taken."""
    level = opening
    for _, step in sorted(steps, key=lambda each: each[0]):
        level += step
        yield level
