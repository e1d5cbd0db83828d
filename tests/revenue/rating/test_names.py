"""Each other name of a key means what its key means, in the engine, the schema and the page."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.kernel.reading import DocumentRefused
from app.revenue import rating
from app.revenue.rating import names
from app.revenue.rating.prices import Model

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs" / "algorithms" / "rating.md").read_text("utf-8")
SCHEMA = json.loads(Path(rating.__file__).with_name("rating.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)
JANUARY = {"start": "2026-01-01", "until": "2026-02-01"}
TIERS = [
    {"first_unit": 1, "up_to": 10, "unit_amount": "2", "flat_amount": "1"},
    {"first_unit": 11, "unit_amount": "1"},
]
RATE_TIERS = [{"up_to": 100, "rate": "2%", "flat_amount": "1"}, {"rate": "1%"}]
USED = {"quantity": 30, "minimum_amount": "5", "maximum_amount": "900", "name": "one"}
OF_PAYMENTS = {
    "name": "one", "aggregation": "sum", "minimum_amount": "5", "maximum_amount": "900",
    "fixed_amount": "0.10", "free_transactions": 1, "free_amount": "50",
    "transaction_minimum": "1", "transaction_maximum": "3",
    "events": [{"at": "2026-01-02", "quantity": "100"}, {"at": "2026-01-03", "quantity": "200"}],
}  # fmt: skip
CHARGES: dict[Any, dict[str, Any]] = {
    Model.PER_UNIT: USED | {"unit_amount": "0.30", "free_units": 5, "aggregation": "sum"},
    Model.GRADUATED: USED | {"tiers": TIERS, "aggregation": "sum"},
    Model.VOLUME: USED | {"tiers": TIERS, "aggregation": "sum"},
    Model.PACKAGE: USED | {"package_size": 4, "amount": "3", "free_units": 5, "aggregation": "sum"},
    Model.PERCENTAGE: OF_PAYMENTS | {"rate": "2%"},
    Model.GRADUATED_PERCENTAGE: OF_PAYMENTS | {"tiers": RATE_TIERS},
    Model.FIXED: {"amount": "7", "name": "one", "minimum_amount": "5", "maximum_amount": "900"},
    Model.HYBRID: USED | {"fixed_amount": "7", "included_units": 9, "price": "0.50"},
    Model.COMMITMENT: USED | {"committed_amount": "9", "committed_units": 8, "overage": "0.50"},
}
PLAIN = {"rate": "2%", "quantity": 300, "name": "one"}
WORTH = {"committed_amount": "9", "price": "0.50", "quantity": 30}


def charged(model, charge=None):
    own = CHARGES[model] if charge is None else charge
    return {"currency": "EUR", "period": JANUARY, "charges": [{"model": model, **own}]}


def total(document):
    return rating.bill(*rating.read_sheet(document)).minor


def renamed(given, key, name):
    """Return an object in which a key has another name."""
    return {name if each == key else each: value for each, value in given.items()}


def of_models():
    """Yield each other name of each model's keys, with a charge that has the key."""
    for model in Model:
        for name, key in names.of_charge(model).items():
            options = (CHARGES[model], PLAIN, WORTH, {"model": model, **CHARGES[model]})
            own = next((each for each in options if key in each), None)
            if own is not None and not (own is PLAIN and model is not Model.PERCENTAGE):
                yield model, own, key, name


@pytest.mark.parametrize(("model", "own", "key", "name"), list(of_models()))
def test_a_charge_may_use_it(model, own, key, name):
    usual = charged(model, own)
    other = charged(model, renamed({"model": model, **own}, key, name))
    other["charges"][0].pop("model" if key == "model" else "", None)

    assert total(other) == total(usual)
    assert total(usual) > 0


def test_nearly_every_name_is_tried():
    tried = {(model, name) for model, _, _, name in of_models()}
    known = {(model, name) for model in Model for name in names.of_charge(model)}
    without_usage = {(model, name) for model, name in known - tried}

    assert {names.of_charge(model)[name] for model, name in without_usage} <= {
        "quantity", "aggregation", "rate",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "key"), list(names.TIER.items()))
@pytest.mark.parametrize("model", [Model.GRADUATED, Model.VOLUME])
def test_a_tier_may_use_it(model, name, key):
    tiers = [renamed(each, key, name) for each in TIERS]

    assert total(charged(model, USED | {"tiers": tiers})) == total(charged(model))


@pytest.mark.parametrize(("name", "key"), list(names.RATE_TIER.items()))
def test_a_tier_of_rates_may_use_it(name, key):
    model = Model.GRADUATED_PERCENTAGE
    tiers = [renamed(each, key, name) for each in RATE_TIERS]
    if key == "first_unit":
        tiers[1] = {**tiers[1], name: 101}

    assert total(charged(model, OF_PAYMENTS | {"tiers": tiers})) == total(charged(model))


