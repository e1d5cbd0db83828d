"""Invite people, let them join, let them back in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.rules import PARTNER_ROLES, Actor, Role
from app.db.engine import elevated
from app.identity import queries
from app.identity.models import Invitation, PasswordReset, User
from app.identity.rules import INVITATION, RESET, check_password, new_token, token_hash
from app.identity.services.sessions import end_all, set_password
from app.kernel.errors import FieldError, Forbidden, Invalid, NotFound
from app.ledger.services import record
from app.mail.services import post


class AddressTaken(Invalid):
    """Somebody with this address is here already."""

    code = "identity.address_taken"


class LinkSpent(NotFound):
    """The link was used, withdrawn, or is too old."""

    status = 410
    code = "identity.link_spent"


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation just made; its token is known now and never again."""

    id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Invitee:
    """Whom a place is offered to, and which."""

    email: str
    name: str
    role: Role
    partner_id: UUID | None = None


def invite(
    session: Session,
    *,
    to: Invitee,
    actor: Actor,
    at: datetime,
) -> Invited:
    """Offer somebody a place by mail, for 24 hours.

    :raises Forbidden: if a partner invites for another company or with a role of the vendor
    :raises AddressTaken: if the address already has a place
    """
    role, partner_id = to.role, to.partner_id
    if not actor.is_vendor and (role not in PARTNER_ROLES or partner_id != actor.partner_id):
        raise Forbidden("You can invite people to your own company only.")
    if (role in PARTNER_ROLES) != (partner_id is not None):
        sentence = "People of a partner need a partner; people of the vendor have none."
        raise Invalid(sentence, errors=[FieldError("partner_id", sentence, "identity.side")])
    email = to.email.strip().lower()
    with elevated(session):
        taken = queries.by_email(session, email) is not None
    if taken:
        sentence = "Somebody with this address has a place already."
        raise AddressTaken(sentence, errors=[FieldError("email", sentence, AddressTaken.code)])
    token = new_token()
    invitation = Invitation(
        email=email,
        name=to.name,
        role=role,
        partner_id=partner_id,
        token_hash=token_hash(token),
        invited_by=actor.user_id,
        invited_at=at,
        expires_at=at + INVITATION,
    )
    session.add(invitation)
    session.flush()
    facts = {"role": role.value}
    record(
        session,
        "identity.user.invited",
        subject=invitation,
        actor=actor,
        at=at,
        partner_id=partner_id,
        **facts,
    )
    post(
        session,
        to=email,
        template="identity/mail/invitation",
        at=at,
        partner_id=partner_id,
        name=to.name,
        inviter=actor.name,
        path=f"/join/{token}",
    )
    return Invited(invitation.id, token)


def withdraw_invitation(
    session: Session, invitation_id: UUID, *, actor: Actor, at: datetime
) -> None:
    """Take an open invitation back.

    :raises NotFound: if there is none that ``actor`` may know of
    """
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or (not actor.is_vendor and invitation.partner_id != actor.partner_id):
        raise NotFound
    invitation.withdrawn_at = invitation.withdrawn_at or at


def invitation_of(session: Session, token: str, *, at: datetime, lock: bool = True) -> Invitation:
    """Return the open invitation that ``token`` belongs to.

    :raises LinkSpent: if it was used, withdrawn, or is too old
    """
    wanted = select(Invitation).where(Invitation.token_hash == token_hash(token))
    found = session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None or found.accepted_at or found.withdrawn_at or found.expires_at <= at:
        raise LinkSpent("This invitation was used or is older than 24 hours. Ask for a new one.")
    return found


def accept(session: Session, token: str, *, name: str, password: str, at: datetime) -> User:
    """Take up an invitation: become a person with a password.

    :raises LinkSpent: if the invitation no longer holds
    :raises PasswordRefused: if the password policy refuses the password
    """
    invitation = invitation_of(session, token, at=at)
    check_password(password, email=invitation.email)
    user = User(
        email=invitation.email,
        name=name or invitation.name,
        role=invitation.role,
        partner_id=invitation.partner_id,
        created_at=at,
    )
    session.add(user)
    session.flush()
    set_password(session, user, password, at=at)
    invitation.accepted_at = at
    actor = Actor(user.id, user.name, user.role, user.partner_id)
    facts = {"role": user.role.value}
    record(
        session,
        "identity.user.joined",
        subject=user,
        actor=actor,
        at=at,
        partner_id=user.partner_id,
        **facts,
    )
    return user


def ask_reset(session: Session, email: str, *, at: datetime) -> None:
    """Send a way back in, if the address is known; the answer is the same if it is not."""
    user = queries.by_email(session, email)
    if user is None or not user.is_active:
        return
    token = new_token()
    session.add(
        PasswordReset(
            user_id=user.id, token_hash=token_hash(token), asked_at=at, expires_at=at + RESET
        )
    )
    post(
        session,
        to=user.email,
        template="identity/mail/reset",
        at=at,
        partner_id=user.partner_id,
        name=user.name,
        path=f"/password/reset/{token}",
    )


def reset_of(session: Session, token: str, *, at: datetime, lock: bool = True) -> PasswordReset:
    """Return the open reset that ``token`` belongs to.

    :raises LinkSpent: if it was used or is too old
    """
    wanted = select(PasswordReset).where(PasswordReset.token_hash == token_hash(token))
    found = session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None or found.used_at or found.expires_at <= at:
        raise LinkSpent("This link was used or is older than an hour. Ask for a new one.")
    return found


def reset_password(session: Session, token: str, *, password: str, at: datetime) -> User:
    """Set a new password by a link from the mail; ends every session of that person.

    :raises LinkSpent: if the link no longer holds
    :raises PasswordRefused: if the password policy refuses the password
    """
    reset = reset_of(session, token, at=at)
    user = session.get_one(User, reset.user_id)
    set_password(session, user, password, at=at)
    reset.used_at = at
    end_all(session, user.id, at=at)
    actor = Actor(user.id, user.name, user.role, user.partner_id)
    record(
        session,
        "identity.password.reset",
        subject=user,
        actor=actor,
        at=at,
        partner_id=user.partner_id,
    )
    return user
