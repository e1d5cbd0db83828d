"""Each other name of a key, and each other word, means what the standard one means."""

import copy
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from app.kernel.reading import DocumentRefused
from app.revenue.recognition import read_documents
from app.revenue.recognition.intake.names import GROUPS, UNSAID, WORDS
from tests.revenue.recognition.named import (
    ALONE,
    COSTED,
    ENDING,
    FINANCED,
    MORE,
    STEPS,
    WHOLE,
)

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "recognition.md").read_text()
SCHEMA = json.loads(
    files("app.revenue.recognition").joinpath("recognition.schema.json").read_text()
)
PLACES = {
    "document": lambda d: [d],
    "contract": lambda d: [d["contract"]],
    "transaction_price": lambda d: [d["transaction_price"]],
    "variable": lambda d: d["transaction_price"]["variable"],
    "outcomes": lambda d: d["transaction_price"]["variable"][0]["outcomes"],
    "obligations": lambda d: d["obligations"],
    "returns": lambda d: [each["returns"] for each in d["obligations"] if "returns" in each],
    "events": lambda d: d["events"],
    "discounts": lambda d: d["discounts"],
    "changes": lambda d: [c for e in d["events"] for c in e.get("change", ())],
    "schedule": lambda d: [d["schedule"]],
    "billing": lambda d: [d["billing"]],
    "financing": lambda d: [d["financing"]],
    "payments": lambda d: d["financing"]["payments"],
    "costs": lambda d: d["costs"],
}
NAMES = [(group, name, key) for group, names in GROUPS.items() for name, key in names.items()]
SAID = {
    "pattern": ("obligations", "pattern"),
    "type": ("events", "type"),
    "variable method": ("variable", "method"),
    "treatment": ("events", "treatment"),
    "standard": ("document", "standard"),
}


def places(document, group):
    """Return the objects of a group, none where the document has no such part."""
    try:
        return PLACES[group](document)
    except KeyError:
        return []


def with_key(group, key):
    """Return a document that has the key, and all objects that have it."""
    for whole in (WHOLE, MORE, COSTED, ALONE, ENDING, FINANCED):
        document = copy.deepcopy(whole)
        if found := [each for each in places(document, group) if key in each]:
            return document, found
    raise AssertionError(f"no document has {group}.{key}")


@pytest.mark.parametrize(("group", "name", "key"), NAMES)
def test_a_key_may_go_by_its_other_name(group, name, key):
    usual, _ = with_key(group, key)
    document, found = with_key(group, key)
    for each in found:
        each[name] = each.pop(key)

    assert document != usual
    assert read_documents(document) == read_documents(usual)


FIRST = {
    "point_in_time": 3, "expected_value": 0, "milestones": 3, "separate": 5,
    "cumulative_catch_up": 5, "impairment_reversal": 8, "asc_606": 0,
}  # fmt: skip
"""Which object of WHOLE can say a word that no document says."""


def saying(group, key, word):
    """Return a document that says a word, and the number of the object that does."""
    for whole in (WHOLE, MORE, STEPS):
        for index, each in enumerate(places(whole, group)):
            if each.get(key) == word:
                return copy.deepcopy(whole), index
    document = copy.deepcopy(WHOLE)
    places(document, group)[FIRST[word]][key] = word
    return document, FIRST[word]


@pytest.mark.parametrize(
    ("words", "said", "word"),
    [(words, said, word) for words, found in WORDS.items() for said, word in found.items()],
)
def test_a_word_may_be_another(words, said, word):
    group, key = SAID[words]
    usual, index = saying(group, key, word)
    other = copy.deepcopy(usual)
    places(other, group)[index][key] = said.replace("_", "-").capitalize()

    assert read_documents(other) == read_documents(usual)


@pytest.mark.parametrize("word", UNSAID)
def test_a_straight_line_must_say_how_months_are_counted(word):
    document = {"performance_obligations": [{"name": "a", "ssp": 1, "method": word}]}

    with pytest.raises(DocumentRefused) as refusal:
        read_documents(document)

    assert refusal.value.sentence == (
        f"performance_obligations[0].method: “{word}” leaves open how months are counted: "
        "say daily, monthly or monthly_prorated."
    )


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"obligations": [{"id": "a", "ssp": 1, "selling_price": 2}]},
         "obligations[0]: “ssp” is there twice: “selling_price” says it again."),
        ({"price": -1, "obligations": {"a": 1}}, "price: It must not be negative."),
        ({"performance_obligations": [{"name": "a", "standalone_selling_price": "x"}]},
         "performance_obligations[0].standalone_selling_price: "),
        ({"obligations": {"name": {"ssp": 1, "start_date": "2026-13-01", "method": "daily"}}},
         "obligations.name.start_date: "),
        ([{"price": 1, "obligations": {"a": 1}, "events": [{"kind": "nothing", "date": "x"}]}],
         "[0].events[0].kind: "),
        ({"obligations": [{"id": "a", "ssp": 1, "colour": "red"}]},
         "obligations[0]: “colour” is not known here;"),
    ],
)  # fmt: skip
def test_a_refusal_names_what_the_document_says(document, sentence):
    with pytest.raises(DocumentRefused) as refusal:
        read_documents(document)

    assert refusal.value.sentence.startswith(sentence)


def by_key(found):
    keys: dict[str, list[str]] = {}
    for name, key in found.items():
        keys.setdefault(key, []).append(name)
    return keys


def test_the_schema_and_the_page_list_them():
    expected = {group: by_key(names) for group, names in {**GROUPS, **WORDS}.items()}
    rows = re.findall(r"^\| ([a-z_ ]+) \| `(\w+)` \| (`.*`) \|$", TEXT, re.MULTILINE)
    listed = {(where, key): re.findall(r"`(\w+)`", others) for where, key, others in rows}

    assert SCHEMA["x-other-names"] == expected
    assert listed == {
        (where, key): others for where, found in expected.items() for key, others in found.items()
    }
