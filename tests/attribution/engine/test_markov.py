"""Markov removal effects: worked tables, other programs, brute force, and what must hold."""

import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.attribution.engine import Model, Repeats, Rule
from app.attribution.engine.paths import (
    Method,
    Path,
    PathRefused,
    attribute,
    columns_of,
    removal_effects,
)
from app.attribution.engine.paths.chain import chain_of
from app.attribution.engine.paths.removal import _exactly, _in_floats
from config import ROOT
from tests.attribution.engine.build import brought, cases, columns, shares, told

DOCUMENT = (ROOT / "docs" / "algorithms" / "attribution.md").read_text("utf-8")
TABLE = re.findall(r"^\| (.+?) \| (\d) \| (yes|no) \| (.+?) \| (.+?) \|$", DOCUMENT, re.MULTILINE)

PATHS = st.lists(
    st.builds(
        Path,
        st.lists(st.sampled_from("abcd"), min_size=1, max_size=5).map(tuple),
        st.integers(0, 9),
        st.integers(0, 900),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=8,
).filter(lambda paths: any(path.conversions for path in paths))


def test_the_page_has_a_table_of_removal_effects():
    assert len(TABLE) >= 5


@pytest.mark.parametrize(("paths", "order", "nulls", "effects", "conversions"), TABLE)
def test_removal_effects_are_as_the_table_says(paths, order, nulls, effects, conversions):
    found = removal_effects(told(paths), int(order), nulls=nulls == "yes")
    given_out = brought(told(paths), "markov", order=int(order), nulls=nulls == "yes")

    assert dict(zip(told(paths).channels, found.conversions, strict=True)) == shares(effects)
    assert given_out == shares(conversions)


@pytest.mark.parametrize(
    "case", cases("small_cases_expected.json", "journeys"), ids=lambda case: case["name"]
)
def test_order_one_agrees_with_another_program(case):
    paths = columns(*((r["path"], r["conversions"], 0, r["null"]) for r in case["rows"]))
    expected = case["markov_order1"]

    found = removal_effects(paths)

    assert float(found.probability) == pytest.approx(expected["p_conversion"], rel=1e-12)
    effects = dict(zip(paths.channels, map(float, found.conversions), strict=True))
    assert effects == pytest.approx(expected["removal_effects"], rel=1e-12)
    assert {name: float(each) for name, each in brought(paths, "markov").items()} == pytest.approx(
        expected["attributed_conversions"], rel=1e-12
    )


def walked(paths, order, nulls):
    """Return how often each state led to each, by state, and what came in where it ended."""
    counts: dict[Any, Any] = {None: {}}
    ends: dict[Any, Any] = {}
    for path in paths:
        weight = path.conversions + nulls * path.nulls
        length = len(path.channels)
        states = [path.channels[max(0, end - order) : end] for end in range(1, length + 1)]
        for here, there in [*pairwise([None, *states]), (states[-1], "out")]:
            onward = counts.setdefault(here, {})
            onward[there] = onward.get(there, 0) + weight
        won, value = ends.get(states[-1], (0, 0))
        brings = path.value if path.conversions else 0
        ends[states[-1]] = (won + path.conversions, value + brings)
    return counts, ends


def dense(counts, ends, removed, which):
    """Return what a journey brings without a channel, by a dense solve from the definition."""
    onward = {
        state: each for state, each in counts.items() if state is None or removed not in state
    }
    rows = {state: row for row, state in enumerate(onward)}
    matrix, reward = np.zeros((len(rows), len(rows))), np.zeros(len(rows))
    for here, row in rows.items():
        total = sum(onward[here].values())
        reward[row] = float(ends.get(here, (0, 0))[which]) / total
        for there, times in onward[here].items():
            if there in rows:
                matrix[row, rows[there]] = times / total
    return np.linalg.solve(np.eye(len(rows)) - matrix, reward)[0]


@settings(max_examples=60, deadline=None)
@given(PATHS, st.integers(1, 4), st.booleans())
def test_effects_are_those_of_a_dense_solve_from_the_definition(paths, order, nulls):
    known = columns_of(paths)
    # Only of journeys that are looked at can anything be learned.
    counts, ends = walked([p for p in paths if p.conversions + nulls * p.nulls], order, nulls)

    found = removal_effects(known, order, nulls=nulls)

    for which, effects in enumerate((found.conversions, found.value)):
        whole = dense(counts, ends, "", which)
        expected = [
            1 - dense(counts, ends, channel, which) / whole if whole else 0
            for channel in known.channels
        ]
        assert [float(each) for each in effects] == pytest.approx(expected, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(PATHS, st.integers(1, 4))
def test_fractions_and_floats_agree_within_the_stated_error(paths, order):
    chain = chain_of(columns_of(paths), order, nulls=True)

    exact, floats = _exactly(chain), _in_floats(chain)

    assert floats.error < 1e-10
    for one, other in zip(exact.conversions, floats.conversions, strict=True):
        assert abs(one - Fraction(other)) <= floats.error


@settings(max_examples=60, deadline=None)
@given(PATHS, st.integers(1, 4), st.booleans(), st.randoms(use_true_random=False))
def test_conversions_and_value_add_up_and_the_order_of_rows_does_not_matter(
    paths, order, nulls, random
):
    method = Method(rule=Rule(model=Model.MARKOV), order=order, nulls=nulls)
    paths = [p if p.conversions else Path(p.channels, 0, 0, p.nulls) for p in paths]
    found = attribute(columns_of(paths), method)

    assert sum(each.conversions for each in found.rows) == sum(p.conversions for p in paths)
    assert sum(each.value for each in found.rows) == sum(p.value for p in paths)
    random.shuffle(paths)
    assert attribute(columns_of(paths), method).rows == found.rows


@settings(max_examples=40, deadline=None)
@given(PATHS, st.integers(1, 4))
def test_renamed_channels_have_what_they_had(paths, order):
    names = dict(zip("abcd", "zyxw", strict=True))
    renamed = [
        Path(tuple(names[c] for c in p.channels), p.conversions, p.value, p.nulls) for p in paths
    ]

    before = removal_effects(columns_of(paths), order)
    after = removal_effects(columns_of(renamed), order)

    assert sorted(before.conversions) == sorted(after.conversions)


@settings(max_examples=40, deadline=None)
@given(PATHS)
def test_a_channel_that_no_conversion_passes_has_nothing(paths):
    with_null = [*paths, Path(("nobody",), 0, 0, 5), Path(("a", "nobody"), 0, 0, 2)]

    found = removal_effects(columns_of(with_null))

    effects = dict(zip(columns_of(with_null).channels, found.conversions, strict=True))
    assert effects["nobody"] == 0


def test_a_channel_on_every_path_would_lose_everything():
    found = removal_effects(columns(("a > b", 3, 0, 1), ("a > c", 1, 0, 1)))

    assert found.conversions[0] == 1


def test_staying_on_a_channel_changes_nothing_of_order_one():
    once, often = ("a > b", 2, 0, 1), ("a > a > a > b", 2, 0, 1)

    assert brought(columns(once, "b"), "markov") == brought(columns(often, "b"), "markov")


def test_collapsed_paths_are_those_without_repeats():
    rule = Rule(model=Model.MARKOV, repeats=Repeats.CONSECUTIVE)
    often = columns(("a > b > b", 1, 0, 0), ("c > b > b", 0, 0, 1))
    once = columns(("a > b", 1, 0, 0), ("c > b", 0, 0, 1))

    assert brought(often, rule=rule, order=2) == brought(once, "markov", order=2)
    assert brought(once, "markov", order=2) == {"a": Fraction(1, 2), "b": Fraction(1, 2), "c": 0}
    # Kept, both paths end in the state “b, b”, which cannot tell whence it was reached.
    assert brought(often, "markov", order=2)["c"] == Fraction(1, 4)


def test_value_goes_by_what_conversions_of_the_last_state_bring():
    # All that ends in b brings 37 for 5 conversions, all that ends in c 500 for one.
    paths = columns(("a > b", 3, 30, 1), ("a > c", 1, 500, 1), ("a > a > b", 2, 7, 0))

    found = removal_effects(paths, nulls=False)

    whole = Fraction(5, 6) * Fraction(37, 5) + Fraction(1, 6) * 500
    assert found.value == (1, Fraction(37, 6) / whole, Fraction(500, 6) / whole)
    assert brought(paths, "markov", what="value", nulls=False)["c"] == 250


def test_a_slow_chain_is_solved_by_elimination_as_well():
    paths = columns((" > ".join("ab" * 900), 1, 0, 1), ("b > a > c", 3, 0, 9))
    chain = chain_of(paths, 1, nulls=True)

    exact, floats = _exactly(chain), _in_floats(chain)

    assert [float(each) for each in exact.conversions] == pytest.approx(floats.conversions)
    assert floats.error < 1e-9


def test_effects_are_what_a_simulation_finds():
    paths = columns(("a > b > c", 4, 0, 5), ("b > a", 3, 0, 8), ("c > a > b > a", 5, 0, 1))
    exact = removal_effects(paths, 2)
    chance = np.random.default_rng(5)
    walks = [("abc", 4, 5), ("ba", 3, 8), ("caba", 5, 1)]
    onward: dict[str, Any] = {}
    for walk, won, lost in walks:
        states = [walk[max(0, end - 2) : end] for end in range(1, len(walk) + 1)]
        for here, there in pairwise(["", *states]):
            onward.setdefault(here, []).append((there, won + lost))
        onward.setdefault(states[-1], []).extend([("won", won), ("lost", lost)])

    passed, conversions = dict.fromkeys("abc", 0), 0
    for _ in range(20_000):
        here, seen = "", set()
        while here not in ("won", "lost"):
            choices, weights = zip(*onward[here], strict=True)
            here = chance.choice(choices, p=np.array(weights) / sum(weights))
            seen |= set(here) if here not in ("won", "lost") else set()
        conversions += here == "won"
        for channel in seen if here == "won" else ():
            passed[channel] += 1

    simulated = [passed[channel] / conversions for channel in "abc"]
    assert [float(each) for each in exact.conversions] == pytest.approx(simulated, abs=0.02)


def test_no_conversion_leaves_nothing_to_credit():
    with pytest.raises(PathRefused, match="nothing to credit"):
        brought(columns(("a > b", 0, 0, 5)), "markov")


@pytest.mark.parametrize("nulls", [True, False])
def test_value_of_a_row_without_conversions_says_nothing_about_the_chain(nulls):
    rows = [("a > b", 2, 10, 3), ("c > b", 1, 20, 1)]
    without = brought(columns(*rows), "markov", what="value", nulls=nulls)

    found = brought(columns(*rows, ("a", 0, 30, 0)), "markov", what="value", nulls=nulls)
    lost = columns(*rows, ("a > c", 0, 0, 4))
    valued = columns(*rows, ("a > c", 0, 30, 4))

    assert found == {channel: 2 * each for channel, each in without.items()}
    assert brought(valued, "markov", what="value", nulls=nulls) == {
        channel: 2 * each
        for channel, each in brought(lost, "markov", what="value", nulls=nulls).items()
    }


def test_value_without_a_conversion_is_refused():
    with pytest.raises(PathRefused, match="no conversion that it came with"):
        brought(columns(("a", 0, 5, 0), ("b", 1, 0, 0)), "markov")


def test_too_many_channels_for_an_order_are_refused():
    many = columns(*(f"channel {number}" for number in range(50_000)))

    with pytest.raises(PathRefused, match="too many for order 4"):
        removal_effects(many, 4)
