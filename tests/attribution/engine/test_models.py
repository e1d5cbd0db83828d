"""The worked tables of docs/algorithms/attribution.md, and cases computed by other programs."""

import json
import re
from fractions import Fraction
from pathlib import Path as File

import pytest

from app.attribution.engine import (
    Model,
    Path,
    PathRefused,
    Repeats,
    Rule,
    credit_paths,
    read_channels,
)

DATA = File(__file__).resolve().parents[4] / "shared" / "data" / "attribution"
DOCUMENT = File(__file__).resolve().parents[3] / "docs" / "algorithms" / "attribution.md"
ROW = re.compile(r"^\| `([a-z-]+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)
NEEDS_DATA = pytest.mark.skipif(not DATA.exists(), reason="the folder shared/data is not here")


def load(name):
    return json.loads((DATA / name).read_text())["cases"] if DATA.exists() else []


def brought(path, rule, hours=()):
    found = credit_paths([Path(read_channels(path), Fraction(1), hours=hours)], rule)
    return {each.channel: each.conversions for each in found if each.conversions}


@pytest.mark.parametrize(("model", "path", "told"), ROW.findall(DOCUMENT.read_text()))
def test_a_model_shares_a_path_as_its_table_says(model, path, told):
    rule = Rule(model=Model(model), half_life_days=Fraction(1))
    expected = dict(part.split() for part in told.split(", "))

    assert brought(path, rule) == {name: Fraction(share) for name, share in expected.items()}


@pytest.mark.parametrize(
    ("repeats", "expected"),
    [
        (Repeats.KEEP, {"a": "3/4", "b": "1/4"}),
        (Repeats.CONSECUTIVE, {"a": "2/3", "b": "1/3"}),
        (Repeats.ONCE, {"a": "1/2", "b": "1/2"}),
    ],
)
def test_repeated_touches_count_as_declared(repeats, expected):
    found = brought("a > a > b > a", Rule(model=Model.LINEAR, repeats=repeats))

    assert found == {name: Fraction(share) for name, share in expected.items()}


HEURISTICS = [
    ("first_touch", Rule(model=Model.FIRST)),
    ("last_touch", Rule(model=Model.LAST)),
    ("linear_every_touch", Rule(model=Model.LINEAR)),
    ("linear_unique_channels", Rule(model=Model.LINEAR, repeats=Repeats.ONCE)),
    ("position_40_20_40", Rule(model=Model.POSITION)),
]


@NEEDS_DATA
@pytest.mark.parametrize(("name", "rule"), HEURISTICS)
def test_heuristics_agree_with_other_programs(name, rule):
    for case in load("small_cases_expected.json"):
        if case["kind"] != "journeys":
            continue
        paths = [
            Path(read_channels(row["path"]), Fraction(row["conversions"])) for row in case["rows"]
        ]
        found = {each.channel: float(each.conversions) for each in credit_paths(paths, rule)}
        expected = dict.fromkeys(found, 0.0) | case["expected"][name]
        assert found == pytest.approx(expected), case["name"]


@NEEDS_DATA
@pytest.mark.parametrize("case", load("time_decay_expected.json"), ids=lambda case: case["name"])
def test_time_decay_agrees_with_another_program(case):
    rule = Rule(model=Model.TIME_DECAY, half_life_days=Fraction(case["half_life_hours"]) / 24)
    hours = tuple(Fraction(each) for each in case["hours_before_conversion"])
    path = Path(tuple(case["touches"]), Fraction(1), Fraction(case["value"]), hours=hours)

    found = {each.channel: float(each.value) for each in credit_paths([path], rule)}

    assert found == pytest.approx(case["expected"], rel=1e-9)


@pytest.mark.parametrize("text", ["", "a >", "a > > b"])
def test_a_path_with_an_empty_channel_is_refused(text):
    with pytest.raises(PathRefused, match="empty channel"):
        read_channels(text)
