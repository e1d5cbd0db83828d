"""Two policies over history, weights learned from it, and the documents that tell of both."""

import re
from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.attribution.engine import (
    HistoryRefused,
    Model,
    Policy,
    Rule,
    backtest,
    credit,
    read_history,
    totals,
)
from app.kernel.money import Money
from config import ROOT
from tests.attribution.engine.build import journey

PAGE = (ROOT / "docs" / "algorithms" / "attribution.md").read_text("utf-8")
TABLE = re.findall(r"^\| (\w) \| ([\d.]+) \| ([\d.]+) \| (-?[\d.]+) \|$", PAGE, re.MULTILINE)


def policy(model, *classes, **more):
    rule = Rule(model=Model(model), **more)
    return Policy(model, model, dict.fromkeys(classes or ["influenced"], rule))


def test_the_difference_is_told_to_the_cent_and_the_totals_are_the_same():
    known = [journey("a b"), journey("b b c")]

    found = backtest(known, policy("first"), policy("linear"))

    rows = [(row.partner_id, row.before, row.after, row.difference) for row in found.rows]
    assert rows == [("c", 0, 3333, 3333), ("b", 10_000, 11_667, 1667), ("a", 10_000, 5000, -5000)]
    assert found.total("influenced", "EUR") == (20_000, 20_000)


@pytest.mark.parametrize(("partner", "first", "linear", "difference"), TABLE)
def test_the_table_of_the_page_is_a_backtest(partner, first, linear, difference):
    found = backtest([journey("a b"), journey("b b c")], policy("first"), policy("linear"))

    (row,) = [row for row in found.rows if row.partner_id == partner]
    told = [str(Money(each, "EUR").amount) for each in (row.before, row.after, row.difference)]
    assert told == [first, linear, difference]


def test_the_vendors_own_part_stands_last_and_lost_journeys_do_not_count():
    known = [journey("a:demo"), journey("", key="own"), journey("b", is_won=False)]

    found = backtest(known, policy("first"), policy("roles", roles={"x": Fraction(1)}))

    assert [(row.partner_id, row.difference) for row in found.rows] == [
        ("a", -10_000),
        (None, 10_000),
    ]
    assert found.journeys == 2


def test_currencies_stand_apart_and_a_class_of_one_policy_alone_is_left_out():
    known = [journey("a b", currency="JPY"), journey("a b", key="2")]

    found = backtest(known, policy("first", "influenced", "sourced"), policy("last"))

    assert {row.currency for row in found.rows} == {"EUR", "JPY"}
    assert {row.credit_class for row in found.rows} == {"influenced"}
    assert found.left_out == ("sourced",)


JOURNEYS = st.lists(
    st.builds(
        journey,
        st.lists(st.sampled_from(["a:x", "b:y", "c:x"]), max_size=5).map(" ".join),
        st.integers(0, 10**9),
        currency=st.sampled_from(["EUR", "JPY", "KWD"]),
    ),
    max_size=6,
)
POLICIES = st.builds(policy, st.sampled_from(["first", "last", "linear", "position", "w"]))


@settings(max_examples=80, deadline=None)
@given(JOURNEYS, POLICIES, POLICIES)
def test_whatever_the_policies_nothing_is_gained_or_lost_in_all(known, before, after):
    found = backtest(known, before, after)

    for currency in {each.currency for each in known}:
        whole = sum(each.minor for each in known if each.currency == currency)
        assert found.total("influenced", currency) == (whole, whole)
    assert sum(row.difference for row in found.rows) == 0
    turned = backtest(known, after, before)
    assert {(row.partner_id, row.currency, row.difference) for row in found.rows} == {
        (row.partner_id, row.currency, -row.difference) for row in turned.rows
    }


@settings(max_examples=40, deadline=None)
@given(JOURNEYS, POLICIES)
def test_totals_are_the_credits_of_each_order_added_up(known, one):
    sums: dict[object, int] = {}
    for each in known:
        amount = Money(each.minor, each.currency)
        for given_out in credit(amount, each.touches, one, won_at=each.closed_at):
            key = (given_out.credit_class, given_out.currency, given_out.partner_id)
            sums[key] = sums.get(key, 0) + given_out.minor

    assert totals(known, one) == sums


DOCUMENT = {
    "journeys": [
        {
            "id": "SO-1",
            "closed_at": "2026-03-31T12:00:00+00:00",
            "amount": "12.50",
            "currency": "EUR",
            "touches": [
                {"partner": "n", "at": "2026-03-01T12:00:00+00:00", "kind": "demo", "weight": "2"},
                {"partner": "s", "at": "2026-03-02T12:00:00+00:00", "milestone": True},
            ],
        },
        {"id": "OP-2", "outcome": "lost", "closed_at": "2026-03-31T12:00:00Z", "touches": []},
    ]
}


def test_a_history_is_read_from_its_document():
    won, lost = read_history(DOCUMENT)

    assert (won.minor, won.currency, won.is_won) == (1250, "EUR", True)
    assert [touch.weight for touch in won.touches] == [2, 1]
    assert won.touches[1].milestone
    assert not lost.is_won


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("journeys",), [], "journeys: At least 1"),
        (("journeys", 0, "currency"), "EUX", "journeys\\[0\\].currency"),
        (("journeys", 0, "amount"), "12.505", "journeys\\[0\\].amount"),
        (("journeys", 0, "amount"), "-1", "must not be negative"),
        (("journeys", 0, "amount"), None, "amount"),
        (("journeys", 0, "outcome"), "open", "One of won, lost"),
        (("journeys", 0, "closed_at"), "2026-03-31", "A moment with its offset"),
        (("journeys", 0, "touches", 0, "partner"), "", "A text"),
        (("journeys", 0, "touches", 0, "class"), "sold", "One of sourced"),
        (("journeys", 0, "touches", 0, "weight"), "NaN", "is not a number"),
        (("journeys", 0, "touches", 0, "when"), "x", "“when” is not known"),
        (("journeys", 1, "id"), "SO-1", "of another journey too"),
    ],
)
def test_a_history_that_says_too_little_or_too_much_is_refused(path, value, sentence):
    document: Any = deepcopy(DOCUMENT)
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value

    with pytest.raises(HistoryRefused, match=sentence):
        read_history(document)
