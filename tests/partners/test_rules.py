"""What a partner, a tier and a bank account may be."""

from datetime import date
from uuid import UUID

import pytest

from app.kernel.errors import Invalid
from app.kernel.transitions import TransitionRefused
from app.partners.rules import (
    LIFECYCLE,
    BankAccount,
    Held,
    PartnerAct,
    PartnerState,
    Profile,
    Terms,
    checked_account,
    checked_details,
    checked_profile,
    checked_terms,
    tier_on,
    website_of,
)
from tests.factories.partners import details

A, S = PartnerAct, PartnerState
LEADS_TO = {
    (S.ONBOARDING, A.ACTIVATE): S.ACTIVE,
    (S.ONBOARDING, A.END): S.ENDED,
    (S.ACTIVE, A.SUSPEND): S.SUSPENDED,
    (S.ACTIVE, A.END): S.ENDED,
    (S.SUSPENDED, A.REINSTATE): S.ACTIVE,
    (S.SUSPENDED, A.END): S.ENDED,
}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("act", A)
def test_every_act_in_every_state_leads_where_the_table_says(state, act):
    if (state, act) in LEADS_TO:
        assert LIFECYCLE.next(state, act) is LEADS_TO[state, act]
    else:
        with pytest.raises(TransitionRefused):
            LIFECYCLE.next(state, act)


SILVER, GOLD = UUID(int=1), UUID(int=2)
HISTORY = [Held(SILVER, date(2025, 1, 1), date(2025, 7, 1)), Held(GOLD, date(2025, 7, 1), None)]


@pytest.mark.parametrize(
    ("on", "tier"),
    [
        (date(2024, 12, 31), None),
        (date(2025, 1, 1), SILVER),
        (date(2025, 6, 30), SILVER),
        (date(2025, 7, 1), GOLD),
        (date(2030, 1, 1), GOLD),
    ],
)
def test_a_tier_is_held_from_its_first_day_until_not_including_the_next(on, tier):
    assert tier_on(HISTORY, on) == tier


def faults(call, *given):
    with pytest.raises(Invalid) as refused:
        call(*given)
    return {error.field for error in refused.value.errors}


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"name": " "}, "name"),
        ({"legal_name": ""}, "legal_name"),
        ({"country": "Germany"}, "country"),
        ({"country": "de"}, "country"),
        ({"currency": "XXY"}, "currency"),
        ({"profile": Profile(website="javascript:alert(1)")}, "website"),
        ({"profile": Profile(website="https://")}, "website"),
        ({"profile": Profile(contact_email="ada@")}, "contact_email"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_by_its_field(over, field):
    assert faults(checked_details, details(**over)) == {field}


def test_a_profile_names_every_field_at_fault():
    bad = Profile(website="ftp://x.example", contact_email="none")

    assert faults(checked_profile, bad) == {"website", "contact_email"}


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ("", ""),
        (" example.com ", "https://example.com"),
        ("http://example.com/a", "http://example.com/a"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_a_bare_domain_gets_its_scheme(entered, kept):
    assert website_of(entered) == kept


@pytest.mark.parametrize(
    "iban",
    [
        "",
        "DE89370400440532013001",
        "DE8937040044053201300",
        "XX00",
        "DE\u0968",
    ],
)
def test_an_iban_whose_digits_do_not_fit_is_refused(iban):
    assert faults(checked_account, BankAccount("Acme GmbH", iban)) == {"iban"}


def test_an_account_is_kept_compact():
    given = BankAccount(" Acme GmbH ", "de89 3704 0044 0532 0130 00", "cobadeffxxx")

    assert checked_account(given) == BankAccount(
        "Acme GmbH", "DE89370400440532013000", "COBADEFFXXX"
    )


@pytest.mark.parametrize(("holder", "bic", "field"), [("", "", "holder"), ("Acme", "COBA", "bic")])
def test_an_account_needs_a_holder_and_a_bic_that_is_one(holder, bic, field):
    assert faults(checked_account, BankAccount(holder, "DE89370400440532013000", bic)) == {field}


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"name": ""}, "name"),
        ({"rank": 0}, "rank"),
        ({"protection_days": 731}, "protection_days"),
        ({"extension_days": -1}, "extension_days"),
        ({"extensions": 11}, "extensions"),
        ({"yearly_bookings_minor": -1}, "yearly_bookings_minor"),
        ({"discount": 2}, "discount"),
    ],
)
def test_terms_out_of_bounds_are_refused_by_their_field(over, field):
    assert faults(checked_terms, Terms(**{"name": "Gold", "rank": 2, **over})) == {field}
