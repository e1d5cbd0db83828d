"""Pages that name gates: the partner's earnings, its statement, the run, and why."""

import csv
import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import delete

from app.access.rules import Role
from app.partners.models import PayoutDetails
from app.partners.rules import PartnerState
from app.pipeline.rules import ParticipantRole
from app.statements import queries, services
from tests.factories.attribution import WON_AT, credited, make_won
from tests.factories.clockwork import NOON
from tests.factories.identity import actor_of, make_user
from tests.factories.incentives import make_plan
from tests.factories.pipeline import make_participant
from tests.factories.statements import (
    calculator_and_approver,
    issue,
    make_accrual,
    make_payee,
    make_period,
)
from tests.statements.test_views import Counted

LATER = date(2099, 6, 1)


@pytest.fixture
def partner(session):
    """A partner with an account."""
    return make_payee(session)


@pytest.fixture
def statement(session, partner):
    """A statement that pays 1,000.00 and holds 75.00; its payout is approved."""
    make_accrual(session, partner, 100_000)
    make_accrual(session, partner, 7_500, payable_on=LATER, earned_on=date(2026, 3, 11))
    period, two = make_period(session), calculator_and_approver(session)
    (statement,) = issue(session, period)
    services.pay(session, period.id, actor=two[0], at=NOON)
    services.approve_payouts(session, period.id, actor=two[1], at=NOON)
    return statement


@pytest.fixture
def admin(session, partner):
    """The partner's admin."""
    return make_user(session, Role.PARTNER_ADMIN, partner_id=partner.id)


@pytest.fixture
def dispute(session, statement, admin):
    """A dispute about what the payout pays."""
    return disputed(session, statement, admin, 0)


def disputed(session, statement, admin, place):
    line = queries.lines(session, statement)[place]
    return services.raise_dispute(
        session, line.id, reason="More", expected_minor=1, actor=actor_of(admin), at=NOON
    )


def test_a_held_line_says_until_when(statement, sign_in, admin):
    browser = sign_in(admin)

    for path in ("/earnings", f"/statements/{statement.id}"):
        assert "It is on hold until 1 Jun 2099." in browser.get(path).text


def test_its_files_and_the_run_name_the_same_gate(session, statement, sign_in, admin):
    words, browser = "It is on hold until 1 Jun 2099.", sign_in(admin)
    where = f"/statements/{statement.id}"
    of_partner = f"/commission/{statement.period_id}/partners/{statement.partner_id}"

    rows = list(csv.DictReader(io.StringIO(browser.get(f"{where}.csv").text.lstrip("\ufeff"))))
    paper = PdfReader(io.BytesIO(browser.get(f"{where}.pdf").data))
    printed = " ".join(" ".join(page.extract_text() for page in paper.pages).split())

    assert [row["Waits for"] for row in rows] == ["", words]
    assert printed.count(words) == 2
    held = browser.get(f"{where}.json").json["statement"]["snapshot"]["held"]
    assert [(each["minor"], each["words"]) for each in held] == [(7_500, words)]
    assert words in sign_in(make_user(session, Role.FINANCE)).get(of_partner).text


def test_a_disputed_line_leads_to_its_dispute(session, statement, sign_in, admin):
    found = disputed(session, statement, admin, 1)
    browser = sign_in(admin)

    shown = browser.get("/earnings").text
    assert "It is in dispute." in shown
    assert f'<a href="/disputes/{found.id}">{found.number}</a>' in shown
    assert "It is in dispute." in browser.get(f"/statements/{statement.id}").text


def test_a_payout_that_waits_says_so_to_both_sides(statement, dispute, sign_in, admin, session):
    words, ours = (
        "It waits for the decision about a disputed line.",
        make_user(session, Role.FINANCE),
    )
    assert dispute.statement_id == statement.id

    for user, paths in (
        (admin, ("/earnings", f"/statements/{statement.id}")),
        (ours, (f"/commission/{statement.period_id}", f"/statements/{statement.id}")),
    ):
        browser = sign_in(user)
        assert all(words in browser.get(path).text for path in paths)


@pytest.mark.parametrize(
    ("role", "may_mend"), [(Role.PARTNER_ADMIN, True), (Role.PARTNER_MEMBER, False)]
)
def test_a_missing_account_is_mended_by_the_partners_admin(
    session, statement, partner, sign_in, role, may_mend
):
    session.execute(delete(PayoutDetails).where(PayoutDetails.partner_id == partner.id))
    answer = sign_in(make_user(session, role, partner_id=partner.id)).get("/earnings")

    if may_mend:
        assert "Nothing can be paid until you say where to." in answer.text
        assert "Payout details are missing." in answer.text
        assert "It waits for payout details." in answer.text
        assert ">Give payout details</a>" in answer.text
    else:
        assert ">Give payout details</a>" not in answer.text


@pytest.fixture
def order(session, partner):
    """An order that the partner sourced, under a plan that pays 10 % of what is booked."""
    order = make_won(session)
    make_participant(
        session, order.opportunity, partner_id=partner.id, role=ParticipantRole.SOURCE,
        answered_at=WON_AT - timedelta(days=40),
    )  # fmt: skip
    make_plan(session)
    return credited(session, order)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (PartnerState.ACTIVE, "Payout details are missing."),
        (PartnerState.SUSPENDED, "It waits until the partner is active."),
    ],
)
def test_why_names_the_gate_that_blocks(session, sign_in, partner, order, state, words):
    partner.state = state
    if state is PartnerState.ACTIVE:
        session.execute(delete(PayoutDetails).where(PayoutDetails.partner_id == partner.id))
    browser = sign_in(make_user(session, Role.FINANCE))

    with Counted(session) as asked:
        shown = browser.get(f"/why/{order.id}/{partner.id}").text

    assert words in shown
    assert "What is paid" in shown
    assert len(asked) <= 12, asked


def test_pages_with_gates_ask_few_questions(session, statement, dispute, sign_in, admin):
    finance, own = make_user(session, Role.FINANCE), f"/statements/{statement.id}"
    of_partner = f"/commission/{statement.period_id}/partners/{dispute.partner_id}"
    for user, paths in (
        (admin, ("/earnings", own)),
        (finance, (own, f"/commission/{statement.period_id}", of_partner)),
    ):
        browser = sign_in(user)
        for path in paths:
            with Counted(session) as asked:
                assert browser.get(path).status_code == 200
            assert len(asked) <= 12, (path, asked)
