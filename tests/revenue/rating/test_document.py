"""The tables and documents of docs/algorithms/rating.md, and the schema beside the engine."""

import json
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from app.kernel.reading import DocumentRefused
from app.revenue import rating
from app.revenue.rating.document import OF_CHARGE, TOP
from app.revenue.rating.prices import Model
from app.revenue.rating.prices_document import KEYS, OF_UNITS
from app.revenue.rating.usage_document import OF_EVENT, OF_ROW

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "rating.md"
TEXT = DOCUMENT.read_text("utf-8")
SCHEMA = json.loads(Path(rating.__file__).with_name("rating.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)
WORKED = re.findall(r"^\| `(\{.*\})` \| ([\d., ]+) \| ([\d., ]+) \|$", TEXT, re.MULTILINE)
REFUSED = re.findall(r"^\| `(\{.*\})` \| (charges.*) \|$", TEXT, re.MULTILINE)
EXAMPLES = re.findall(r"^```json\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
GIVEN = (
    ["600.00", "99.00"], ["30.86"], ["360.00", "10.00", "16.25"],
    ["32.00", "62.00", "10.00", "25.00"],
)  # fmt: skip
MONTHS = ("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01")


def rated(document):
    sheet, usage = rating.read_sheet(document)
    found = rating.bill(sheet, usage)
    return [str(Decimal(line.minor).scaleb(-2)) for line in found.lines], found


def asked(price, used):
    """Return the document of a row: one quantity, one for each month, or transactions."""
    numbers = [each.strip() for each in used.split(",")]
    document = {"currency": "EUR", **json.loads(price)}
    if document["model"].endswith("percentage") and needs_transactions(document, numbers):
        return document | {"transactions": numbers}
    if len(numbers) == 1:
        return document | {"quantity": numbers[0]}
    spans = pairwise(MONTHS)
    periods = [{"start": start, "until": until} for start, until in spans]
    return document | {"quantities": numbers, "periods": periods}


def needs_transactions(document, numbers):
    return len(numbers) > 1 or "fixed_amount" in document


def test_the_document_has_its_tables():
    assert (len(WORKED), len(REFUSED), len(EXAMPLES)) == (55, 21, 4)
    assert {json.loads(price)["model"] for price, _, _ in WORKED} == {*Model} - {"fixed"}


@pytest.mark.parametrize(("price", "used", "amounts"), WORKED)
def test_usage_costs_what_the_table_says(price, used, amounts):
    found, _ = rated(asked(price, used))

    assert found == amounts.split(", ")


@pytest.mark.parametrize(("price", "used", "amounts"), WORKED)
def test_a_document_that_is_taken_is_valid(price, used, amounts):
    assert [each.message for each in VALIDATOR.iter_errors(asked(price, used))] == []


@pytest.mark.parametrize(("example", "amounts"), list(zip(EXAMPLES, GIVEN, strict=True)))
def test_the_examples_give_what_stands_below_them(example, amounts):
    document = json.loads(example)

    assert rated(document)[0] == amounts
    assert [each.message for each in VALIDATOR.iter_errors(document)] == []


@pytest.mark.parametrize(("document", "sentence"), REFUSED)
def test_what_cannot_be_meant_is_refused_with_its_path(document, sentence):
    with pytest.raises(DocumentRefused) as refusal:
        rated({"currency": "EUR", **json.loads(document)})

    assert refusal.value.sentence.startswith(sentence)


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("model", Model)
def test_the_schema_lists_the_keys_of_each_model(model):
    needed, optional = KEYS[model]
    own = {"model", *needed, *optional}
    outer = {"currency", "period", "periods", "usage"}

    charge, alone = SCHEMA["$defs"][model], SCHEMA["$defs"][f"only_{model}"]

    assert set(charge["properties"]) == own | {*OF_CHARGE}
    assert set(charge["required"]) == {"model", *needed}
    assert set(alone["properties"]) == own | {*OF_CHARGE} | outer
    assert charge["additionalProperties"] is alone["additionalProperties"] is False


def test_the_schema_lists_the_other_keys():
    defs = SCHEMA["$defs"]

    assert set(defs["sheet"]["properties"]) == {*TOP}
    assert set(defs["event"]["properties"]) == {*OF_EVENT}
    assert set(defs["row"]["properties"]) == {*OF_ROW}
    _bare, *prices = defs["unit_price"]["oneOf"]
    assert {each["properties"]["model"]["const"] for each in prices} == {*OF_UNITS}
    for each in prices:
        needed, optional = KEYS[Model(each["properties"]["model"]["const"])]
        assert set(each["properties"]) == {"model", *needed, *optional}
