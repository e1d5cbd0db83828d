"""Credits of one order: exact shares, cents that add up, reasons in words."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.attribution.engine import (
    Model,
    PolicyRefused,
    Repeats,
    Rule,
    Touch,
    credit,
    read_policy,
    read_rule,
    shares,
)
from app.kernel.money import Money

WON = datetime(2026, 3, 31, tzinfo=UTC)
STANDARD = {
    "code": "standard",
    "title": "Standard",
    "classes": {
        "sourced": {"model": "sourced"},
        "influenced": {"model": "linear", "repeats": "once", "lookback_days": 365},
    },
}


def touch(partner, days_before, **over):
    return Touch(partner_id=partner, at=WON - timedelta(days=days_before), **over)


def test_the_source_has_the_whole_and_influencers_split_evenly():
    touches = [
        touch("nord", 60, touch_class="sourced", kind="registration"),
        touch("sued", 30, kind="demo"),
        touch("west", 20, kind="workshop"),
        touch("sued", 10, kind="proposal"),
        touch("ost", 5, kind="event"),
    ]

    credits = credit(Money(10_000, "EUR"), touches, read_policy(STANDARD), won_at=WON)

    assert [(each.credit_class, each.partner_id, each.minor) for each in credits] == [
        ("sourced", "nord", 10_000),
        ("influenced", "ost", 3_334),
        ("influenced", "sued", 3_333),
        ("influenced", "west", 3_333),
    ]
    assert credits[2].because == (
        "Influenced by even split, share 1/3: demo on 1 Mar 2026 (one of 3 touches, all alike)."
    )


def test_a_class_without_a_touch_is_the_vendors_own():
    credits = credit(Money(500, "EUR"), [], read_policy(STANDARD), won_at=WON)

    assert [(each.partner_id, each.minor) for each in credits] == [(None, 500), (None, 500)]


def test_touches_after_the_win_or_before_the_look_back_do_not_count():
    touches = [touch("early", 400), touch("late", -1), touch("right", 10)]

    assert shares(touches, Rule(model=Model.LINEAR, lookback_days=365), won_at=WON) == {
        "right": Fraction(1)
    }


def test_the_milestone_of_a_w_adds_to_the_place_it_has():
    touches = [touch("a", 9, milestone=True), touch("b", 5), touch("c", 1)]

    found = shares(touches, Rule(model=Model.W), won_at=WON)

    assert found == {"a": Fraction(3, 5), "c": Fraction(3, 10), "b": Fraction(1, 10)}


def test_role_weights_share_by_what_each_did():
    rule = read_rule({"model": "roles", "roles": {"technical": "3", "fulfilment": "1"}})
    touches = [touch("a", 9, role="technical"), touch("b", 5, role="fulfilment"), touch("c", 1)]

    assert shares(touches, rule, won_at=WON) == {"a": Fraction(3, 4), "b": Fraction(1, 4)}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"classes": {}}, "classes: At least one"),
        ({"classes": {"sourced": {}}}, "classes.sourced: “model” is missing"),
        ({"classes": {"sourced": {"model": "best"}}}, "classes.sourced.model: One of"),
        ({"classes": {"sourced": {"model": "position", "first": "0.8"}}}, "exceed 100 %"),
        ({"classes": {"sourced": {"model": "position", "first": 0.4}}}, "as text"),
        ({"classes": {"sourced": {"model": "first", "half_life_days": 3}}}, "is not known here"),
        ({"more": 1}, "policy: “more” is not known here"),
    ],
)
def test_a_policy_that_says_too_little_or_too_much_is_refused(change, sentence):
    with pytest.raises(PolicyRefused, match=sentence):
        read_policy(STANDARD | change)


TOUCHES = st.lists(
    st.builds(
        touch,
        st.sampled_from("abcde"),
        st.integers(0, 500),
        role=st.sampled_from(["technical", "fulfilment"]),
        milestone=st.booleans(),
    ),
    min_size=1,
    max_size=12,
)
RULES = st.builds(
    Rule,
    model=st.sampled_from(Model),
    repeats=st.sampled_from(Repeats),
    roles=st.just({"technical": Fraction(2), "fulfilment": Fraction(1)}),
)


@settings(max_examples=100, deadline=None)
@given(TOUCHES, RULES, st.integers(0, 10**12), st.randoms(use_true_random=False))
def test_shares_are_one_cents_are_the_amount_and_order_does_not_matter(
    touches, rule, minor, random
):
    policy = read_policy(STANDARD)
    policy = type(policy)(policy.code, policy.title, {"influenced": rule})
    credits = credit(Money(minor, "EUR"), touches, policy, won_at=WON)

    assert sum(each.share for each in credits) == 1
    assert sum(each.minor for each in credits) == minor
    assert all(each.share.denominator < 2**63 for each in credits)
    random.shuffle(touches)
    again = credit(Money(minor, "EUR"), touches, policy, won_at=WON)
    assert [(each.partner_id, each.minor) for each in again] == [
        (each.partner_id, each.minor) for each in credits
    ]