@pytest.mark.parametrize(("name", "key"), list(names.EVENT.items()))
def test_usage_may_use_it(name, key):
    row = {"charge": "one", "quantity": 30, "at": "2026-01-05", "id": "first"}
    charge = {"model": "per_unit", "unit_amount": "0.30", "name": "one"}
    document = {"currency": "EUR", "period": JANUARY, "charges": [charge]}

    assert total(document | {"usage": [renamed(row, key, name)]}) == 900


@pytest.mark.parametrize(("name", "key"), list(names.TOP.items()))
def test_a_document_may_use_it(name, key):
    charge = {"model": "per_unit", "unit_amount": "0.30", "name": "one"}
    usage = [{"charge": "one", "quantity": 30}]
    document = {
        "currency": "EUR", "charges": [charge], "usage": usage, "minimum_amount": "10",
    }  # fmt: skip

    assert total(renamed(document, key, name)) == 1000


@pytest.mark.parametrize(("name", "key"), list(names.PERIOD.items()))
def test_a_period_may_use_it(name, key):
    period = {"start": "2026-01-01"} | (
        {"end": "2026-01-31"} if key == "end" else {"until": "2026-02-01"}
    )
    charge = {"model": "fixed", "amount": "31", "prorate": True}
    active = {"start": "2026-01-31", "end": "2026-01-31"}

    document = {"currency": "EUR", "period": renamed(period, key, name)}
    assert total(document | {"charges": [charge | {"active": active}]}) == 100


@pytest.mark.parametrize(("word", "model"), list(names.WORDS.items()))
def test_a_model_may_be_called_so(word, model):
    said = word.replace("_", "-").upper()

    document = charged(model)
    document["charges"][0]["model"] = said
    assert total(document) == total(charged(model))


@pytest.mark.parametrize(
    ("rate", "minor"), [({"percent": "2.5"}, 750), ({"percentage": "2.5%"}, 750),
                        ({"percent": 1}, 300), ({"rate": "0.025"}, 750)]
)  # fmt: skip
def test_a_percentage_is_told_in_percent(rate, minor):
    assert total({"currency": "EUR", "model": "percentage", "quantity": 300, **rate}) == minor


def test_tiers_that_touch_are_one_thing_only_where_each_pays_for_its_own_part():
    tiers = [{"from": 0, "to": 10, "price": 2}, {"from": 10, "price": 1}]

    assert total(charged("graduated", {"quantity": 30, "tiers": tiers})) == 4000
    with pytest.raises(DocumentRefused, match="they overlap"):
        total(charged("volume", {"quantity": 30, "tiers": tiers}))


@pytest.mark.parametrize(
    ("charge", "sentence"),
    [
        ({"model": "per_unit", "unit_price": 1, "price": 2, "quantity": 1},
         "charges[0]: “unit_amount” is there twice: “price” says it again."),
        ({"model": "per_unit", "unit_price": -1, "quantity": 1},
         "charges[0].unit_price: It must be at least 0."),
        ({"model": "volume", "tiers": [{"to": "x", "price": 1}], "quantity": 1},
         "charges[0].tiers[0].to: “x” is not a number."),
        ({"model": "package", "package_size": 2, "unit_amount": 1, "quantity": 1},
         "charges[0]: “unit_amount” is not known here;"),
        ({"model": "percentage", "percent": 250, "quantity": 1},
         "charges[0].percent: A rate is at most 100 %."),
        ({"model": "per_unit", "unit_amount": 1, "quantity": 1, "name": "\ud800"},
         "charges[0].name: It holds half of a pair of code units"),
        ({"model": "tiered", "quantity": 1},
         "charges[0].model: “tiered” has two meanings: say graduated or volume."),
    ],
)  # fmt: skip
def test_a_refusal_names_what_the_document_says(charge, sentence):
    with pytest.raises(DocumentRefused) as refusal:
        total({"currency": "EUR", "charges": [charge]})

    assert refusal.value.sentence.startswith(sentence)


def by_key(found):
    keys: dict[str, list[str]] = {}
    for name, key in found.items():
        keys.setdefault(str(key), []).append(name)
    return keys


def test_the_schema_lists_them():
    models = {word: model for word, model in names.WORDS.items() if word != model}

    kinds = {word: kind for word, kind in names.AGGREGATIONS.items() if word != kind}

    expected = {group: by_key(found) for group, found in names.GROUPS.items()}
    expected |= {"models": by_key(models), "aggregations": by_key(kinds)}
    assert SCHEMA["x-other-names"] == expected


def test_the_page_lists_them():
    rows = re.findall(r"^\| ([a-z_: ]+) \| `(\w+)` \| (`.*`) \|$", TEXT, re.MULTILINE)
    listed = {(where, key): re.findall(r"`(\w+)`", others) for where, key, others in rows}

    expected = {
        (where, key): others
        for where, found in SCHEMA["x-other-names"].items()
        for key, others in found.items()
    }
    assert listed == expected


@pytest.mark.parametrize("model", Model)
def test_the_charges_of_these_tests_are_valid(model):
    assert list(VALIDATOR.iter_errors(charged(model))) == []
