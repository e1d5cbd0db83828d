"""Registrations with their lines, files, findings, decisions, extensions and protection."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account
from app.catalogue.models import Family, Product
from app.db.base import Base
from app.db.columns import currency_code, id_key, minor, moment, states, versioned
from app.db.rows import VENDOR_ONLY, Rows, partner_rows
from app.deals.rules import (
    Claim,
    ClosingCode,
    ConsentBasis,
    DealAct,
    DealSource,
    DealState,
    DealType,
    DeliveryModel,
    ExtensionState,
    FindingKind,
)
from app.files.models import StoredFile
from app.identity.models import User
from app.partners.models import Partner


class Registration(Base):
    """One partner's claim on one customer for one product family."""

    __tablename__ = "registration"
    __table_args__ = (
        Index(
            "uq_registration_partner_reference",
            "partner_id",
            "partner_reference",
            unique=True,
            postgresql_where=text("partner_reference <> ''"),
        ),
        Index("ix_registration_claim", "account_id", "family_id", "state"),
        Index("ix_registration_state_due", "state", "answer_due_at"),
        Index("ix_registration_partner_created", "partner_id", "created_at"),
    )
    rows: ClassVar[Rows] = partner_rows("partner_id")
    ledgered: ClassVar[bool] = True

    id: Mapped[id_key]
    number: Mapped[str | None] = mapped_column(String(24), unique=True)  # given at submission
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), index=True)
    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")
    state: Mapped[DealState] = mapped_column(states(DealState))
    title: Mapped[str] = mapped_column(String(255))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # from submission on
    account: Mapped[Account | None] = relationship(lazy="raise_on_sql")
    customer_name: Mapped[str] = mapped_column(String(120))
    customer_domain: Mapped[str] = mapped_column(String(120), default="")
    customer_country: Mapped[str] = mapped_column(String(2), default="")
    customer_address: Mapped[str] = mapped_column(String(160), default="")
    customer_city: Mapped[str] = mapped_column(String(80), default="")
    customer_tax_number: Mapped[str] = mapped_column(String(32), default="")
    customer_duns: Mapped[str] = mapped_column(String(16), default="")
    customer_industry: Mapped[str] = mapped_column(String(80), default="")
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    consent_basis: Mapped[ConsentBasis | None] = mapped_column(states(ConsentBasis))
    problem: Mapped[str] = mapped_column(Text, default="")
    deal_type: Mapped[DealType] = mapped_column(states(DealType), default=DealType.NEW_BUSINESS)
    family_id: Mapped[UUID | None] = mapped_column(ForeignKey("family.id"))  # from its lines
    family: Mapped[Family | None] = relationship(lazy="raise_on_sql")
    currency: Mapped[currency_code]
    amount_minor: Mapped[minor] = mapped_column(default=0)
    expected_close_on: Mapped[date | None]
    source: Mapped[DealSource | None] = mapped_column(states(DealSource))
    delivery_model: Mapped[DeliveryModel | None] = mapped_column(states(DeliveryModel))
    competitors: Mapped[str] = mapped_column(String(200), default="")
    help_wanted: Mapped[list[str]] = mapped_column(ARRAY(String(20)), default=list)
    partner_reference: Mapped[str] = mapped_column(String(64), default="")  # in the partner's CRM
    created_by: Mapped[UUID] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[moment]
    submitted_at: Mapped[moment | None] = mapped_column(index=True)
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    queue_place: Mapped[int | None]  # among all that waited for a decision when it was submitted
    warn_at: Mapped[moment | None]
    answer_due_at: Mapped[moment | None]
    warned_at: Mapped[moment | None]
    escalated_at: Mapped[moment | None]
    reviewer_id: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    decided_at: Mapped[moment | None]
    closing_code: Mapped[ClosingCode | None] = mapped_column(states(ClosingCode))
    reason: Mapped[str] = mapped_column(Text, default="")  # what the partner was told last
    fields_asked: Mapped[list[str]] = mapped_column(ARRAY(String(40)), default=list)
    appealed_at: Mapped[moment | None]
    conflict: Mapped[Claim] = mapped_column(states(Claim), default=Claim.FREE)
    salt: Mapped[bytes]  # of the content digest; erasing it makes the digest meaningless
    content_digest: Mapped[str] = mapped_column(String(64), default="")  # as submitted last
    receipt_entry_id: Mapped[int | None]  # of the ledger
    protected_until: Mapped[moment | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = versioned(version)


class RegistrationLine(Base):
    """One product of a registration, with quantity and amount in the registration's currency."""

    __tablename__ = "registration_line"
    rows: ClassVar[Rows] = partner_rows("partner_id")

    id: Mapped[id_key]
    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    product: Mapped[Product] = relationship(lazy="raise_on_sql")
    position: Mapped[int]
    quantity: Mapped[int]
    amount_minor: Mapped[minor]


class RegistrationFile(Base):
    """A file attached to a registration as evidence."""

    __tablename__ = "registration_file"
    rows: ClassVar[Rows] = partner_rows("partner_id")

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True
    )
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
    file: Mapped[StoredFile] = relationship(lazy="raise_on_sql")
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))


