"""Street and number beside the name."""

import pytest

from app.accounts import queries
from app.accounts.matching import Party, compare
from app.accounts.matching.addresses import address_of, is_same
from tests.factories.accounts import make_account


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Hauptstraße 12", "12 Hauptstr."),
        ("Hauptstrasse 12", "HAUPT STR. 12"),
        ("5 Long Lane", "Long Ln 5"),
        ("221B Baker Street", "221b Baker St."),
        ("87 rue de la Gare", "Rue de la Gare, 87"),
        ("Keizersgracht 12-14", "Keizersgracht 12"),
        ("1600 Pennsylvania Avenue", "1600 Pensylvania Ave"),
        ("Königsallee 7", "Koenigsallee 07"),
    ],
)
def test_an_address_is_the_same_however_it_is_written(left, right):
    assert is_same(address_of(left), address_of(right))
    assert is_same(address_of(right), address_of(left))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Hauptstraße 12", "Hauptstraße 14"),
        ("Hauptstraße 12", "Bahnhofstraße 12"),
        ("5 Long Lane", "5 Long Road"),
        ("12 High Street", "112 High Street"),
    ],
)
def test_another_number_or_street_is_another_address(left, right):
    assert not is_same(address_of(left), address_of(right))


@pytest.mark.parametrize("text", [None, "", "   ", "Hauptstraße", "12", "P.O. Box", "-"])
def test_an_address_says_street_and_number_or_nothing(text):
    assert address_of(text) is None


def test_the_same_street_in_another_city_is_elsewhere():
    left = Party("Honeywell", city="Köln", address="Hauptstraße 12")
    there = Party("Honywell", city="Koeln", address="Hauptstr. 12")
    elsewhere = Party("Honywell", city="Kiel", address="Hauptstr. 12")

    assert "Both are at Hauptstraße 12." in compare(left, there).reasons
    assert compare(left, there).score > compare(left, elsewhere).score
    assert compare(left, elsewhere).score == compare(Party("Honeywell"), Party("Honywell")).score


def test_an_address_alone_makes_no_two_companies_one():
    left, right = Party("Tata Steel", address="5 Long Lane"), Party("Acme", address="5 Long Lane")

    assert compare(left, right).decision == "different"


def test_an_account_is_known_by_its_address(session):
    make_account(session, name="Honeywell GmbH", address="Hauptstraße 12")

    found = queries.matches(session, Party("Honywell", address="12 Hauptstr."))

    assert found[0].verdict.reasons[-1] == "Both are at 12 Hauptstr."
