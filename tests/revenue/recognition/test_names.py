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

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "recognition.md").read_text()
SCHEMA = json.loads(
    files("app.revenue.recognition").joinpath("recognition.schema.json").read_text()
)
WHOLE = {
    "id": "C-1",
    "currency": "EUR",
    "granularity": "month",
    "as_of": "2027-12-31",
    "standard": "ifrs_15",
    "discounts": [{"obligations": ["support", "hosting"], "price": 800}],
    "contract": {"id": "C-1", "inception": "2026-01-01"},
    "transaction_price": {
        "fixed": 1000,
        "noncash": 10,
        "variable": [
            {"id": "bonus", "kind": "bonus", "method": "most_likely_amount",
             "obligations": ["support"],
             "outcomes": [{"amount": 50, "probability": "60%"},
                          {"amount": 0, "probability": "40%"}]},
            {"id": "fee", "kind": "penalty", "amount": 5},
        ],
        "payable_to_customer": [{"amount": 20, "paid_on": "2026-01-05"}],
    },
    "obligations": [
        {"id": "support", "ssp": 600, "pattern": "daily", "start": "2026-01-01",
         "end": "2026-12-31"},
        {"id": "hosting", "ssp": 300, "pattern": "monthly", "start": "2026-01-01", "months": 12},
        {"id": "unit", "unit_ssp": 10, "quantity": 10, "on": "2026-02-01"},
        {"id": "extra", "price": 80},
        {"id": "work", "ssp": 90, "pattern": "cost_to_cost", "expected_cost": 70},
        {"id": "calls", "ssp": 90, "pattern": "usage", "expected_quantity": 70},
        {"id": "site", "ssp": 90, "pattern": "percent_complete"},
    ],
    "events": [
        {"type": "invoice", "id": "I-1", "on": "2026-01-01", "amount": 400},
        {"type": "payment", "on": "2026-01-20", "amount": 400, "invoice": "I-1"},
        {"type": "credit_note", "on": "2026-01-21", "amount": 4, "invoice": "I-1"},
        {"type": "progress", "on": "2026-02-01", "obligation": "site", "percent": 25},
        {"type": "delivery", "on": "2026-02-01", "obligation": "extra"},
        {"type": "modification", "on": "2026-03-01", "price_change": 12,
         "add": [{"id": "more", "ssp": 12, "on": "2026-04-01"}],
         "change": [{"id": "hosting", "end": "2027-02-28"}]},
        {"type": "cancellation", "on": "2026-12-01"},
        {"type": "impairment", "on": "2026-11-01", "amount": 3},
        {"type": "impairment", "on": "2026-11-02", "amount": 2},
    ],
    "billing": {"first_on": "2026-06-01", "every": "month", "count": 2, "amount": 10},
    "costs": [{"id": "commission", "amount": 90, "incurred_on": "2026-01-01", "contract_years": 2}],
}  # fmt: skip
COSTED = {
    "costs": [
        {"id": "a", "amount": 9, "incurred_on": "2026-01-01", "expected_customer_years": 3},
        {"id": "b", "amount": 9, "incurred_on": "2026-01-01", "expected_customer_months": 5},
    ],
}
ALONE = {
    "schedule": {"amount": 12, "start": "2026-01-01", "months": 12, "method": "monthly"},
}
ENDING = {
    "schedule": {"amount": 12, "start": "2026-01-01", "end": "2026-12-31", "method": "daily"},
}
FINANCED = {
    "financing": {"rate": "6%", "payments": [{"on": "2026-01-01", "amount": 4000}],
                  "transfer_on": "2028-01-01"},
}  # fmt: skip
PLACES = {
    "document": lambda d: [d],
    "contract": lambda d: [d["contract"]],
    "transaction_price": lambda d: [d["transaction_price"]],
    "variable": lambda d: d["transaction_price"]["variable"],
    "outcomes": lambda d: d["transaction_price"]["variable"][0]["outcomes"],
    "obligations": lambda d: d["obligations"],
    "events": lambda d: d["events"],
    "discounts": lambda d: d["discounts"],
    "changes": lambda d: d["events"][5]["change"],
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
    for whole in (WHOLE, COSTED, ALONE, ENDING, FINANCED):
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


@pytest.mark.parametrize(
    ("words", "said", "word"),
    [(words, said, word) for words, found in WORDS.items() for said, word in found.items()],
)
def test_a_word_may_be_another(words, said, word):
    group, key = SAID[words]
    usual, other = copy.deepcopy(WHOLE), copy.deepcopy(WHOLE)
    index = next((n for n, e in enumerate(places(usual, group)) if e.get(key) == word), None)
    if index is None:  # point_in_time, expected_value, milestones: said of the first that can be
        index = {
            "point_in_time": 3,
            "expected_value": 0,
            "milestones": 3,
            "separate": 5,
            "cumulative_catch_up": 5,
            "impairment_reversal": 8,
            "asc_606": 0,
        }[word]
        more = {"milestones": [{"percent": 100}]} if word == "milestones" else {}
        places(usual, group)[index] |= {key: word, **more}
        places(other, group)[index] |= more
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
