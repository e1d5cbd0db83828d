"""recognition.schema.json: what it takes the reader takes, and its keys are the reader's keys."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from app.kernel.errors import Invalid
from app.revenue.recognition import read_documents
from app.revenue.recognition.events import Kind
from app.revenue.recognition.intake import (
    documents,
    financing,
    obligations,
    price,
    sections,
    selling,
)
from app.revenue.recognition.intake import modifications as changes
from app.revenue.recognition.intake.events import EVENT_KEYS
from tests.revenue.recognition.build import exactly
from tests.revenue.recognition.test_page import WRITTEN

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "recognition"
SCHEMA = json.loads(
    files("app.revenue.recognition").joinpath("recognition.schema.json").read_text()
)
PARTS = SCHEMA["$defs"]
DOCUMENT = PARTS["document"]["properties"]
OBLIGATION = PARTS["obligation"]["properties"]
VALIDATOR = Draft202012Validator(SCHEMA)


def keys(part):
    return set(part["properties"])


def item(part):
    return part["items"]


READ = [
    (PARTS["document"], (*documents.SETTINGS, *documents.SECTIONS)),
    (DOCUMENT["contract"], sections.CONTRACT_KEYS),
    (PARTS["transaction_price"], price.PRICE_KEYS),
    (PARTS["variable"], ("id", *price.VARIABLE_KEYS)),
    (PARTS["payable_to_customer"], ("amount", *price.PAYABLE_KEYS)),
    (PARTS["discount"], ("obligations", *price.DISCOUNT_KEYS)),
    (PARTS["obligation"], obligations.OBLIGATION_KEYS),
    (OBLIGATION["returns"], obligations.RETURNS_KEYS),
    (PARTS["milestone"], obligations.MILESTONE_KEYS),
    (OBLIGATION["over_time_criteria"], obligations.CRITERIA_KEYS),
    (OBLIGATION["control"], selling.CONTROL_KEYS),
    (OBLIGATION["cost_plus_margin"], selling.COST_PLUS_KEYS),
    (OBLIGATION["material_right"], selling.RIGHT_KEYS),
    (item(OBLIGATION["price_tiers"]), selling.TIER_KEYS),
    (PARTS["change"], ("id", *changes.CHANGE_KEYS)),
    (DOCUMENT["billing"], ("first_on", *sections.BILLING_KEYS)),
    (PARTS["cost"], ("id", "amount", *sections.COST_KEYS)),
    (PARTS["financing"], financing.FINANCING_KEYS),
    (
        PARTS["financing"]["properties"]["instalments"],
        ("count", "first_on", *financing.INSTALMENT_KEYS),
    ),
    (PARTS["schedule"], ("amount", "start", *sections.SCHEDULE_KEYS)),
    (item(DOCUMENT["closings"]), sections.CLOSING_KEYS),
    (item(DOCUMENT["posted"]), sections.POSTED_KEYS),
]


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("part", "known"), READ)
def test_the_schema_has_the_keys_that_the_reader_knows(part, known):
    assert keys(part) == set(known)


@pytest.mark.parametrize("kind", Kind)
def test_the_schema_has_the_keys_of_each_event(kind):
    common = {"type", "on", "id", "recorded_on", "note"}

    assert keys(PARTS[f"event_{kind}"]) == common | set(EVENT_KEYS[kind])


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_the_schema_takes_every_worked_document(file):
    VALIDATOR.validate(json.loads(file.read_text()))


@pytest.mark.parametrize("written", WRITTEN)
def test_the_schema_takes_what_the_page_writes(written):
    VALIDATOR.validate(json.loads(written))


@pytest.mark.parametrize(
    "content",
    [
        {"transaction_price": 1, "obligations": {"a": 1}, "price": 2},
        {"transaction_price": 1, "obligations": [{"id": "a", "colour": 1}]},
        {"transaction_price": -1, "obligations": {"a": 1}},
        {"transaction_price": 1, "obligations": {"a": 1}, "granularity": "week"},
        {"transaction_price": 1, "obligations": {"a": 1}, "events": [{"type": "gift"}]},
        {"schedule": {"amount": 1, "method": "daily"}},
        {"costs": [{"amount": 1}]},
    ],
)
def test_schema_and_reader_refuse_the_same_form(content):
    assert not VALIDATOR.is_valid(content)
    with pytest.raises(Invalid):
        read_documents(exactly(content))
