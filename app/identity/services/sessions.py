"""Prove who one is, open a session, keep it, end it."""

from datetime import datetime, timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.db.engine import elevates
from app.identity import queries
from app.identity.models import Credential, SignedInSession, User
from app.identity.rules import check_password, new_token, token_hash
from app.kernel.errors import FieldError, Invalid, NotFound
from app.ledger.services import record

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$ps/RuUF/shOyWj9/GxzlcQ$"
    "9QqQRjYd4aji4hI70+bh9acyF3WUO/RwdGAK4U33cgA"
)
"""A hash in the same measure, so that unknown addresses take as long; nobody has its password."""

SEEN_EVERY = timedelta(minutes=1)


class SignInRefused(Invalid):
    """Address and password do not belong together, or the person is not active."""

    code = "identity.sign_in_refused"


def _matches(stored: str | None, password: str) -> bool:
    try:
        _HASHER.verify(stored or _NOBODY, password)
    except (Argon2Error, InvalidHashError):
        return False
    return stored is not None


def prove(session: Session, email: str, password: str) -> User:
    """Return the person whose address and password these are; takes as long for unknown ones.

    :raises SignInRefused: if there is none such, or they are not active
    """
    user = queries.by_email(session, email)
    credential = session.get(Credential, user.id) if user is not None else None
    stored = credential.password_hash if credential is not None else None
    if not _matches(stored, password[:1000]) or user is None or not user.is_active:
        raise SignInRefused("Address and password do not belong together.")
    return user


def open_session(session: Session, user: User, *, at: datetime, address: str, agent: str) -> str:
    """Open a session for ``user`` and return the token that its cookie carries."""
    token = new_token()
    opened = SignedInSession(
        token_hash=token_hash(token),
        user_id=user.id,
        created_at=at,
        seen_at=at,
        fresh_at=at,
        address=address[:45],
        agent=agent[:200],
    )
    session.add(opened)
    session.flush()
    actor = Actor(user.id, user.name, user.role, user.partner_id)
    record(
        session,
        "identity.session.opened",
        subject=opened,
        actor=actor,
        at=at,
        partner_id=user.partner_id,
    )
    return token


@elevates
def touch(session: Session, session_id: UUID, *, at: datetime, fresh: bool = False) -> None:
    """Note that a session was seen, and with ``fresh`` that its password was just given again."""
    values = {"seen_at": at, "fresh_at": at} if fresh else {"seen_at": at}
    session.execute(update(SignedInSession).where(SignedInSession.id == session_id).values(values))


@elevates
def end_session(session: Session, session_id: UUID, *, actor: Actor, at: datetime) -> None:
    """End one of the actor's own sessions.

    :raises NotFound: if it is not theirs
    """
    row = session.get(SignedInSession, session_id)
    if row is None or row.user_id != actor.user_id:
        raise NotFound
    if row.ended_at is None:
        row.ended_at = at
        record(
            session,
            "identity.session.ended",
            subject=row,
            actor=actor,
            at=at,
            partner_id=actor.partner_id,
        )


@elevates
def end_all(session: Session, user_id: UUID, *, at: datetime, but: UUID | None = None) -> None:
    """End every session of one person, except ``but``."""
    ending = update(SignedInSession).where(
        SignedInSession.user_id == user_id, SignedInSession.ended_at.is_(None)
    )
    if but is not None:
        ending = ending.where(SignedInSession.id != but)
    session.execute(ending.values(ended_at=at))


@elevates
def set_password(session: Session, user: User, password: str, *, at: datetime) -> None:
    """Give ``user`` a new password.

    :raises PasswordRefused: if the password policy refuses it
    """
    check_password(password, email=user.email)
    credential = session.get(Credential, user.id)
    if credential is None:
        credential = Credential(user_id=user.id)
        session.add(credential)
    credential.password_hash = _HASHER.hash(password)
    credential.password_changed_at = at


@elevates
def change_password(
    session: Session, user: User, *, old: str, new: str, session_id: UUID, at: datetime
) -> None:
    """Replace a password by somebody who knows it; ends all of their other sessions.

    :raises Invalid: if the old one is wrong, or the policy refuses the new one
    """
    credential = session.get(Credential, user.id)
    if not _matches(credential.password_hash if credential else None, old[:1000]):
        sentence = "This is not your present password."
        raise Invalid(sentence, errors=[FieldError("old", sentence, "identity.wrong_password")])
    set_password(session, user, new, at=at)
    end_all(session, user.id, at=at, but=session_id)
    actor = Actor(user.id, user.name, user.role, user.partner_id)
    record(
        session,
        "identity.password.changed",
        subject=user,
        actor=actor,
        at=at,
        partner_id=user.partner_id,
    )
