"""What a document may leave out or say shortly: one thing for a list, bare amounts, warranties."""

from decimal import Decimal

import pytest

from app.kernel.reading import DocumentRefused
from app.revenue.recognition import read_document
from tests.revenue.recognition.build import allocated, exact, exactly, revenue, run


@pytest.mark.parametrize(
    ("name", "one"),
    [
        ("variable", {"id": "bonus", "kind": "bonus", "amount": 20}),
        ("payable_to_customer", {"amount": 20, "paid_on": "2026-01-05"}),
    ],
)
def test_one_part_of_the_price_stands_for_a_list_of_it(name, one):
    alone, many = ({"fixed": 100, name: each} for each in (one, [one]))
    base = {"obligations": [{"id": "a", "on": "2026-01-31"}]}

    assert run(base | {"transaction_price": alone}) == run(base | {"transaction_price": many})


def test_a_bare_amount_payable_to_the_customer_is_promised_at_inception():
    document = {
        "transaction_price": {"fixed": 20000, "payable_to_customer": 3000},
        "obligations": [{"id": "goods", "quantity": 200, "on": "2026-01-31"}],
    }

    assert revenue(document) == {"2026-01": 17000}


def test_a_bare_discount_is_one_on_everything():
    document = {"ssp": {"phone": 20, "internet": 30, "tv": 40}, "discount": 10}

    assert [str(each) for each in exact(document).values()] == ["160/9", "80/3", "320/9"]


def test_one_discount_and_one_cost_stand_for_lists():
    document = {
        "transaction_price": 130,
        "obligations": {"A": 40, "B": 55, "C": 45, "D": {"residual": True}},
        "discounts": {"items": ["B", "C"], "price": 60},
        "costs": {"id": "c", "amount": 70, "amortisation_years": 7},
    }

    assert allocated(document) == {"A": 40, "B": 33, "C": 27, "D": 30}
    assert run(document)["contract_costs"][0]["amortisation_per_year"] == "10.00"


@pytest.mark.parametrize("rate", [6, "6", "1.01"])
def test_a_rate_above_one_needs_its_percent_sign(rate):
    document = {
        "financing": {
            "rate": rate, "transfer_on": "2028-01-01",
            "payments": [{"on": "2026-01-01", "amount": 4000}],
        }
    }  # fmt: skip

    with pytest.raises(DocumentRefused) as refusal:
        read_document(exactly(document))
    assert refusal.value.sentence == (
        'financing.rate: A rate above 1 is written as a percentage, such as "6%".'
    )


def test_a_currency_may_be_in_small_letters():
    document = {
        "currency": "jpy",
        "transaction_price": 1000,
        "obligations": {"A": 1, "B": 1, "C": 1},
    }

    assert run(document)["currency"] == "JPY"
    assert allocated(document) == {"A": 334, "B": 333, "C": 333}


def test_one_event_and_one_payment_stand_for_lists():
    told = {"type": "delivery", "on": "2026-01-31"}
    paid = {"on": "2026-01-01", "amount": 4000}
    document = {"transaction_price": 5, "obligations": ["5"]}
    terms = {"rate": "6%", "transfer_on": "2028-01-01"}

    assert run(document | {"events": told}) == run(document | {"events": [told]})
    assert run({"financing": terms | {"payments": paid}}) == run(
        {"financing": terms | {"payments": [paid]}}
    )


@pytest.mark.parametrize("percent", ["0.25", 0.25, "1/4"])
def test_a_percentage_that_could_be_a_share_is_refused(percent):
    document = {
        "transaction_price": 100,
        "obligations": [{"id": "work", "pattern": "percent_complete"}],
        "events": {"type": "progress", "on": "2026-01-31", "percent": percent},
    }

    with pytest.raises(DocumentRefused, match="could be a share or a percentage"):
        read_document(exactly(document))
    document["events"]["percent"] = "0.25%"
    assert revenue(document) == {"2026-01": Decimal("0.25")}


WARRANTY = {"id": "warranty", "warranty": "assurance"}
SOLD = {"id": "product", "ssp": 900, "on": "2026-01-31"}


def test_an_assurance_type_warranty_is_no_obligation_and_said_to_be_none():
    training = {"id": "training", "ssp": 100, "on": "2026-02-28"}
    document = {"transaction_price": 950, "obligations": [SOLD, training, WARRANTY]}

    assert allocated(document) == {"product": 855, "training": 95}
    assert run(document)["warnings"] == [
        "“warranty” is an assurance-type warranty: no performance obligation; what it is expected"
        " to cost is a provision (IAS 37, ASC 460-10)."
    ]


def test_a_service_type_warranty_is_an_obligation():
    service = {
        "id": "warranty", "warranty": "service", "ssp": 100,
        "pattern": "monthly", "start": "2027-02-01", "months": 20,
    }  # fmt: skip
    document = {"transaction_price": 950, "obligations": [SOLD, service]}

    assert allocated(document) == {"product": 855, "warranty": 95}
    assert revenue(document, "warranty")["2027-03"] == Decimal("4.75")


@pytest.mark.parametrize(
    ("obligations", "sentence"),
    [
        ([SOLD, WARRANTY | {"ssp": 5}], "one that is sold is of the type service"),
        ([WARRANTY], "An assurance-type warranty alone is no obligation"),
        ([SOLD, {"id": "w", "warranty": "legal"}], "One of assurance, service is needed here"),
    ],
)
def test_what_is_no_assurance_is_refused(obligations, sentence):
    with pytest.raises(DocumentRefused) as refusal:
        read_document(exactly({"transaction_price": 900, "obligations": obligations}))
    assert sentence in refusal.value.sentence
