"""Two policies over history, weights learned from it, and the documents that tell of both."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.attribution.engine import (
    By,
    HistoryRefused,
    Journey,
    Learned,
    Model,
    Policy,
    Rule,
    Touch,
    backtest,
    credit,
    describe_rule,
    read_history,
    read_rule,
    shares,
    totals,
)
from app.attribution.engine.learning import Lesson, NothingLearned, learn, rule_document
from app.kernel.money import Money

END = datetime(2026, 3, 31, 12, tzinfo=UTC)


def journey(text, minor=10_000, *, is_won=True, on=END, key="", currency="EUR"):
    """Return a journey of touches a day apart, told as partner:kind."""
    names = text.split()
    touches = []
    for back, name in enumerate(reversed(names)):
        partner, _, kind = name.partition(":")
        touches.append(Touch(partner_id=partner, at=on - timedelta(days=back), kind=kind))
    return Journey(
        id=key or text,
        closed_at=on,
        touches=tuple(reversed(touches)),
        is_won=is_won,
        currency=currency if is_won else "",
        minor=minor if is_won else 0,
    )


def policy(model, *classes, **more):
    rule = Rule(model=Model(model), **more)
    return Policy(model, model, dict.fromkeys(classes or ["influenced"], rule))


def test_the_difference_is_told_to_the_cent_and_the_totals_are_the_same():
    known = [journey("a b"), journey("b b c")]

    found = backtest(known, policy("first"), policy("linear"))

    rows = [(row.partner_id, row.before, row.after, row.difference) for row in found.rows]
    assert rows == [("c", 0, 3333, 3333), ("b", 10_000, 11_667, 1667), ("a", 10_000, 5000, -5000)]
    assert found.total("influenced", "EUR") == (20_000, 20_000)


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


HISTORY = [
    journey("n:demo s:workshop"),
    journey("n:demo", key="2"),
    journey("n:demo s:workshop", key="3", is_won=False),
    journey("s:event", key="4", is_won=False),
]


def test_markov_weights_are_removal_effects_over_won_and_lost_journeys():
    rule = learn(HISTORY, Lesson(model=Model.MARKOV))

    # Two of two wins pass a demo; of three demos two go on to a workshop, half of which convert.
    assert rule.weights == {"demo": 1, "event": 0, "workshop": Fraction(1, 2)}
    assert rule.otherwise == Fraction(1, 2)
    assert rule.learned == Learned(won=2, lost=2)


def test_shapley_weights_are_what_a_kind_adds_to_the_share_won():
    rule = learn(HISTORY, Lesson(model=Model.SHAPLEY))

    # Worth: demo 1, event 0, workshop 0, demo and workshop 2/3, demo and event 1/2, all 1/2.
    def mean(*gains):
        return sum(Fraction(gain) for gain in gains) / 6

    third, half = Fraction(2, 3), Fraction(1, 2)
    demo = mean(1, 1, half, third, half, half)
    assert float(rule.weights["demo"]) == pytest.approx(float(demo), abs=1e-12)
    assert rule.weights["workshop"] == 0
    assert rule.weights["event"] == 0


@pytest.mark.parametrize(
    ("by", "names"), [(By.KIND, {"demo", "workshop", "event"}), (By.PARTNER, {"n", "s"})]
)
def test_weights_are_learned_by_kind_or_by_partner(by, names):
    assert {*learn(HISTORY, Lesson(model=Model.MARKOV, by=by)).weights} == names


def test_only_journeys_of_the_window_are_looked_at():
    old = journey("s:event", key="old", on=END - timedelta(days=90))
    lesson = Lesson(model=Model.MARKOV, start=date(2026, 3, 31), until=date(2026, 4, 1))

    assert "event" in learn([*HISTORY, old], Lesson(model=Model.MARKOV)).weights
    found = learn([HISTORY[1], old], lesson)
    assert found.weights == {"demo": 1}
    assert found.learned == Learned(won=1, lost=0, start=lesson.start, until=lesson.until)


@pytest.mark.parametrize(
    ("known", "lesson", "sentence"),
    [
        ([HISTORY[2]], Lesson(model=Model.MARKOV), "was won"),
        ([journey("")], Lesson(model=Model.MARKOV), "has a touch"),
        ([HISTORY[0]], Lesson(model=Model.MARKOV, credit_class="sourced"), "that sourced it"),
        ([HISTORY[0]], Lesson(model=Model.SHAPLEY), "need lost journeys"),
        ([journey(""), HISTORY[3]], Lesson(model=Model.MARKOV), "above zero"),
    ],
)
def test_a_history_that_teaches_nothing_is_refused(known, lesson, sentence):
    with pytest.raises(NothingLearned, match=sentence):
        learn(known, lesson)


@pytest.mark.parametrize("model", [Model.MARKOV, Model.SHAPLEY])
def test_a_learned_rule_is_the_same_after_it_was_written_and_read(model):
    rule = learn(HISTORY, Lesson(model=model, order=2 if model is Model.MARKOV else 1))

    assert read_rule(json.loads(json.dumps(rule_document(rule)))) == rule


def test_a_learned_weight_counts_once_however_often_its_kind_is_there():
    rule = Rule(model=Model.MARKOV, weights={"demo": Fraction(3, 5), "workshop": Fraction(1, 5)})
    known = journey("a:demo b:demo c:workshop")

    found = shares(known.touches, rule, won_at=END)

    assert found == {"a": Fraction(3, 8), "b": Fraction(3, 8), "c": Fraction(1, 4)}


def test_what_history_did_not_know_weighs_what_the_policy_says():
    rule = Rule(model=Model.MARKOV, weights={"demo": Fraction(3, 5)}, otherwise=Fraction(1, 5))
    found = shares(journey("a:demo b:dinner").touches, rule, won_at=END)

    assert found == {"a": Fraction(3, 4), "b": Fraction(1, 4)}
    strict = replace(rule, otherwise=Fraction(0))
    assert shares(journey("b:dinner").touches, strict, won_at=END) == {}


def test_a_learned_credit_says_what_it_follows_from():
    rule = Rule(model=Model.MARKOV, weights={"proof_of_concept": Fraction(3, 5)})
    given_out = credit(
        Money(100, "EUR"),
        journey("a:proof_of_concept").touches,
        Policy("x", "X", {"influenced": rule}),
        won_at=END,
    )

    assert given_out[0].because == (
        "Influenced by learned removal effects, share 100 %: proof of concept on 31 Mar 2026 "
        "(removal effect of kind proof of concept 60 %)."
    )


def test_a_learned_rule_is_told_in_words():
    rule = learn(HISTORY, Lesson(model=Model.MARKOV, start=date(2026, 1, 1)))

    assert describe_rule(rule) == (
        "by what would be lost without each kind of touch (Markov removal effect, order 1), "
        "learned from 2 won and 2 lost journeys closed from 1 Jan 2026: demo 100 %, workshop 50 %, "
        "event 0 %; any other 50 %."
    )


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
