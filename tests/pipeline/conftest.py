"""Browsers of those who work the pipeline."""

import pytest

from app.access.rules import Role
from tests.factories.partners import make_partner


@pytest.fixture
def manager(sign_in, user):
    return sign_in(user(Role.CHANNEL_MANAGER))


@pytest.fixture
def partner(session):
    return make_partner(session, name="Alpenroute Partner AG")


@pytest.fixture
def member(sign_in, user, partner):
    return sign_in(user(Role.PARTNER_MEMBER, partner_id=partner.id))
