"""Programmes, their tiers, the partners in them and how those are paid."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.columns import country_code, currency_code, id_key, minor, moment, states, versioned
from app.db.rows import SHARED, Rows, partner_rows
from app.partners.rules import PartnerState, ProgrammeKind


class Programme(Base):
    """The terms under which one kind of partner works with the vendor."""

    __tablename__ = "programme"
    rows: ClassVar[Rows] = SHARED

    id: Mapped[id_key]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[ProgrammeKind] = mapped_column(states(ProgrammeKind))
    answer_hours: Mapped[int] = mapped_column(default=16)  # business hours to decide a registration
    parents_see_children: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = versioned(version)


class Tier(Base):
    """A step of a programme; a higher rank is a higher tier."""

    __tablename__ = "tier"
    __table_args__ = (UniqueConstraint("programme_id", "code"),)
    rows: ClassVar[Rows] = SHARED

    id: Mapped[id_key]
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"), index=True)
    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(40))
    rank: Mapped[int]
    protection_days: Mapped[int] = mapped_column(default=90)
    extension_days: Mapped[int] = mapped_column(default=30)
    extensions: Mapped[int] = mapped_column(default=1)
    yearly_bookings_minor: Mapped[minor] = mapped_column(default=0)  # asked for this tier, in EUR
    discount: Mapped[Decimal] = mapped_column(Numeric(9, 6), default=Decimal(0))


class Partner(Base):
    """An organisation that sells, refers, serves or distributes for the vendor."""

    __tablename__ = "partner"
    rows: ClassVar[Rows] = partner_rows("id")
    ledgered: ClassVar[bool] = True

    id: Mapped[id_key]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    legal_name: Mapped[str] = mapped_column(String(160))
    state: Mapped[PartnerState] = mapped_column(states(PartnerState))
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"), index=True)
    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")
    tier_id: Mapped[UUID] = mapped_column(ForeignKey("tier.id"), index=True)
    tier: Mapped[Tier] = relationship(lazy="raise_on_sql")
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"), index=True)
    manager_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("app_user.id", use_alter=True), index=True
    )
    country: Mapped[country_code]
    region: Mapped[str] = mapped_column(String(20), default="")
    currency: Mapped[currency_code]
    street: Mapped[str] = mapped_column(String(160), default="")
    city: Mapped[str] = mapped_column(String(80), default="")
    postcode: Mapped[str] = mapped_column(String(16), default="")
    tax_number: Mapped[str] = mapped_column(String(32), default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    joined_at: Mapped[moment]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = versioned(version)


class TierHold(Base):
    """The days on which a partner held a tier: half-open, open-ended while it holds it."""

    __tablename__ = "tier_hold"
    rows: ClassVar[Rows] = partner_rows("partner_id")

    id: Mapped[id_key]
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), index=True)
    tier_id: Mapped[UUID] = mapped_column(ForeignKey("tier.id"))
    held_from: Mapped[date]
    held_until: Mapped[date | None]


class PayoutDetails(Base):
    """Where a partner is paid; the account number is encrypted at rest."""

    __tablename__ = "payout_details"
    rows: ClassVar[Rows] = partner_rows("partner_id")

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120))
    iban_sealed: Mapped[bytes]
    iban_tail: Mapped[str] = mapped_column(String(4))
    bic: Mapped[str] = mapped_column(String(11), default="")
    changed_at: Mapped[moment]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = versioned(version)
