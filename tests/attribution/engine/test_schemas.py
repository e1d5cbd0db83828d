"""The schemas say what the readers take: examples of the page, and each with one thing wrong."""

import json
import re
from copy import deepcopy
from decimal import Decimal

import pytest

from app.attribution.engine import read_history, read_policy
from app.attribution.engine.paths import DETAILS, NUMBERS, PathRefused, Tally
from app.attribution.engine.shapley import read_game, shapley
from app.kernel.errors import Invalid
from config import ROOT
from tests.attribution.engine.schema import fits

ENGINE = ROOT / "app" / "attribution" / "engine"
PAGE = (ROOT / "docs" / "algorithms" / "attribution.md").read_text("utf-8")
BLOCKS = [
    json.loads(block)
    for block in re.findall(r"(?:^    .*\n)+", PAGE, re.MULTILINE)
    if block.strip().startswith("{")
]
SCHEMAS = {
    "classes": (ENGINE / "policy.schema.json", read_policy),
    "journeys": (ENGINE / "history.schema.json", read_history),
    "v": (ENGINE / "shapley" / "game.schema.json", lambda told: shapley(*read_game(told))),
}
POLICY = {
    "code": "learned",
    "title": "Learned",
    "classes": {
        "sourced": {
            "model": "markov",
            "order": 2,
            "by": "kind",
            "weights": {"demo": "0.6", "workshop": "1/5"},
            "otherwise": "0.1",
            "learned": {"won": 3, "lost": 2, "from": "2026-01-01", "until": "2026-02-01"},
        },
        "influenced": {"model": "shapley", "by": "partner", "weights": {"nord": 1}},
        "fulfilled": {"model": "roles", "roles": {"technical": "3"}, "repeats": "once"},
    },
}
WAYS = {
    "code": "ways",
    "title": "Ways",
    "classes": {
        "sourced": {"model": "w", "first": "0.3", "milestone": "30%", "last": 0},
        "influenced": {"model": "time-decay", "half_life_days": "3.5", "lookback_days": 90},
    },
}
GAME = {"name": "Taxi", "players": ["a", "b"], "v": {"a": 6, "b": "1/3", "a,b": -2}}
DOCUMENTS = [*BLOCKS, POLICY, WAYS, GAME]


def schema_and_reader(document):
    (name,) = SCHEMAS.keys() & document.keys()
    path, reader = SCHEMAS[name]
    return json.loads(path.read_text("utf-8")), reader


def is_taken(reader, document):
    try:
        reader(document)
    except Invalid:
        return False
    return True


def places(value, path=()):
    """Yield the path of every object inside."""
    if isinstance(value, dict):
        yield path
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(each, (*path, key))


def at(document, path):
    for key in path:
        document = document[key]
    return document


def test_the_page_shows_documents():
    assert len(BLOCKS) >= 2


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: min(each))
def test_examples_fit_their_schema_and_are_taken(document):
    schema, reader = schema_and_reader(document)

    assert fits(schema, document)
    reader(json.loads(json.dumps(document), parse_float=Decimal))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: min(each))
def test_schema_and_reader_agree_on_what_is_too_much(document):
    schema, reader = schema_and_reader(document)
    for path in places(document):
        wrong = deepcopy(document)
        at(wrong, path)["unheard of"] = {"no": []}

        assert not fits(schema, wrong), path
        assert not is_taken(reader, wrong), path


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: min(each))
def test_schema_and_reader_agree_on_what_may_be_left_out(document):
    schema, reader = schema_and_reader(document)
    for path in places(document):
        if path[-1:] == ("v",):
            continue  # that every coalition needs a worth is more than a schema can say
        for key in at(document, path):
            less = deepcopy(document)
            del at(less, path)[key]

            assert fits(schema, less) == is_taken(reader, less), (*path, key)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: min(each))
@pytest.mark.parametrize("instead", [[], True, "", -1])
def test_schema_and_reader_agree_on_what_stands_in_the_wrong_place(document, instead):
    schema, reader = schema_and_reader(document)
    for path in places(document):
        for key in at(document, path):
            wrong = deepcopy(document)
            at(wrong, path)[key] = instead
            # The reader may know more: that a number is not below zero, that a text is a number.
            assert fits(schema, wrong) or not is_taken(reader, wrong), (*path, key)


def test_the_schema_of_paths_names_the_columns():
    schema = json.loads((ENGINE / "paths" / "paths.schema.json").read_text("utf-8"))

    assert {*schema["properties"]} == {"path", *NUMBERS, *DETAILS}
    for column in schema["properties"]:
        assert f"| `{column}` |" in PAGE


@pytest.mark.parametrize(
    "row",
    [
        {"path": "a > b"},
        {"path": "a", "total_conversions": "1", "total_null": "0.5"},
        {"path": "a", "total_conversions": "1e3", "total_conversion_value": ".5"},
        {"path": "a > b", "milestone": "2", "roles": "x > y", "times": "2 > 1"},
        {"path": "", "total_conversions": "1"},
        {"path": "a", "total_null": "1"},
        {"path": "a", "total_conversions": ""},
        {"path": "a", "total_conversions": "-1"},
        {"path": "a", "total_conversions": "NaN"},
        {"path": "a", "total_conversions": "1,5"},
        {"path": "a", "milestone": "x"},
    ],
)
def test_the_schema_of_paths_and_the_tally_agree_on_a_row(row):
    schema = json.loads((ENGINE / "paths" / "paths.schema.json").read_text("utf-8"))
    try:
        Tally(tuple(row)).add(row)
        is_counted = True
    except PathRefused:
        is_counted = False

    assert fits(schema, row) == is_counted
