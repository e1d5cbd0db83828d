"""Rate tables, mode by mode, where a number alone would not tell how it came about."""

from datetime import date

import pytest

from app.incentives.engine import describe, recompute, sentence
from tests.incentives.engine.build import BRACKETS, amounts, event, plan, run

GROWTH = [{"from": "1.1", "to": "1.15", "rate": "2%"}, {"from": "1.15", "rate": "3%"}]
OVERAGE = [
    {"from": "1", "to": "1.25", "multiplier": "1.5"},
    {"from": "1.25", "to": "1.5", "multiplier": "2"},
]
BONUS = [{"from": "100000", "amount": "1000"}, {"from": "140000", "amount": "500"}]


def running(mode, **over):
    return {"mode": mode, "reset": "year", "brackets": BRACKETS} | over


def growth(applies):
    return running("growth", brackets=GROWTH, baseline="2000000", applies=applies)


def accelerator(applies):
    return running("accelerator", brackets=OVERAGE, target="100000", rate="60%", applies=applies)


def test_a_sale_that_crosses_brackets_is_sliced_from_where_the_year_stood():
    events = [event("a", "booked", 90_000), event("b", "booked", 60_000, date(2026, 3, 1))]

    result = run(plan({"rates": running("marginal")}), *events)

    assert amounts(result) == ["4500", "3750"]
    steps = result.lines[1].trace["table"]["steps"]
    assert [step["base"] for step in steps] == ["1000000", "2500000", "2500000"]


@pytest.mark.parametrize(
    ("reset", "second"),
    [("month", "3000"), ("quarter", "3000"), ("year", "3750"), ("lifetime", "3750")],
)
def test_the_running_total_begins_again_with_its_declared_period(reset, second):
    rates = running("marginal", reset=reset)
    events = [event("a", "booked", 90_000), event("b", "booked", 60_000, date(2026, 5, 1))]

    assert amounts(run(plan({"rates": rates}), *events)) == ["4500", second]


def test_next_sale_pays_later_sales_at_the_rate_reached_before():
    events = [event("a", "booked", 110_000), event("b", "booked", 10_000, date(2026, 3, 1))]

    assert amounts(run(plan({"rates": running("next_sale")}), *events)) == ["5500", "600"]


def test_the_rate_is_reached_on_bookings_and_paid_on_cash():
    rates = running("retroactive", qualify="booked")
    events = [
        event("a", "booked", 130_000),
        event("b", "collected", 1_000, date(2026, 3, 1)),
    ]

    assert amounts(run(plan({"basis": "collected", "rates": rates}), *events)) == ["70"]


def test_growth_is_measured_against_the_same_period_a_year_earlier():
    rates = growth("excess") | {"baseline": "previous_year"}
    events = [
        event("a", "booked", 2_000_000, date(2025, 6, 1)),
        event("b", "booked", 2_350_000, date(2026, 6, 1)),
    ]

    assert amounts(run(plan({"rates": rates}), *events)) == ["10500"]


def test_rates_by_age_fall_with_the_months_since_the_order():
    rates = {"mode": "age", "brackets": [{"from": 0, "rate": "20%"}, {"from": 12, "rate": "10%"}]}
    events = [event("a", "booked", 100), event("b", "booked", 100, date(2027, 2, 1))]

    assert amounts(run(plan({"rates": rates}), *events)) == ["20", "10"]


def test_brackets_over_units_pay_money_for_each_unit():
    rates = running("marginal", brackets=[{"from": 0, "rate": "5"}, {"from": 10, "rate": "7.50"}])
    counted = plan({"basis": {"event": "booked", "of": "quantity"}, "rates": rates})

    line = run(counted, event("a", "booked", 1, quantity=12)).lines[0]

    assert line.minor == recompute(line.trace) == 6_500
    assert "EUR\u00a05.00 for each of 10 units" in sentence(line.trace)
    assert "EUR\u00a07.50 for each unit from 10 units" in describe(counted)[2]


def test_an_excess_is_measured_against_the_year_before():
    rates = running("on_excess", baseline="previous_year")
    events = [event("a", "booked", 80_000, date(2025, 6, 1)), event("b", "booked", 110_000)]

    assert amounts(run(plan({"rates": rates}), *events)) == ["4000", "1800"]
