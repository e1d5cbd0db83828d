"""Models of one path at a time: worked tables, other programs, and one journey as the measure."""

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.attribution.engine import Model, Repeats, Rule, Touch, shares
from app.attribution.engine.paths import (
    Method,
    Path,
    PathRefused,
    attribute,
    columns_of,
    read_channels,
)
from config import ROOT
from tests.attribution.engine.build import brought, cases, columns, path
from tests.attribution.engine.build import shares as fractions

DOCUMENT = (ROOT / "docs" / "algorithms" / "attribution.md").read_text("utf-8")
ROW = re.compile(r"^\| `([a-z-]+)` \| ([a-z > ]+?) \| (.+?) \|$", re.MULTILINE)
TIMES = re.compile(
    r"^\| ([a-z > ]+?) \| ([\d.]+(?: > [\d.]+)*) \| (\d+) \| (.+?) \|$", re.MULTILINE
)
WON = datetime(2026, 3, 31, tzinfo=UTC)


def given_out(told, rule, hours=()):
    found = brought(columns_of([path(told, hours=hours)]), rule=rule)
    return {name: share for name, share in found.items() if share}


@pytest.mark.parametrize(("model", "told", "expected"), ROW.findall(DOCUMENT))
def test_a_model_shares_a_path_as_its_table_says(model, told, expected):
    rule = Rule(model=Model(model), half_life_days=Fraction(1))

    assert given_out(told, rule) == fractions(expected)


@pytest.mark.parametrize(("told", "times", "half_life", "expected"), TIMES.findall(DOCUMENT))
def test_times_share_a_path_as_their_table_says(told, times, half_life, expected):
    hours = tuple(Fraction(each) for each in times.split(" > "))
    rule = Rule(model=Model.TIME_DECAY, half_life_days=Fraction(half_life))

    assert given_out(told, rule, hours) == fractions(expected)


def test_the_page_has_its_tables():
    assert len(ROW.findall(DOCUMENT)) >= 12
    assert len(TIMES.findall(DOCUMENT)) >= 3


@pytest.mark.parametrize(
    ("repeats", "expected"),
    [
        (Repeats.KEEP, "a 3/4, b 1/4"),
        (Repeats.CONSECUTIVE, "a 2/3, b 1/3"),
        (Repeats.ONCE, "a 1/2, b 1/2"),
    ],
)
def test_repeated_touches_count_as_declared(repeats, expected):
    found = given_out("a > a > b > a", Rule(model=Model.LINEAR, repeats=repeats))

    assert found == fractions(expected)


HEURISTICS = [
    ("first_touch", Rule(model=Model.FIRST)),
    ("last_touch", Rule(model=Model.LAST)),
    ("linear_every_touch", Rule(model=Model.LINEAR)),
    ("linear_unique_channels", Rule(model=Model.LINEAR, repeats=Repeats.ONCE)),
    ("position_40_20_40", Rule(model=Model.POSITION)),
]


@pytest.mark.parametrize(
    "case", cases("small_cases_expected.json", "journeys"), ids=lambda case: case["name"]
)
@pytest.mark.parametrize(("name", "rule"), HEURISTICS)
def test_heuristics_agree_with_other_programs(name, rule, case):
    paths = columns(*((row["path"], row["conversions"]) for row in case["rows"]))

    found = brought(paths, rule=rule)

    assert found == pytest.approx(dict.fromkeys(found, 0) | case["expected"][name])


@pytest.mark.parametrize("case", cases("time_decay_expected.json"), ids=lambda case: case["name"])
def test_time_decay_agrees_with_another_program(case):
    rule = Rule(model=Model.TIME_DECAY, half_life_days=Fraction(case["half_life_hours"]) / 24)
    hours = tuple(Fraction(each) for each in case["hours_before_conversion"])
    known = Path(tuple(case["touches"]), 1, Fraction(case["value"]), hours=hours)

    found = brought(columns_of([known]), rule=rule, what="value")

    assert found == pytest.approx(case["expected"], rel=1e-14)


RULES = st.builds(
    Rule,
    model=st.sampled_from([m for m in Model if m not in (Model.MARKOV, Model.SHAPLEY)]),
    repeats=st.sampled_from(Repeats),
    lookback_days=st.none() | st.integers(1, 30),
    half_life_days=st.sampled_from([Fraction(7), Fraction(1, 3)]),
    roles=st.just({"technical": Fraction(5, 2), "sales": Fraction(1)}),
)


@st.composite
def timed_paths(draw):
    length = draw(st.integers(1, 6))
    hours = sorted(draw(st.lists(st.integers(0, 900), min_size=length, max_size=length)))
    roles = st.sampled_from(["technical", "sales", "other"])
    return Path(
        tuple(draw(st.lists(st.sampled_from("abc"), min_size=length, max_size=length))),
        draw(st.fractions(0, 20, max_denominator=8)),
        draw(st.integers(0, 10**9)),
        hours=tuple(Fraction(each) for each in reversed(hours)),
        roles=tuple(draw(st.lists(roles, min_size=length, max_size=length))),
        milestone=draw(st.none() | st.integers(0, length - 1)),
    )


