"""What price lists elsewhere say otherwise: aggregations, prices in properties, currencies."""

import pytest

from app.kernel.reading import DocumentRefused
from app.revenue import rating
from app.revenue.rating import names

JANUARY = {"start": "2026-01-01", "until": "2026-02-01"}


def billed(given):
    return rating.bill(*rating.read_sheet(given))


@pytest.mark.parametrize(("word", "kind"), list(names.AGGREGATIONS.items()))
def test_an_aggregation_may_be_called_so(word, kind):
    events = [
        {"at": "2026-01-02", "quantity": 3, "value": "a", "id": 1},
        {"at": "2026-01-09", "quantity": 2, "value": 7, "id": 2},
    ]
    own = {"model": "per_unit", "unit_amount": 31, "events": events}
    own |= {"values": "levels"} if kind == "time_weighted" else {}
    usual = {"currency": "EUR", "period": JANUARY, **own, "aggregation": str(kind)}

    other = usual | {"aggregation": word.replace("_", " ").capitalize()}

    assert billed(other).minor == billed(usual).minor
    assert billed(usual).minor > 0


def test_the_price_may_stand_in_properties_and_the_currency_in_small_letters():
    own = {"currency": "eur", "charge_model": "standard", "units": 5}

    assert billed(own | {"properties": {"amount": "0.5"}}).minor == 250
    with pytest.raises(DocumentRefused, match="“units” is there twice: “properties” says it"):
        billed(own | {"properties": {"amount": "0.5", "units": 5}})


def test_a_charge_without_a_model_is_told_that_it_needs_one():
    with pytest.raises(DocumentRefused) as refusal:
        billed({"currency": "EUR", "tiers": [{"unit_amount": 1}], "quantity": 1})

    assert refusal.value.sentence == "“model” is missing: it says what the price is."
