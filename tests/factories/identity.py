"""People."""

from typing import Any

from sqlalchemy.orm import Session

from app.access.rules import PARTNER_ROLES, Actor, Role
from app.identity.models import User
from app.partners.models import Partner
from tests.factories.clockwork import NOON, unique
from tests.factories.partners import make_partner


def make_user(session: Session, role: Role = Role.CHANNEL_MANAGER, **over: Any) -> User:
    """Return somebody with ``role``, of a new partner where the role wants one."""
    number = unique()
    if role in PARTNER_ROLES and "partner_id" not in over:
        over["partner_id"] = make_partner(session).id
    values = {"email": f"person{number}@example.com", "name": f"Person {number}"}
    user = User(**{**values, "role": role, "created_at": NOON, **over})
    session.add(user)
    session.flush()
    return user


def actor_of(user: User) -> Actor:
    """Return ``user`` as the actor of a service call."""
    ids = (user.partner_id,) if user.partner_id else ()
    return Actor(user.id, user.name, user.role, user.partner_id, ids)


def make_actor(session: Session, role: Role, partner: Partner | None = None) -> Actor:
    """Return somebody with ``role`` (at ``partner``) as an actor."""
    over = {"partner_id": partner.id} if partner is not None else {}
    return actor_of(make_user(session, role, **over))
