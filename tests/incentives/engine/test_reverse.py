"""Refunds, credit notes and cancellations take back what was paid, to the cent."""

from datetime import date

import pytest

from app.incentives.engine import recompute
from tests.incentives.engine.build import BRACKETS, amounts, event, plan, run

MARGINAL = {"mode": "marginal", "reset": "year", "brackets": BRACKETS}
RETROACTIVE = MARGINAL | {"mode": "retroactive"}


def test_cash_pays_as_it_comes_in_and_a_refund_takes_its_part_back():
    events = [
        event("a", "collected", 800),
        event("b", "collected", 200, date(2026, 3, 1)),
        event("c", "refunded", 200, date(2026, 4, 1)),
    ]

    assert amounts(run(plan({"basis": "collected"}), *events)) == ["80", "20", "-20"]


def test_refunds_in_odd_parts_net_to_exactly_zero():
    events = [event("a", "collected", 0, minor=10_001)]
    events += [
        event(f"r{n}", "refunded", 0, date(2026, 3, 1 + n), minor=minor)
        for n, minor in enumerate([3_333, 3_333, 3_335])
    ]

    result = run(plan({"basis": "collected", "rates": MARGINAL}), *events)

    assert result.total("EUR") == 0
    assert all(recompute(line.trace) == line.minor for line in result.lines)


def test_a_refund_that_names_its_payment_reverses_that_one():
    events = [
        event("a", "collected", 100_000),
        event("b", "collected", 50_000, date(2026, 3, 1)),
        event("c", "refunded", 50_000, date(2026, 4, 1), reverses="a"),
    ]

    result = run(plan({"basis": "collected", "rates": MARGINAL}), *events)

    assert amounts(result) == ["5000", "3250", "-2500"]


@pytest.mark.parametrize(("at", "back"), [("as_paid", "-6000"), ("by_volume", "-6000")])
def test_by_volume_leaves_what_the_smaller_volume_earns(at, back):
    component = {"basis": "collected", "rates": RETROACTIVE, "reversal": {"mode": "full", "at": at}}
    events = [
        event("a", "collected", 90_000, order_id="order-0"),
        event("b", "collected", 60_000, date(2026, 3, 1)),
        event("c", "refunded", 60_000, date(2026, 4, 1)),
    ]

    assert amounts(run(plan(component), *events)) == ["4500", "6000", back]


def test_by_volume_reads_a_retroactive_table_again_for_the_other_sales():
    reversal = {"mode": "full", "at": "by_volume"}
    component = {"basis": "collected", "rates": RETROACTIVE, "reversal": reversal}
    events = [
        event("a", "collected", 90_000, order_id="order-0"),
        event("b", "collected", 60_000, date(2026, 3, 1)),
        event("c", "refunded", 90_000, date(2026, 4, 1), order_id="order-0"),
    ]

    result = run(plan(component), *events)

    assert result.total("EUR") == 300_000
    assert recompute(result.lines[2].trace) == result.lines[2].minor == -750_000


@pytest.mark.parametrize(
    ("reversal", "expected"),
    [
        ({"mode": "none"}, []),
        ({"mode": "full"}, ["-100"]),
        ({"mode": "full", "within_days": 28}, ["-100"]),
        ({"mode": "full", "within_days": 27}, []),
        ({"mode": "pro_rata", "months": 12}, ["-92.33"]),
        ({"mode": "pro_rata", "months": 1}, []),
        ({"mode": "full", "on": ["credited"]}, []),
    ],
)
def test_a_reversal_takes_back_what_it_declares(reversal, expected):
    events = [event("a", "collected", 1_000), event("b", "refunded", 1_000, date(2026, 3, 1))]

    result = run(plan({"basis": "collected", "reversal": reversal}), *events)

    assert amounts(result)[1:] == expected
    assert len(result.nothing) == (0 if expected else 1)


def test_a_refund_gives_room_under_a_cap_back():
    component = {
        "basis": "collected",
        "caps": [{"per": "partner", "period": "year", "limit": "100"}],
    }
    events = [
        event("a", "collected", 1_000),
        event("b", "refunded", 1_000, date(2026, 3, 1)),
        event("c", "collected", 1_000, date(2026, 4, 1), order_id="order-2"),
    ]

    assert amounts(run(plan(component), *events)) == ["100", "-100", "100"]


def test_a_refund_without_a_payment_pays_nothing_and_says_so():
    result = run(plan({"basis": "collected"}), event("b", "refunded", 100))

    assert result.lines == ()
    assert (
        result.nothing[0].words
        == "There is no earlier collected amount of this order to take back."
    )


def test_a_reversal_follows_the_plan_version_that_paid():
    old = plan({"basis": "collected"}, effective={"from": "2024-01-01", "until": "2026-03-01"})
    new = plan(
        {"basis": "collected", "rates": {"mode": "flat", "rate": "20%"}},
        version=2,
        effective={"from": "2026-03-01"},
    )
    events = [event("a", "collected", 100), event("b", "refunded", 100, date(2026, 4, 1))]

    result = run([old, new], *events)

    assert [(line.version, line.minor) for line in result.lines] == [(1, 1_000), (1, -1_000)]


def test_a_reversal_is_payable_no_earlier_than_what_it_reverses():
    held = plan({"basis": "collected", "timing": {"hold_days": 90}})
    events = [event("a", "collected", 100), event("b", "refunded", 100, date(2026, 3, 1))]

    paid, reversed_ = run(held, *events).lines

    assert paid.payable_on == reversed_.payable_on == date(2026, 5, 2)


def lapse(key, on, certification=""):
    over = {"order_id": "", "currency": "", "certification": certification}
    return event(key, "certification_lapsed", 0, on, **over)


def watching(*certifications, **over):
    reversal = {"mode": "full", "on": ["certification_lapsed"], "lapse": "all", **over}
    return {"reversal": reversal | ({"certification": [*certifications]} if certifications else {})}


@pytest.mark.parametrize(
    ("named", "lapsed", "found"),
    [
        ([], "Cloud", ["100", "-100"]),
        (["Cloud"], "Cloud", ["100", "-100"]),
        (["Network", "Cloud"], "Cloud", ["100", "-100"]),
        (["Network"], "Cloud", ["100"]),
        (["Network"], "", ["100"]),
    ],
)
def test_a_component_watches_the_certifications_that_it_names(named, lapsed, found):
    sold = event("a", "booked", 1000)

    result = run(plan(watching(*named)), sold, lapse("l", date(2026, 5, 1), lapsed))

    assert amounts(result) == found


def test_a_lapse_that_is_not_watched_says_so():
    result = run(plan(watching("Network")), lapse("l", date(2026, 5, 1), "Cloud"))

    assert [each.words for each in result.nothing] == ["It does not watch the certification Cloud."]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ({}, watching(), ["100", "200", "-200"]),
        (watching(), {}, ["100", "200", "-100"]),
        (watching(), watching(), ["100", "200", "-300"]),
    ],
)
def test_a_lapse_takes_back_what_versions_paid_that_watch_it(first, second, found):
    versions = [
        plan(first, effective={"from": "2026-01-01", "until": "2026-03-01"}),
        plan(second, version=2, effective={"from": "2026-03-01"}),
    ]
    sold = [event("a", "booked", 1000), event("b", "booked", 2000, date(2026, 3, 1))]

    result = run(versions, *sold, lapse("l", date(2026, 5, 1), "Cloud"))

    assert amounts(result) == found
    assert all(recompute(line.trace) == line.minor for line in result.lines)