def one_by_one(paths, rule):
    """Return what each channel has by the engine of one order, journey by journey."""
    sums = {channel: Fraction(0) for each in paths for channel in each.channels}
    for each in paths:
        touches = [
            Touch(
                partner_id=channel,
                at=WON - timedelta(hours=int(hours)),
                role=role,
                milestone=place == each.milestone,
                key=f"{place:03d}",
            )
            for place, (channel, hours, role) in enumerate(
                zip(each.channels, each.hours, each.roles, strict=True)
            )
        ]
        for channel, share in shares(touches, rule, won_at=WON).items():
            sums[channel] += share * each.conversions
    return sums


@settings(max_examples=150, deadline=None)
@given(st.lists(timed_paths(), min_size=1, max_size=6), RULES)
def test_many_paths_have_what_their_journeys_have_one_by_one(paths, rule):
    if not any(each.conversions or each.value for each in paths):
        return
    found = attribute(columns_of(paths), Method(rule=rule))

    by_name = {each.channel: each.conversions for each in found.rows}
    assert by_name == pytest.approx(one_by_one(paths, rule), abs=1e-15)
    total = found.nobody.conversions + sum(by_name.values())
    assert total == sum(each.conversions for each in paths)
    assert found.nobody.value + sum(row.value for row in found.rows) == sum(p.value for p in paths)


@settings(max_examples=50, deadline=None)
@given(st.lists(timed_paths(), min_size=1, max_size=6), RULES, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(paths, rule, random):
    if not any(each.conversions or each.value for each in paths):
        return
    before = attribute(columns_of(paths), Method(rule=rule)).rows
    random.shuffle(paths)

    assert attribute(columns_of(paths), Method(rule=rule)).rows == before


def test_paths_without_a_touch_in_the_look_back_are_nobodys():
    rule = Rule(model=Model.LINEAR, lookback_days=10)
    known = [path("a > b", 3, 60, hours=(480, 24)), path("a", 2, 10, hours=(241,))]

    found = attribute(columns_of(known), Method(rule=rule))

    assert {each.channel: each.conversions for each in found.rows} == {"a": 0, "b": 3}
    assert (found.nobody.conversions, found.nobody.value) == (2, 10)


@pytest.mark.parametrize("model", [Model.MARKOV, Model.SHAPLEY])
def test_the_look_back_holds_for_models_of_all_paths_too(model):
    rule = Rule(model=model, lookback_days=10)
    known = [path("a > b", 3, 60, 1, hours=(480, 24)), path("a", 2, 10, 1, hours=(241,))]

    found = attribute(columns_of(known), Method(rule=rule))

    assert {each.channel: each.conversions for each in found.rows} == {"a": 0, "b": 3}
    assert (found.nobody.conversions, found.nobody.value) == (2, 10)


def test_a_look_back_without_times_is_refused():
    with pytest.raises(PathRefused, match="needs the times"):
        brought(columns("a > b"), rule=Rule(model=Model.LINEAR, lookback_days=10))


def test_amounts_of_any_size_add_up_exactly():
    huge = 10**30 + 1
    found = attribute(
        columns(("a > b > c", huge, "0.123456789012345678901"), ("b", 7, 1)),
        Method(rule=Rule(model=Model.LINEAR)),
    )

    assert sum(each.conversions for each in found.rows) == huge + 7
    assert sum(each.value for each in found.rows) == 1 + Fraction("0.123456789012345678901")


def test_every_credit_is_explained_from_its_facts():
    paths = columns(("a > b", 3, 30, 1), ("b", 1, 0, 0))
    said = {
        model: attribute(paths, Method(rule=Rule(model=Model(model)))).rows[0].because
        for model in ("first", "position", "markov", "shapley")
    }

    assert said["first"] == "The first touch of 3 of 4 conversions."
    assert said["position"] == "On the path of 3 of 4 conversions: first of 3, last of 0."
    assert said["markov"].startswith("Without it 80 % of the conversions would be lost;")
    assert said["shapley"].endswith("it adds 1.5.")
    facts = attribute(paths, Method(rule=Rule(model=Model.LAST))).rows[0].facts
    assert facts == {"touched": 3, "first": 3, "last": 0}


@pytest.mark.parametrize("text", ["", "a >", "a > > b"])
def test_a_path_with_an_empty_channel_is_refused(text):
    with pytest.raises(PathRefused, match="empty channel"):
        read_channels(text)


def test_a_path_needs_a_time_for_each_touch():
    with pytest.raises(PathRefused, match="one time"):
        columns_of([path("a > b", hours=(Fraction(1),))])
