"""People, their secrets, sessions, invitations and resets."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.access.rules import Role
from app.db.base import Base
from app.db.columns import country_code, id_key, moment, states, versioned
from app.db.rows import COUNTERS, SYSTEM_ONLY, Rows, partner_rows


class User(Base):
    """A person who signs in: somebody of the vendor, or of exactly one partner."""

    __tablename__ = "app_user"
    rows: ClassVar[Rows] = partner_rows("partner_id", null_is_shared=True)

    id: Mapped[id_key]
    email: Mapped[str] = mapped_column(String(254), unique=True)  # lower case
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(states(Role))
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"), index=True)
    locale: Mapped[str] = mapped_column(String(10), default="en_GB")
    zone: Mapped[str] = mapped_column(String(40), default="UTC")
    country: Mapped[country_code] = mapped_column(default="GB")
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[moment]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = versioned(version)


class Credential(Base):
    """How one person proves who they are; readable by the system alone."""

    __tablename__ = "credential"
    rows: ClassVar[Rows] = SYSTEM_ONLY

    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_changed_at: Mapped[moment | None]
    seed: Mapped[bytes | None]  # of the second factor, encrypted
    seed_confirmed_at: Mapped[moment | None]
    last_step: Mapped[int | None]  # the time step of the last code used: none is taken twice


class RecoveryCode(Base):
    """One spare second factor, hashed, good for one use."""

    __tablename__ = "recovery_code"
    rows: ClassVar[Rows] = SYSTEM_ONLY

    id: Mapped[id_key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[moment | None]


class SignedInSession(Base):
    """One browser that signed in, until it signs out, idles out or is ended."""

    __tablename__ = "signed_in_session"
    rows: ClassVar[Rows] = SYSTEM_ONLY

    id: Mapped[id_key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    created_at: Mapped[moment]
    seen_at: Mapped[moment]
    fresh_at: Mapped[moment]  # when the password was last given
    ended_at: Mapped[moment | None]
    address: Mapped[str] = mapped_column(String(45))
    agent: Mapped[str] = mapped_column(String(200))


class Invitation(Base):
    """A place offered to an address, for 24 hours and one use."""

    __tablename__ = "invitation"
    rows: ClassVar[Rows] = partner_rows("partner_id")

    id: Mapped[id_key]
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(states(Role))
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    invited_at: Mapped[moment]
    expires_at: Mapped[moment]
    accepted_at: Mapped[moment | None]
    withdrawn_at: Mapped[moment | None]


class PasswordReset(Base):
    """A way back in, for 60 minutes and one use."""

    __tablename__ = "password_reset"
    rows: ClassVar[Rows] = SYSTEM_ONLY

    id: Mapped[id_key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[moment]
    expires_at: Mapped[moment]
    used_at: Mapped[moment | None]


class Attempt(Base):
    """How often something was tried in one window of time: the count behind every rate limit."""

    __tablename__ = "attempt"
    rows: ClassVar[Rows] = COUNTERS

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    window_start: Mapped[moment] = mapped_column(primary_key=True)
    count: Mapped[int]
