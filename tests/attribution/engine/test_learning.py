"""Weights learned from won and lost journeys, and orders credited by them."""

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from app.attribution.engine import (
    By,
    Learned,
    Model,
    Policy,
    Rule,
    credit,
    describe_rule,
    read_rule,
    shares,
)
from app.attribution.engine.learning import Lesson, NothingLearned, learn, rule_document
from app.kernel.money import Money
from tests.attribution.engine.build import END, journey

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
