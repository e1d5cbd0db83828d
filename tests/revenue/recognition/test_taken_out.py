"""Modifications that leave nothing, take out or replace; and no modification loses any price."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import Invalid
from app.kernel.reading import DocumentRefused
from tests.revenue.recognition.build import revenue, run
from tests.revenue.recognition.contracts import RUNS

TREATMENTS = (None, "prospective", "cumulative_catch_up", "combined")


def event(kind, on, **keys):
    return {"type": kind, "on": on, **keys}


def the_change(document):
    (found,) = [each for each in run(document)["changes"] if "kind" in each]
    return found


def test_a_new_price_when_nothing_remains_is_revenue_at_once():
    document = {
        "transaction_price": 300,
        "obligations": [{"id": "a", "pattern": "monthly", "start": "2026-01-11", "months": 3}],
        "events": event("modification", "2026-04-08", price_change=60),
    }

    assert the_change(document)["kind"] == "cumulative_catch_up"
    assert revenue(document)["2026-04"] == 60


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        ({"treatment": "prospective", "price_change": 60}, "it is a catch-up, or taken out too"),
        (
            {"treatment": "cumulative_catch_up", "change": {"id": "a", "remove": True}},
            "“a” has been transferred in part and cannot be taken out",
        ),
    ],
)
def test_no_part_of_the_price_belongs_to_nothing(declared, sentence):
    document = {
        "transaction_price": 300,
        "obligations": [{"id": "a", "pattern": "monthly", "start": "2026-01-11", "months": 3}],
        "events": event("modification", "2026-04-08", **declared),
    }

    with pytest.raises(DocumentRefused, match=sentence):
        run(document)


@pytest.mark.parametrize(("change", "is_too_much"), [("-300.00", False), ("-300.01", True)])
def test_no_more_than_the_price_is_taken_off_it(change, is_too_much):
    document = {
        "transaction_price": 300,
        "obligations": [{"id": "a", "pattern": "monthly", "start": "2026-01-01", "months": 3}],
        "events": event("modification", "2026-02-01", price_change=change),
    }

    if is_too_much:
        with pytest.raises(DocumentRefused, match="price_change: It takes more off than the whole"):
            run(document)
    else:
        assert sum(revenue(document).values()) == 0


def test_the_last_obligation_is_taken_out_with_its_price_or_not_at_all():
    document = {
        "transaction_price": 300,
        "obligations": [{"id": "a", "pattern": "cost_to_cost", "expected_cost": 9}],
        "events": event("modification", "2026-04-08", change={"remove": True}),
    }

    with pytest.raises(DocumentRefused, match="it is taken out with what it was for"):
        run(document)
    document["events"]["price_change"] = -300
    assert sum(revenue(document).values()) == 0


def test_one_is_taken_out_and_another_put_in_its_place():
    document = {
        "transaction_price": 300,
        "obligations": [
            {"id": "a", "ssp": 100, "pattern": "percent_complete"},
            {"id": "b", "ssp": 200, "pattern": "percent_complete"},
        ],
        "events": [
            event("progress", "2026-01-31", obligation="b", percent=50),
            event("modification", "2026-02-01", price_change=0, remaining_distinct=False,
                  change={"id": "a", "remove": True}, add=[{"id": "c", "ssp": 400}]),
        ],
    }  # fmt: skip

    assert the_change(document)["allocation"] == {"b": "100.00", "c": "200.00"}
    assert revenue(document, "b") == {"2026-01": 100, "2026-02": -50}


amounts = st.integers(0, 90_000).map(lambda n: str(Decimal(n) / 100))
weights = st.integers(1, 900)


@st.composite
def modified(draw):
    """Return a contract of works, a service and units that is modified, then done with."""
    works = {"id": "works", "ssp": draw(weights), "pattern": "cost_to_cost", "expected_cost": 100}
    service = {
        "id": "service",
        "ssp": draw(weights),
        "months": draw(st.integers(1, 12)),
        "pattern": draw(st.sampled_from(["daily", "monthly"])),
        "start": "2026-01-11",
    }
    units = {"id": "units", "ssp": draw(weights), "quantity": 10}
    there = draw(st.lists(st.sampled_from([works, service, units]), min_size=1, unique_by=id))
    names = [each["id"] for each in there]
    told = []
    if "works" in names:
        told += [event("cost", "2026-02-20", obligation="works", amount=draw(st.integers(0, 60)))]
        told += [event("cost", "2028-01-31", obligation="works", cumulative=500)]
    if "units" in names:
        told += [
            event("delivery", "2026-03-05", obligation="units", quantity=draw(st.integers(0, 10)))
        ]
        told += [event("delivery", "2028-01-31", obligation="units")]
    change = {
        "works": {"expected_cost": draw(st.integers(60, 300)), "ssp": draw(weights)},
        "service": {"end": "2027-03-15"},
        "units": {"add_quantity": draw(st.integers(1, 9))},
    }
    for on in draw(st.lists(st.sampled_from(["2026-03-01", "2026-07-14"]), unique=True)):
        changed = draw(st.lists(st.sampled_from(names), unique=True))
        declared = draw(st.sampled_from(TREATMENTS))
        told.append(
            event(
                "modification",
                on,
                price_change=draw(amounts),
                note=on,
                change=[{"id": name} | change[name] for name in changed],
            )
            | ({"treatment": declared} if declared else {})
        )
        if not changed:
            del told[-1]["change"]
    return {"transaction_price": draw(amounts), "obligations": there, "events": told}  # fmt: skip


@RUNS
@given(modified())
def test_when_all_is_done_all_of_the_price_is_revenue(document):
    found, refused = {}, ""
    try:
        found = run(document)
    except Invalid as refusal:
        refused = refusal.sentence

    if refused:
        assert "Nothing remains" in refused
    else:
        assert found["totals"]["revenue"] == found["transaction_price"]["total"]
        assert Decimal(found["remaining_performance_obligations"]["total"]) == 0
