"""Modifications: what remains is distinct, is not, or in part; each figure worked out by hand."""

import copy

import pytest

from app.kernel.reading import DocumentRefused
from tests.revenue.recognition.build import number, revenue, run

BUILDING = {"id": "building", "ssp": 1000, "pattern": "cost_to_cost", "expected_cost": 600}
SUPPORT = {"id": "support", "ssp": 200, "pattern": "monthly", "start": "2027-01-01", "months": 12}
LICENCE = {"id": "licence", "ssp": 300, "on": "2026-01-31"}


def event(kind, on, **keys):
    return {"type": kind, "on": on, **keys}


def site(*obligations, price, **declared):
    """Return a building that is 60 % done when its scope and the price grow."""
    return {
        "granularity": "quarter",
        "transaction_price": price,
        "obligations": [*obligations],
        "events": [
            event("cost", "2026-06-30", amount=360),
            event(
                "modification", "2026-07-01", price_change=150,
                change=[{"id": "building", "expected_cost": 800, "ssp": 1300}], **declared,
            ),
            event("cost", "2026-12-31", amount=440),
        ],
    }  # fmt: skip


def the_change(document):
    (found,) = [each for each in run(document)["changes"] if "kind" in each]
    return found


def test_what_is_under_way_catches_up_and_what_is_distinct_is_repriced():
    document = site(BUILDING, SUPPORT, price=1200)

    change = the_change(document)
    # 1000 + 200 + 150 by 1300 and 200; 360 of 800 is 45 %, and 45 % of 1170 is 526.50
    assert change["kind"] == "combined"
    assert change["allocation"] == {"building": "1170.00", "support": "180.00"}
    found = revenue(document, "building")
    assert (found["2026-Q2"], found["2026-Q3"]) == (600, number("-73.50"))
    assert found["2026-Q4"] == number("643.50")
    assert revenue(document, "support")["2027-Q1"] == 45
    assert sum(revenue(document).values()) == 1350


def test_what_was_transferred_in_full_has_no_part_in_a_modification():
    alone, beside = site(BUILDING, price=1000), site(LICENCE, BUILDING, price=1300)

    assert the_change(alone)["kind"] == the_change(beside)["kind"] == "cumulative_catch_up"
    assert revenue(alone, "building") == {
        "2026-Q2": 600, "2026-Q3": number("-82.50"), "2026-Q4": number("632.50"),
    }  # fmt: skip
    assert {k: v for k, v in revenue(beside, "building").items() if v} == revenue(alone, "building")
    assert sum(revenue(beside, "licence").values()) == 300


def test_a_declared_catch_up_is_one_of_the_whole_contract():
    document = site(LICENCE, BUILDING, price=1300, treatment="catch-up")

    # 1450 by 300 and 1300
    assert sum(revenue(document, "licence").values()) == number("271.88")
    assert sum(revenue(document).values()) == 1450


def test_it_can_be_declared_of_which_obligations_the_rest_is_distinct():
    service = {"pattern": "monthly", "start": "2026-01-01", "months": 12, "ssp": 600}
    document = {
        "granularity": "quarter",
        "transaction_price": 1200,
        "obligations": [{"id": "a"} | service, {"id": "b"} | service],
        "events": [event("modification", "2026-07-01", price_change=240, remaining_distinct=["b"])],
    }

    # all 600 of a, the 300 left of b, and 240: by 600 and 300
    assert the_change(document)["allocation"] == {"a": "760.00", "b": "380.00"}
    assert revenue(document, "a")["2026-Q3"] == 80 + 190
    assert revenue(document, "b")["2026-Q3"] == 190
    assert sum(revenue(document).values()) == 1440


def test_only_what_is_there_can_be_declared_distinct():
    document = site(BUILDING, SUPPORT, price=1200, remaining_distinct=["helpdesk"])

    with pytest.raises(DocumentRefused, match="There is no obligation “helpdesk” in what is"):
        run(document)


