"""Whoever works with partners, and a company with its admin."""

import pytest

from app.access.rules import Role
from tests.factories.identity import make_actor, make_user
from tests.factories.partners import make_partner


@pytest.fixture
def lead(sign_in, user):
    return sign_in(user(Role.CHANNEL_LEAD))


@pytest.fixture
def company(session):
    return make_partner(session, city="Leeds")


@pytest.fixture
def as_admin(session, company, sign_in):
    return sign_in(make_user(session, Role.PARTNER_ADMIN, partner_id=company.id))


@pytest.fixture
def as_company(session, portal):
    partner = make_partner(session)
    return partner, make_actor(session, Role.PARTNER_ADMIN, partner)
