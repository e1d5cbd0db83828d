"""The JSON Schemas beside the engine say the same as its readers."""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.incentives import engine
from app.incentives.engine import DocumentRefused, read_facts, read_plan
from tests.incentives.engine.samples import (
    BLOCK,
    COMPONENTS,
    EVENTS,
    PARTNER,
    PLAN,
    RATE,
    SPENT,
    component,
    facts_with,
    plan_with,
)
from tests.incentives.engine.strategies import EXTRAS, STEADY, TOPPING, VOLUME

FOLDER = Path(engine.__file__).parent
NAMES = ("plan", "facts", "calculation", "result")
READERS = {"plan": read_plan, "facts": read_facts}


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(name))


def schema(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.schema.json").read_text())


def problems(name: str, document: Any) -> list[str]:
    return [each.message for each in validator(name).iter_errors(document)]


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one(name):
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda each: each["title"])
def test_a_component_that_the_reader_takes_is_valid(component):
    document = plan_with(component)

    assert read_plan(document).components
    assert problems("plan", document) == []


@pytest.mark.parametrize("over", [{}, *PLAN], ids=lambda over: " ".join(over) or "plain")
def test_a_plan_that_the_reader_takes_is_valid(over):
    document = plan_with(COMPONENTS[0]) | over

    assert read_plan(document).code == "plan"
    assert problems("plan", document) == []


@pytest.mark.parametrize("rates", [*STEADY, *VOLUME, *TOPPING])
@pytest.mark.parametrize("extra", [*EXTRAS, {"share": "credit", "spend_limit": SPENT}])
def test_any_combination_that_the_reader_takes_is_valid(rates, extra):
    document = plan_with(component("C", rates) | extra)

    assert refusal("plan", document) is None
    assert problems("plan", document) == []


def test_facts_that_the_reader_takes_are_valid():
    document = facts_with(*EVENTS) | {"rates": [RATE], "blocks": [BLOCK]}

    assert len(read_facts(document).events) == len(EVENTS)
    assert problems("facts", document) == []
    whole = {"plans": plan_with(COMPONENTS[0]), **document, "closings": [CLOSING]}
    assert problems("calculation", whole) == []


CLOSING = {"until": "2026-04-01", "at": "2026-04-05T12:00:00Z"}


def _objects(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every object in a document."""
    found = [path] if isinstance(value, dict) else []
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in inner:
        if isinstance(each, dict | list):
            found += _objects(each, (*path, key))
    return found


def _with_unknown(document: Any, path: tuple[Any, ...]) -> Any:
    changed = json.loads(json.dumps(document))
    inner = changed
    for key in path:
        inner = inner[key]
    inner["colour"] = ["red"]
    return changed


DOCUMENTS = [
    *(("plan", plan_with(each)) for each in COMPONENTS),
    *(("plan", plan_with(COMPONENTS[0]) | over) for over in PLAN),
    ("facts", facts_with(*EVENTS) | {"partners": [PARTNER], "rates": [RATE], "blocks": [BLOCK]}),
]
FREE = {"by_role", "by_tier"}
"""Objects whose keys are names of the file's own: a role or tier may be called anything."""


@pytest.mark.parametrize(("name", "document"), DOCUMENTS)
def test_an_unknown_key_anywhere_is_refused_by_schema_and_reader_alike(name, document):
    for path in _objects(document):
        if path and path[-1] in FREE:
            continue
        changed = _with_unknown(document, path)

        assert problems(name, changed), path
        with pytest.raises(DocumentRefused):
            READERS[name](changed)


def _required(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every member of every object in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, each in inner:
        if isinstance(value, dict):
            found.append((*path, key))
        if isinstance(each, dict | list):
            found += _required(each, (*path, key))
    return found


@pytest.mark.parametrize(("name", "document"), DOCUMENTS)
def test_a_member_that_the_reader_needs_is_needed_by_the_schema(name, document):
    for path in _required(document):
        changed = json.loads(json.dumps(document))
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        del inner[path[-1]]
        refused = refusal(name, changed)
        if refused is None or "is missing" in refused:
            assert bool(problems(name, changed)) is bool(refused), (path, refused)


def refusal(name: str, document: Any) -> str | None:
    """Return why the reader refuses a document, None where it takes it."""
    try:
        READERS[name](document)
    except DocumentRefused as refused:
        return refused.sentence
    return None


def test_numbers_of_a_file_may_be_written_as_numbers():
    text = json.dumps(plan_with(COMPONENTS[0])).replace('"10%"', "0.1")
    exact = read_plan(json.loads(text, parse_float=Decimal))

    assert problems("plan", json.loads(text)) == []
    assert exact == read_plan(plan_with(COMPONENTS[0]))


@pytest.mark.parametrize("part", ["plan", "facts"])
def test_the_schema_of_a_calculation_holds_those_of_plans_and_facts(part):
    whole, own = schema("calculation"), schema(part)

    shared = {name: own["$defs"][name] for name in own["$defs"]}
    assert {name: whole["$defs"][name] for name in shared} == shared
    body = whole["$defs"]["plan"] if part == "plan" else whole
    assert own["properties"].items() <= body["properties"].items()
