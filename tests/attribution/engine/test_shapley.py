"""Shapley values: published games, brute force over orders, the axioms, samples and their error."""

import math
import re
from fractions import Fraction
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.attribution.engine.paths import Path, PathRefused, Worth, columns_of, shapley_values
from app.attribution.engine.shapley import GameRefused, exact, read_game, shapley, subset_sums
from config import ROOT
from tests.attribution.engine.build import brought, cases, columns, shares, told

DOCUMENT = (ROOT / "docs" / "algorithms" / "attribution.md").read_text("utf-8")
GAMES = re.findall(r"^\| `(\{.+?\})` \| (.+?) \|$", DOCUMENT, re.MULTILINE)
WORTHS = re.findall(r"^\| (.+?) \| (conversions|rate) \| (.+?) \|$", DOCUMENT, re.MULTILINE)
RATE = Worth.RATE

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
).filter(lambda paths: any(p.conversions for p in paths) and any(p.nulls for p in paths))
GAME = st.integers(1, 5).flatmap(
    lambda players: st.lists(
        st.fractions(-9, 9, max_denominator=9), min_size=1 << players, max_size=1 << players
    )
)


def by_orders(worth, players):
    """Return Shapley values as the mean gain over every order, from the definition."""
    sums = dict.fromkeys(players, Fraction(0))
    for order in permutations(players):
        for place, player in enumerate(order):
            sums[player] += worth(frozenset(order[: place + 1])) - worth(frozenset(order[:place]))
    return {player: total / math.factorial(len(players)) for player, total in sums.items()}


def test_the_page_has_tables_of_games_and_worths():
    assert len(GAMES) >= 3
    assert len(WORTHS) >= 3


@pytest.mark.parametrize(("text", "values"), GAMES)
def test_a_game_has_the_values_that_the_table_says(text, values):
    players, worth = read_game({"v": eval(text)})  # noqa: S307 - our own page

    assert shapley(players, worth).values == shares(values)


@pytest.mark.parametrize(("paths", "worth", "conversions"), WORTHS)
def test_paths_have_the_conversions_that_the_table_says(paths, worth, conversions):
    found = brought(told(paths), "shapley", worth=Worth(worth))

    assert found == pytest.approx(shares(conversions), abs=1e-12)


@pytest.mark.parametrize(
    "case",
    cases("small_cases_expected.json", "characteristic_function"),
    ids=lambda case: case["name"],
)
def test_games_agree_with_another_program(case):
    players, worth = read_game({"v": case["v"]})

    found = shapley(players, worth).values

    assert [float(found[player]) for player in players] == pytest.approx(case["shapley"], rel=1e-12)


