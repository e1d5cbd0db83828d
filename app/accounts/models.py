"""Customers as the vendor knows them, and the keys by which they are found again."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.columns import country_code, id_key, moment, versioned
from app.db.rows import VENDOR_ONLY, Rows


class Account(Base):
    """One customer organisation, shared by everything the vendor and its partners sell to it."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("source", "source_id"),)
    rows: ClassVar[Rows] = VENDOR_ONLY

    id: Mapped[id_key]
    serial: Mapped[int] = mapped_column(Identity(always=True), unique=True)  # for ranges
    name: Mapped[str] = mapped_column(String(120))
    country: Mapped[country_code | None]
    domain: Mapped[str | None] = mapped_column(String(120), index=True)
    tax_number: Mapped[str | None] = mapped_column(String(32))
    duns: Mapped[str | None] = mapped_column(String(9))
    city: Mapped[str] = mapped_column(String(80), default="")
    address: Mapped[str] = mapped_column(String(160), default="", server_default="")
    industry: Mapped[str] = mapped_column(String(80), default="")
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    is_named: Mapped[bool] = mapped_column(default=False)  # kept by the vendor's own sales team
    source: Mapped[str | None] = mapped_column(String(40))
    source_id: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[moment]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = versioned(version)


class AccountKey(Base):
    """One key under which an account is looked up when somebody names a customer."""

    __tablename__ = "account_key"
    rows: ClassVar[Rows] = VENDOR_ONLY

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)


class NameToken(Base):
    """How many accounts carry a word in their name: rare words weigh more in a match."""

    __tablename__ = "name_token"
    rows: ClassVar[Rows] = VENDOR_ONLY

    token: Mapped[str] = mapped_column(String(80), primary_key=True)
    accounts: Mapped[int]