class Finding(Base):
    """What was found about the customer of a registration; partners cannot read it."""

    __tablename__ = "finding"
    rows: ClassVar[Rows] = VENDOR_ONLY

    id: Mapped[id_key]
    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[FindingKind] = mapped_column(states(FindingKind))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    subject_id: Mapped[UUID | None]  # the rival registration or the opportunity
    score: Mapped[int | None]  # likeness in ten-thousandths
    is_certain: Mapped[bool]
    reasons: Mapped[list[str]] = mapped_column(JSONB)
    found_at: Mapped[moment]


class Decision(Base):
    """One act on a registration: who did what, when and why."""

    __tablename__ = "decision"
    rows: ClassVar[Rows] = partner_rows("partner_id")

    id: Mapped[id_key]
    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    position: Mapped[int] = mapped_column(Identity(), unique=True)  # acts of one moment in order
    act: Mapped[DealAct] = mapped_column(states(DealAct))
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    by: Mapped[User | None] = relationship(lazy="raise_on_sql")
    at: Mapped[moment]
    reason: Mapped[str] = mapped_column(Text, default="")
    closing_code: Mapped[ClosingCode | None] = mapped_column(states(ClosingCode))


class Protection(Base):
    """The window in which one partner alone may claim a customer for a family.

    The database refuses two that overlap for one account and family. The ids are written as
    one-element ranges because the GiST operator class for plain integers is an extension.
    """

    __tablename__ = "protection"
    __table_args__ = (
        ExcludeConstraint(
            (text("int8range(account_serial, account_serial, '[]')"), "&&"),
            (text("int8range(family_serial, family_serial, '[]')"), "&&"),
            ("during", "&&"),
            name="ex_protection_one_partner_at_a_time",
            using="gist",
        ),
        UniqueConstraint("registration_id"),
    )
    rows: ClassVar[Rows] = partner_rows("partner_id")

    id: Mapped[id_key]
    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id"))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), index=True)
    account_serial: Mapped[minor]
    family_serial: Mapped[minor]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    granted_at: Mapped[moment]
    reminded_at: Mapped[moment | None]
    ended_at: Mapped[moment | None]  # when its lapse or release was seen to


class Extension(Base):
    """A partner's request for longer protection, and its answer."""

    __tablename__ = "extension"
    __table_args__ = (
        Index(
            "uq_extension_one_pending",
            "registration_id",
            unique=True,
            postgresql_where=text("state = 'requested'"),
        ),
    )
    rows: ClassVar[Rows] = partner_rows("partner_id")
    ledgered: ClassVar[bool] = True

    id: Mapped[id_key]
    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id"), index=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    state: Mapped[ExtensionState] = mapped_column(states(ExtensionState))
    days: Mapped[int]
    why: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[moment]
    answered_at: Mapped[moment | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