@pytest.mark.parametrize(
    "case", cases("small_cases_expected.json", "journeys"), ids=lambda case: case["name"]
)
def test_paths_agree_with_other_programs(case):
    paths = columns(*((r["path"], r["conversions"], 0, r["null"]) for r in case["rows"]))

    assert brought(paths, "shapley") == pytest.approx(case["expected"]["shapley"], rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(GAME)
def test_values_are_the_mean_gain_over_every_order_and_add_up(table):
    players = tuple(str(place) for place in range(len(table).bit_length() - 1))

    def worth(coalition):
        return table[sum(1 << int(player) for player in coalition)]

    found = shapley(players, worth).values

    assert found == by_orders(worth, players)
    assert sum(found.values()) == table[-1] - table[0]


@settings(max_examples=40, deadline=None)
@given(GAME, GAME)
def test_values_of_two_games_added_are_the_values_added(one, two):
    size = min(len(one), len(two))
    players = size.bit_length() - 1
    both = [a + b for a, b in zip(one[:size], two[:size], strict=True)]

    added = [
        a + b for a, b in zip(exact(one[:size], players), exact(two[:size], players), strict=True)
    ]
    assert exact(both, players) == added


def test_players_that_can_stand_for_each_other_have_the_same_and_one_that_adds_nothing_has_none():
    table = {"": 0, "a": 2, "b": 2, "c": 0, "a,b": 9, "a,c": 2, "b,c": 2, "a,b,c": 9}
    found = shapley(*read_game({"v": table})).values

    assert found == {"a": Fraction(9, 2), "b": Fraction(9, 2), "c": 0}


@settings(max_examples=60, deadline=None)
@given(PATHS)
def test_the_closed_form_is_the_game_of_conversions_inside_a_set(paths):
    names = sorted({channel for path in paths for channel in path.channels})

    def worth(coalition):
        return sum(path.conversions for path in paths if {*path.channels} <= coalition)

    expected = by_orders(worth, names)
    known = columns_of(paths)
    assert brought(known, "shapley") == expected
    assert shapley(names, worth).values == expected
    assert sum(expected.values()) == sum(path.conversions for path in paths)


@settings(max_examples=40, deadline=None)
@given(PATHS)
def test_rates_are_the_game_of_conversions_to_journeys_inside_a_set(paths):
    names = sorted({channel for path in paths for channel in path.channels})

    def worth(coalition):
        inside = [path for path in paths if {*path.channels} <= coalition]
        journeys = sum(path.conversions + path.nulls for path in inside)
        won = sum(path.conversions for path in inside)
        return Fraction(won, journeys) if journeys else Fraction(0)

    found = shapley_values(columns_of(paths), RATE).conversions

    assert found == pytest.approx([float(v) for v in by_orders(worth, names).values()], abs=1e-12)
    credit = brought(columns_of(paths), "shapley", worth=RATE)
    assert sum(credit.values()) == pytest.approx(sum(path.conversions for path in paths))


def test_the_transform_sums_over_all_coalitions_inside():
    table = [3, 1, 4, 1, 5, 9, 2, 6]
    inside = [sum(table[part] for part in range(8) if part & mask == part) for mask in range(8)]

    assert subset_sums(table, 3) == inside


def crowd(channels=15, sets=60):
    chance = np.random.default_rng(3)
    rows = []
    for _ in range(sets):
        path = chance.choice(channels, chance.integers(1, 5), replace=False)
        name = " > ".join(f"c{each:02d}" for each in path)
        rows.append((name, int(chance.integers(0, 9)), int(chance.integers(0, 90)), 3))
    return columns(*rows)


def test_a_sample_is_near_the_exact_values_by_its_own_error():
    many = crowd()
    known = shapley_values(many, Worth.CONVERSIONS)

    found = shapley_values(many, Worth.CONVERSIONS, samples=4000)

    off = [
        (guess - float(value)) / error
        for guess, value, error in zip(
            found.conversions, known.conversions, found.errors[0], strict=True
        )
        if error
    ]
    assert found.samples == 4000
    assert max(map(abs, off)) < 4
    assert 0.4 < np.mean(np.square(off)) < 2.5
    assert sum(found.conversions) == pytest.approx(float(many.conversions.total))


def test_the_same_seed_gives_the_same_sample_and_another_one_another():
    first, again, other = (
        shapley_values(crowd(), RATE, samples=100, seed=seed).conversions for seed in (1, 1, 2)
    )

    assert first == again != other


def test_above_twelve_channels_rates_are_sampled_and_conversions_say_that_they_are_exact():
    rates, counts = shapley_values(crowd(), RATE), shapley_values(crowd(), Worth.CONVERSIONS)

    assert rates.samples == 10_000
    assert all(rates.errors[0])
    assert counts.samples is None
    assert not any(counts.errors[0])


def test_any_game_above_twelve_players_is_sampled():
    players = [f"p{place:02d}" for place in range(13)]

    found = shapley(players, lambda coalition: len(coalition) ** 2, samples=400)

    assert found.samples == 400
    for player in players:
        assert abs(found.values[player] - 13) <= 4 * found.errors[player] + 1e-9


def test_a_rate_without_paths_that_did_not_convert_is_refused():
    with pytest.raises(PathRefused, match="there are none"):
        brought(columns(("a > b", 1, 0, 0)), "shapley", worth=RATE)
    with pytest.raises(PathRefused, match="there are none"):
        brought(columns(("a > b", 1, 0, 1)), "shapley", worth=RATE, nulls=False)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({}, "“v” is missing"),
        ({"v": {}}, "Coalitions and their worth"),
        ({"v": {"a": "x"}}, "is not a number"),
        ({"v": {"a": 1, "a,": 2}}, "each once"),
        ({"v": {"a,a": 2}}, "each once"),
        ({"v": {"a,b": 1, "b, a": 1}}, "given twice"),
        ({"v": {"a": 1, "b": 1}}, "the worth of “a,b” is missing"),
        ({"v": {"a": 1}, "players": ["b"]}, "“a” is not one of the players"),
    ],
)
def test_a_game_that_says_too_little_or_too_much_is_refused(document, sentence):
    with pytest.raises(GameRefused, match=sentence):
        shapley(*read_game(document))


def test_players_who_are_worth_nothing_may_be_named_alone():
    players, worth = read_game({"players": ["a", "b"], "v": {"a": 1, "b": 0, "a,b": 1}})

    assert shapley(players, worth).values == {"a": 1, "b": 0}


def test_twelve_channels_are_exact_by_rate():
    rows = [(" > ".join(pair), 1, 0, 1) for pair in combinations("abcdefghijkl", 2)]

    found = shapley_values(columns(*rows), RATE)

    assert found.samples is None
    assert found.conversions == pytest.approx([0.5 / 12] * 12)


def test_the_value_of_paths_is_shared_as_their_conversions_are():
    assert brought(columns(("a > a > b", 2, 6, 0)), "shapley", what="value") == {"a": 3, "b": 3}
