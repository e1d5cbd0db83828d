"""States by acts, what each state lets a partner edit, windows, clocks, content and claims."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.deals.rules import (
    LIFECYCLE,
    Claim,
    ConsentBasis,
    Content,
    DealAct,
    DealSource,
    DealState,
    DeliveryModel,
    Evidence,
    FindingKind,
    LineContent,
    answer_clock,
    claim_of,
    complaints,
    editable_fields,
    extended,
    host_of,
    is_late_claim,
    merged,
    protection,
)
from app.kernel.clock import Calendar, business_hours_between
from app.kernel.transitions import TransitionRefused

S, A = DealState, DealAct
ARROWS = {
    (S.DRAFT, A.SUBMIT): S.SUBMITTED,
    (S.SUBMITTED, A.TAKE_UP): S.IN_REVIEW,
    (S.SUBMITTED, A.WITHDRAW): S.WITHDRAWN,
    (S.IN_REVIEW, A.SEND_BACK): S.ACTION_REQUIRED,
    (S.IN_REVIEW, A.APPROVE): S.APPROVED,
    (S.IN_REVIEW, A.REJECT): S.REJECTED,
    (S.IN_REVIEW, A.WITHDRAW): S.WITHDRAWN,
    (S.ACTION_REQUIRED, A.RESUBMIT): S.SUBMITTED,
    (S.ACTION_REQUIRED, A.WITHDRAW): S.WITHDRAWN,
    (S.APPROVED, A.CONVERT): S.CONVERTED,
    (S.APPROVED, A.EXPIRE): S.EXPIRED,
    (S.APPROVED, A.WITHDRAW): S.WITHDRAWN,
    (S.REJECTED, A.APPEAL): S.IN_REVIEW,
}
MOMENTS = st.integers(0, 14_600 * 86_400).map(
    lambda s: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
)
TODAY = date(2026, 3, 2)
PRODUCT, FAMILY = UUID(int=1), UUID(int=2)
WHOLE = Content(
    title="Night view",
    customer_name="Brandt Logistik GmbH",
    customer_domain="brandt-logistik.de",
    customer_country="DE",
    contact_name="Ada Byron",
    contact_email="ada@brandt-logistik.de",
    consent_basis=ConsentBasis.CONSENT,
    problem="They cannot see their goods at night.",
    currency="EUR",
    expected_close_on=date(2026, 9, 30),
    source=DealSource.EVENT,
    delivery_model=DeliveryModel.RESALE,
    lines=(LineContent(PRODUCT, 1, 100),),
)


@pytest.mark.parametrize("act", list(DealAct))
@pytest.mark.parametrize("state", list(DealState))
def test_each_state_allows_its_acts_and_no_others(state, act):
    if (state, act) in ARROWS:
        assert LIFECYCLE.next(state, act) is ARROWS[state, act]
    else:
        with pytest.raises(TransitionRefused):
            LIFECYCLE.next(state, act)


@pytest.mark.parametrize("state", list(DealState))
def test_each_state_says_what_may_be_edited(state):
    fields = editable_fields(state, ["problem", "version", "partner_id"])

    expected = {S.DRAFT: 22, S.ACTION_REQUIRED: 1, S.APPROVED: 4}
    assert len(fields) == expected.get(state, 0)


def test_only_named_fields_are_taken_over():
    after = replace(WHOLE, title="Other", problem="Other")

    assert merged(WHOLE, after, {"problem"}) == replace(WHOLE, problem="Other")


@given(MOMENTS, st.integers(1, 400), st.integers(1, 120))
def test_protection_is_half_open_and_grows_at_its_end(start, days, more):
    window = protection(start, days)

    assert window.contains(start)
    assert not window.contains(window.end)
    assert extended(window, more) == protection(start, days + more)
    assert not protection(window.end, days).overlaps(window)


@settings(deadline=None)  # the first day of a year loads its holidays
@given(
    MOMENTS,
    st.integers(1, 80),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland"]),
)
def test_an_answer_is_due_after_exactly_its_business_hours(start, hours, zone):
    calendar = Calendar(zone, "DE")
    clock = answer_clock(start, hours, calendar)

    assert start <= clock.warn_at <= clock.due_at
    assert business_hours_between(start, clock.due_at, calendar) == pytest.approx(hours)
    assert business_hours_between(start, clock.warn_at, calendar) == pytest.approx(hours * 0.75)


def test_a_weekend_does_not_count():
    friday = datetime.combine(date(2026, 3, 6), time(16), UTC)

    assert answer_clock(friday, 2, Calendar()).due_at == datetime(2026, 3, 9, 10, tzinfo=UTC)


@pytest.mark.parametrize(("hours", "late"), [(0, True), (71, True), (72, False), (500, False)])
def test_a_claim_just_before_the_win_is_flagged(hours, late):
    won = datetime(2026, 3, 2, tzinfo=UTC)

    assert is_late_claim(won - timedelta(hours=hours), won) is late


def test_what_is_whole_can_be_submitted():
    assert complaints(WHOLE, {PRODUCT: FAMILY}, TODAY) == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": ""}, "deal.title_missing"),
        ({"customer_domain": ""}, "deal.customer_domain_missing"),
        ({"customer_domain": "nonsense"}, "deal.domain_malformed"),
        ({"customer_duns": "123"}, "deal.duns_malformed"),
        ({"contact_email": "nobody"}, "deal.email_malformed"),
        ({"consent_basis": None}, "deal.consent_basis_missing"),
        ({"problem": "Too short."}, "deal.problem_too_short"),
        ({"currency": "XXX"}, "deal.unknown_currency"),
        ({"expected_close_on": date(2026, 3, 1)}, "deal.close_in_the_past"),
        ({"expected_close_on": None}, "deal.expected_close_on_missing"),
        ({"lines": ()}, "deal.lines_missing"),
        ({"lines": (LineContent(UUID(int=404), 1, 100),)}, "deal.line_product_missing"),
        ({"lines": (LineContent(PRODUCT, 0, 100),)}, "deal.line_quantity_missing"),
        ({"lines": (LineContent(PRODUCT, 1, 0),)}, "deal.line_amount_missing"),
    ],
)
def test_what_is_missing_is_named(change, code):
    found = complaints(replace(WHOLE, **change), {PRODUCT: FAMILY}, TODAY)

    assert [one.code for one in found] == [code]
    assert all(one.field and one.message.endswith(".") for one in found)


def test_the_expected_close_may_be_today():
    assert complaints(replace(WHOLE, expected_close_on=TODAY), {PRODUCT: FAMILY}, TODAY) == ()


def test_products_of_two_families_are_two_registrations():
    other = UUID(int=3)
    lines = (LineContent(PRODUCT, 1, 100), LineContent(other, 1, 100))

    found = complaints(replace(WHOLE, lines=lines), {PRODUCT: FAMILY, other: UUID(int=4)}, TODAY)

    assert [one.code for one in found] == ["deal.mixed_families"]


@pytest.mark.parametrize(
    ("kinds", "claim"),
    [
        ([], Claim.FREE),
        ([(FindingKind.SAME_ACCOUNT, True), (FindingKind.RELATED_ACCOUNT, True)], Claim.FREE),
        ([(FindingKind.NAMED_ACCOUNT, True)], Claim.CONTESTED),
        ([(FindingKind.OPEN_OPPORTUNITY, True)], Claim.CONTESTED),
        ([(FindingKind.RIVAL_REGISTRATION, True)], Claim.CONTESTED),
        ([(FindingKind.RIVAL_PROTECTION, False)], Claim.CONTESTED),
        (
            [(FindingKind.RIVAL_PROTECTION, True), (FindingKind.NAMED_ACCOUNT, True)],
            Claim.PROTECTED,
        ),
    ],
)
def test_the_strongest_finding_is_the_answer(kinds, claim):
    found = [Evidence(kind, (), is_certain=certain) for kind, certain in kinds]

    assert claim_of(found) is claim


@pytest.mark.parametrize(
    ("website", "host"),
    [
        ("https://www.Example.com/de?x=1", "example.com"),
        ("example.com:8080", "example.com"),
        ("info@example.com", "example.com"),
        ("", ""),
    ],
)
def test_a_website_is_read_as_its_host(website, host):
    assert host_of(website) == host
