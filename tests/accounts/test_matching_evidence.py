"""Domains, numbers and places beside the name."""

import pytest

from app.accounts.matching import (
    Candidate,
    Decision,
    Party,
    Relation,
    compare,
    domain_of,
    duns_of,
    keys,
    rank,
    tax_number_of,
)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.Acme-Tools.co.uk/about?x=1", "acme-tools.co.uk"),
        ("ann@mail.acme.de", "acme.de"),
        ("acme.github.io", "acme.github.io"),
        ("ann@gmail.com", None),
        ("yahoo.co.uk", None),
        ("https://www.facebook.com/acme", None),
        ("github.io", None),
        ("127.0.0.1", None),
        ("localhost", None),
        ("not a domain", None),
        ("", None),
        (None, None),
    ],
)
def test_the_registrable_domain(text, domain):
    assert domain_of(text) == domain


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("DE 136 695 976", "DE", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("EL 094259216", "GR", "GR094259216"),
        ("n/a", "DE", None),
        ("not reg", None, None),
        ("00000000", "DE", None),
    ],
)
def test_tax_numbers_have_one_spelling(text, country, number):
    assert tax_number_of(text, country) == number


@pytest.mark.parametrize(("text", "number"), [("15-048-3782", "150483782"), ("123", None)])
def test_duns_numbers_have_nine_digits(text, number):
    assert duns_of(text) == number


class TestEvidence:
    def test_an_equal_tax_number_outweighs_any_name(self):
        left, right = (
            Party("Acme", "DE", tax_number="136695976"),
            Party("Other", "DE", tax_number="DE136695976"),
        )

        assert compare(left, right).decision is Decision.SAME

    def test_an_equal_domain_makes_the_same(self):
        verdict = compare(Party("A", domain="acme.com"), Party("B", domain="www.acme.com"))

        assert (verdict.decision, verdict.reasons[0]) == (
            Decision.SAME, "Both use the domain acme.com.",
        )  # fmt: skip

    def test_free_mail_never_matches(self):
        left, right = Party("Acme", domain="a@gmail.com"), Party("Bolt", domain="b@gmail.com")

        assert compare(left, right).decision is Decision.DIFFERENT
        assert not keys("Acme", domain="a@gmail.com") & keys("Bolt", domain="b@gmail.com")

    def test_other_numbers_make_an_equal_name_uncertain(self):
        left, right = Party("Acme", duns="150483782"), Party("Acme", duns="150483783")

        assert compare(left, right).decision is Decision.POSSIBLE

    def test_another_country_makes_an_equal_name_uncertain(self):
        verdict = compare(Party("Acme", "DE"), Party("Acme", "FR"))

        assert verdict.decision is Decision.POSSIBLE
        assert "The countries differ (DE, FR)." in verdict.reasons

    def test_a_country_in_the_name_agrees_with_the_address(self):
        verdict = compare(Party("Acme Tools France"), Party("Acme Tools", "FR"))

        assert verdict.decision is Decision.SAME

    def test_national_companies_are_sisters(self):
        verdict = compare(Party("Acme Tools France"), Party("Acme Tools Italia"))

        assert verdict.decision is not Decision.SAME
        assert verdict.relation in {Relation.SISTER, Relation.NONE}


def test_rank_puts_the_likeliest_first_and_leaves_out_the_rest():
    known = [
        Candidate(n, Party(name)) for n, name in enumerate(["Acme Bakery", "Bolt", "ACME Ltd"])
    ]

    assert [candidate.id for candidate, _ in rank(Party("Acme"), known)] == [2, 0]
