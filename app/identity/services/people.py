"""Change who people are here, and whether they may come in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import PARTNER_ROLES, Actor, Role
from app.identity import queries
from app.identity.models import User
from app.identity.services.sessions import end_all
from app.kernel.errors import Conflict, Forbidden
from app.ledger.services import record


class NotYourself(Conflict):
    """Nobody changes their own role or locks themselves out."""

    code = "identity.not_yourself"


def edit_profile(session: Session, user_id: UUID, *, name: str, locale: str, zone: str) -> User:
    """Change how the portal addresses somebody and in which locale and zone it speaks to them."""
    user = session.get_one(User, user_id)
    user.name, user.locale, user.zone = name, locale, zone
    return user


def change_role(session: Session, user_id: UUID, *, role: Role, actor: Actor, at: datetime) -> User:
    """Give somebody another role of the same side; it holds from their next request on.

    :raises NotYourself: if it is the actor's own
    :raises Forbidden: if the role belongs to the other side
    """
    user = queries.one(session, user_id, actor=actor)
    if user.id == actor.user_id:
        raise NotYourself("Somebody else has to change your role.")
    if (role in PARTNER_ROLES) != (user.role in PARTNER_ROLES):
        raise Forbidden("A person stays on the side they belong to: vendor or partner.")
    before, user.role = user.role, role
    if before != role:
        facts = {"before": before.value, "after": role.value}
        record(
            session,
            "identity.user.role_changed",
            subject=user,
            actor=actor,
            at=at,
            partner_id=user.partner_id,
            **facts,
        )
    return user


def deactivate(session: Session, user_id: UUID, *, actor: Actor, at: datetime) -> User:
    """Shut somebody out, from their next request on.

    :raises NotYourself: if it is the actor
    """
    user = queries.one(session, user_id, actor=actor)
    if user.id == actor.user_id:
        raise NotYourself("You cannot shut yourself out.")
    if user.is_active:
        user.is_active = False
        end_all(session, user.id, at=at)
        record(
            session,
            "identity.user.deactivated",
            subject=user,
            actor=actor,
            at=at,
            partner_id=user.partner_id,
        )
    return user


def reactivate(session: Session, user_id: UUID, *, actor: Actor, at: datetime) -> User:
    """Let somebody in again."""
    user = queries.one(session, user_id, actor=actor)
    if not user.is_active:
        user.is_active = True
        record(
            session,
            "identity.user.reactivated",
            subject=user,
            actor=actor,
            at=at,
            partner_id=user.partner_id,
        )
    return user
