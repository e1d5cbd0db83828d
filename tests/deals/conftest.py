"""People with browsers who register and review."""

import pytest

from app.access.rules import Role
from tests.factories.deals import make_scene
from tests.factories.identity import make_user


@pytest.fixture
def scene(session):
    return make_scene(session)


@pytest.fixture
def partner(session, scene, sign_in):
    """A browser in which a member of the scene's partner is signed in."""
    return sign_in(make_user(session, Role.PARTNER_MEMBER, partner_id=scene.partner_id))


@pytest.fixture
def vendor(session, sign_in):
    """A browser in which a channel manager is signed in."""
    return sign_in(make_user(session, Role.CHANNEL_MANAGER))
