"""Statements on the page of a partner."""

from uuid import UUID

import pytest

from app.access.rules import Role
from tests.factories.identity import make_user
from tests.factories.statements import issue, make_accrual, make_payee, make_period

HTMX = {"HX-Request": "true"}


@pytest.fixture
def statement(session):
    """An issued statement of a partner."""
    make_accrual(session, make_payee(session), 100_000)
    return issue(session, make_period(session))[0]


def test_a_partner_page_gets_its_statements(session, sign_in, user, statement):
    finance = sign_in(user(Role.FINANCE))

    text = finance.get(f"/partners/{statement.partner_id}/statements", headers=HTMX).text

    assert f'href="/statements/{statement.id}"' in text
    assert "<html" not in text


def test_a_partner_admin_reads_its_own_and_no_other(session, sign_in, statement):
    admin = sign_in(make_user(session, Role.PARTNER_ADMIN, partner_id=statement.partner_id))
    foreign = make_payee(session).id

    assert statement.number in admin.get(f"/partners/{statement.partner_id}/statements").text
    for partner_id in (foreign, UUID(int=404)):
        assert admin.get(f"/partners/{partner_id}/statements").status_code == 404


def test_it_needs_leave_to_see_statements(session, sign_in, statement):
    member = sign_in(make_user(session, Role.PARTNER_MEMBER, partner_id=statement.partner_id))

    assert member.get(f"/partners/{statement.partner_id}/statements").status_code == 404
