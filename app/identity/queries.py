"""Reads of people, their sessions and invitations."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, bindparam, column, exists, func, select, table
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.db.engine import elevates
from app.identity.models import Credential, Invitation, SignedInSession, User
from app.identity.rules import IDLE, LONGEST, token_hash
from app.kernel.errors import NotFound

_partner = table("partner", column("id"), column("parent_id"), column("programme_id"))
_programme = table("programme", column("id"), column("parents_see_children"))
_session, _user = SignedInSession.__table__, User.__table__


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


_ALIVE = (
    select(
        _session.c.id.label("session_id"),
        _session.c.seen_at,
        _session.c.fresh_at,
        _user.c.id,
        _user.c.email,
        _user.c.name,
        _user.c.role,
        _user.c.partner_id,
        _user.c.locale,
        _user.c.zone,
        _user.c.country,
        exists()
        .where(Credential.user_id == _user.c.id, Credential.seed_confirmed_at.isnot(None))
        .label("has_factor"),
    )
    .join(_user, _user.c.id == _session.c.user_id)
    .where(
        _session.c.token_hash == bindparam("token_hash"),
        _session.c.ended_at.is_(None),
        _session.c.seen_at > bindparam("idle_since"),
        _session.c.created_at > bindparam("oldest"),
        _user.c.is_active,
    )
)
"""Built once, as the next is: every page begins with them."""


def alive(connection: Connection, token: str, *, at: datetime) -> Row[*tuple[Any, ...]] | None:
    """Return the session that ``token`` opens and its person, if it still holds and they are
    active.
    """
    given = {"token_hash": token_hash(token), "idle_since": at - IDLE, "oldest": at - LONGEST}
    return connection.execute(_ALIVE, given).one_or_none()


_own = _partner.alias("own")
_CHILDREN = (
    select(_partner.c.id)
    .join(_own, _own.c.id == _partner.c.parent_id)
    .join(_programme, _programme.c.id == _own.c.programme_id)
    .where(_own.c.id == bindparam("partner_id"), _programme.c.parents_see_children)
)


def reach(connection: Connection, partner_id: UUID | None) -> tuple[UUID, ...]:
    """Return whose rows a member of ``partner_id`` sees: its own, and its children's where its
    programme says so.
    """
    if partner_id is None:
        return ()
    return (partner_id, *connection.scalars(_CHILDREN, {"partner_id": partner_id}))


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
    return session.execute(_people(actor.is_vendor, actor.partner_id, search)).all()


@lru_cache(maxsize=64)
def _people(for_vendor: bool, partner_id: UUID | None, search: str) -> Select[*tuple[Any, ...]]:
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
    if not for_vendor:
        wanted = wanted.where(User.partner_id == partner_id)
    if search:
        wanted = wanted.where((User.name + " " + User.email).icontains(search, autoescape=True))
    return wanted.limit(500)


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
