"""What blocks a line from being paid, and until when."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.incentives.engine import Block, BlockCode, Facts, calculate
from tests.incentives.engine.build import GOLD, event, plan

FEBRUARY, MARCH, APRIL = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)


def gates(version, events, *blocks, on=FEBRUARY):
    """Return code and day of each line's gate as of a day."""
    facts = Facts.of([GOLD], events, blocks=[replace(each, partner_id=GOLD.id) for each in blocks])
    as_of = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    lines = calculate(facts, [version], as_of).lines
    return [line.gate and (line.gate.code, line.gate.until) for line in lines]


def block(code, start=FEBRUARY, until=None, **over):
    return Block(BlockCode(code), "", start, until, **over)


@pytest.mark.parametrize(
    ("blocks", "found"),
    [
        ([], None),
        ([block("dispute")], ("dispute", None)),
        ([block("risk_review", until=MARCH)], ("risk_review", MARCH)),
        ([block("missing_payout_details", until=FEBRUARY)], None),
        ([block("dispute", MARCH)], None),
        ([block("dispute", order_id="order-1")], ("dispute", None)),
        ([block("dispute", order_id="order-2")], None),
        ([block("dispute", event_key="b")], None),
        ([block("risk_review", until=MARCH), block("dispute")], ("dispute", None)),
    ],
)
def test_a_block_holds_what_it_names_while_it_lasts(blocks, found):
    assert gates(plan(), [event("a", "booked", 100)], *blocks) == [found]


def test_of_several_gates_the_longest_is_named_with_the_later_day():
    held = plan({"timing": {"hold_days": 59}})
    until = block("dispute", until=MARCH)

    assert gates(held, [event("a", "booked", 100)], until) == [("hold", APRIL)]


def test_a_block_on_what_is_held_ends_no_earlier_than_the_hold():
    held = plan({"timing": {"hold_days": 28}})
    until = block("risk_review", until=APRIL)

    assert gates(held, [event("a", "booked", 100)], until) == [("risk_review", APRIL)]


def test_another_partners_block_changes_nothing():
    facts = Facts.of([GOLD], [event("a", "booked", 1)], blocks=[block("dispute")])

    (line,) = calculate(facts, [plan()], datetime(2026, 3, 1, tzinfo=UTC)).lines

    assert line.gate is None


def test_what_takes_back_counts_against_the_minimum():
    version = plan({"basis": "collected", "timing": {"minimum_payout": "100"}})
    events = [
        event("a", "collected", 600),
        event("b", "refunded", 300, date(2026, 2, 2)),
        event("c", "collected", 700, date(2026, 2, 3), order_id="order-2"),
    ]

    assert gates(version, events, on=date(2026, 2, 2)) == [("below_minimum", None)] * 2
    assert gates(version, events, on=date(2026, 2, 3)) == [None, None, None]
