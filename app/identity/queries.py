"""Reads of people, their sessions and invitations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, column, func, select, table
from sqlalchemy.orm import Session, joinedload

from app.access.rules import Actor
from app.db.engine import elevates
from app.identity.models import Credential, Invitation, SignedInSession, User
from app.identity.rules import IDLE, LONGEST, token_hash
from app.kernel.errors import NotFound

_partner = table("partner", column("id"), column("parent_id"), column("programme_id"))
_programme = table("programme", column("id"), column("parents_see_children"))


def by_email(session: Session, email: str) -> User | None:
    """Return the person with this address, if there is one."""
    return session.scalars(select(User).where(User.email == email.strip().lower())).one_or_none()


def visible_to(actor: Actor) -> Select[User]:
    """Return the people whom ``actor`` manages: an admin all, a partner admin their own team."""
    people = select(User)
    return people if actor.is_vendor else people.where(User.partner_id == actor.partner_id)


def one(session: Session, user_id: UUID, *, actor: Actor) -> User:
    """Return one person.

    :raises NotFound: if there is none whom ``actor`` may know of
    """
    user = session.scalars(visible_to(actor).where(User.id == user_id)).one_or_none()
    if user is None:
        raise NotFound
    return user


def alive(session: Session, token: str, *, at: datetime) -> SignedInSession | None:
    """Return the session that ``token`` opens, if it still holds and its person is active."""
    wanted = (
        select(SignedInSession)
        .join(SignedInSession.user)
        .options(joinedload(SignedInSession.user))
        .where(
            SignedInSession.token_hash == token_hash(token),
            SignedInSession.ended_at.is_(None),
            SignedInSession.seen_at > at - IDLE,
            SignedInSession.created_at > at - LONGEST,
            User.is_active,
        )
    )
    return session.scalars(wanted).one_or_none()


def reach(session: Session, partner_id: UUID | None) -> tuple[UUID, ...]:
    """Return whose rows a member of ``partner_id`` sees: its own, and its children's where its
    programme says so.
    """
    if partner_id is None:
        return ()
    own = _partner.alias("own")
    children = (
        select(_partner.c.id)
        .join(own, own.c.id == _partner.c.parent_id)
        .join(_programme, _programme.c.id == own.c.programme_id)
        .where(own.c.id == partner_id, _programme.c.parents_see_children)
    )
    return (partner_id, *session.scalars(children))


@elevates
def open_sessions(session: Session, user_id: UUID, *, at: datetime) -> Sequence[SignedInSession]:
    """Return the sessions of one person that still hold, the latest first."""
    wanted = (
        select(SignedInSession)
        .where(
            SignedInSession.user_id == user_id,
            SignedInSession.ended_at.is_(None),
            SignedInSession.seen_at > at - IDLE,
            SignedInSession.created_at > at - LONGEST,
        )
        .order_by(SignedInSession.seen_at.desc())
    )
    return session.scalars(wanted).all()


def people(session: Session, *, actor: Actor, search: str = "") -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the people whom ``actor`` manages, as rows for a list."""
    partner = table("partner", column("id"), column("name"))
    wanted = (
        select(
            User.id,
            User.name,
            User.email,
            User.role,
            User.is_active,
            partner.c.name.label("partner"),
        )
        .outerjoin(partner, partner.c.id == User.partner_id)
        .order_by(User.partner_id.isnot(None), User.name)
    )
    if not actor.is_vendor:
        wanted = wanted.where(User.partner_id == actor.partner_id)
    if search:
        wanted = wanted.where((User.name + " " + User.email).icontains(search, autoescape=True))
    return session.execute(wanted.limit(500)).all()


def pending(session: Session, *, actor: Actor, at: datetime) -> Sequence[Invitation]:
    """Return the invitations still open that ``actor`` may see, the latest first."""
    wanted = (
        select(Invitation)
        .where(
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > at,
        )
        .order_by(Invitation.invited_at.desc())
    )
    if not actor.is_vendor:
        wanted = wanted.where(Invitation.partner_id == actor.partner_id)
    return session.scalars(wanted).all()


@elevates
def has_second_factor(session: Session, user_id: UUID) -> bool:
    """Return whether this person has a confirmed second factor."""
    found = select(func.count()).where(
        Credential.user_id == user_id, Credential.seed_confirmed_at.isnot(None)
    )
    return bool(session.scalar(found))