def test_a_bonus_and_a_cancellation_after_a_combined_modification():
    document = site(BUILDING, SUPPORT, price={"fixed": 1200, "variable": {
        "id": "bonus", "kind": "bonus", "amount": 150, "included": False}})  # fmt: skip
    document["events"].append(event("estimate", "2026-10-01", included=True))

    assert sum(revenue(document).values()) == 1500
    # the bonus is 1000 : 200 of the old contract, and flows on by 1300 : 200 with the rest
    assert revenue(document, "building")["2026-Q4"] == 1300 - number("526.50")

    ended = copy.deepcopy(document)
    ended["events"] = [each for each in ended["events"] if each["on"] != "2026-12-31"]
    ended["events"].append(event("cancellation", "2026-11-01"))
    assert sum(revenue(ended).values()) == number("585.00")  # 45 % of 1300


def test_what_is_added_may_carry_its_days():
    document = {
        "transaction_price": 100,
        "obligations": [{"id": "a", "on": "2026-01-01"}],
        "events": [
            event("modification", "2026-02-01", price_change=150, add=[
                {"id": "goods", "ssp": 50, "on": "2026-05-31"},
                {"id": "works", "ssp": 100, "pattern": "milestones", "milestones": [
                    {"percent": 40, "on": "2026-03-01"}, {"percent": 60, "on": "2026-04-01"}]},
            ]),
        ],
    }  # fmt: skip

    assert revenue(document, "goods")["2026-05"] == 50
    assert (revenue(document, "works")["2026-03"], revenue(document, "works")["2026-04"]) == (
        40, 60,
    )  # fmt: skip


def test_nothing_that_is_added_is_done_before():
    document = {
        "transaction_price": 100,
        "obligations": [{"id": "a", "on": "2026-01-01"}],
        "events": [
            event("modification", "2026-02-01", price_change=5, add=[
                {"id": "b", "ssp": 5, "on": "2026-01-31"}])
        ],
    }  # fmt: skip

    with pytest.raises(DocumentRefused) as refusal:
        run(document)
    assert refusal.value.sentence == (
        "events[0].add[0].on: It is before the modification of 2026-02-01."
    )


def test_a_service_modified_twice_is_weighed_by_what_is_left_of_it():
    document = {
        "granularity": "quarter",
        "transaction_price": 2400,
        "obligations": [
            {"id": "plan", "ssp": 1200, "pattern": "monthly", "start": "2026-01-01", "months": 12},
            {"id": "units", "ssp": 1200, "quantity": 12},
        ],
        "events": [
            event("modification", "2026-07-01", price_change=0),
            event("modification", "2026-10-01", price_change=-300),
        ],
    }

    second = next(each for each in run(document)["changes"] if each["on"] == "2026-10-01")
    # 300 and 1200 are left, less 300: 1200 by a quarter of 1200 and all of 1200
    assert second["allocation"] == {"plan": "240.00", "units": "960.00"}


def test_a_new_selling_price_of_what_remains_holds_for_what_follows():
    document = {
        "transaction_price": 200,
        "obligations": [
            {"id": "a", "ssp": 100, "quantity": 10},
            {"id": "b", "ssp": 100, "quantity": 10},
        ],
        "events": [
            event("delivery", "2026-01-31", obligation="a", quantity=5),
            event("modification", "2026-02-01", price_change=0, change=[{"id": "a", "ssp": 100}]),
            event("modification", "2026-03-01", price_change=50),
        ],
    }

    last = next(each for each in run(document)["changes"] if each["on"] == "2026-03-01")
    assert last["allocation"] == {"a": "100.00", "b": "100.00"}


def test_a_service_told_in_moments_may_get_another_end():
    document = {
        "granularity": "quarter",
        "transaction_price": 92,
        "obligations": [
            {"id": "s", "pattern": "instant", "start": "2024-06-15T00:00:00Z",
             "end": "2024-09-15T00:00:00Z"},
        ],
        "events": event(
            "modification", "2024-07-15", price_change=31, change={"end": "2024-10-15"}
        ),
    }  # fmt: skip

    assert sum(revenue(document).values()) == 123
    assert revenue(document)["2024-Q4"] == 15  # 93 for 93 days from 15 July on
