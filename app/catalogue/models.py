"""What the vendor sells, and for how much."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.columns import currency_code, id_key, minor, versioned
from app.db.rows import SHARED, Rows


class Family(Base):
    """A group of products that is registered, protected and rewarded together."""

    __tablename__ = "family"
    rows: ClassVar[Rows] = SHARED

    id: Mapped[id_key]
    serial: Mapped[int] = mapped_column(Identity(always=True), unique=True)  # for ranges
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))


class Product(Base):
    """One thing on the price list."""

    __tablename__ = "product"
    rows: ClassVar[Rows] = SHARED

    id: Mapped[id_key]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"), index=True)
    family: Mapped[Family] = relationship(lazy="raise_on_sql")
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = versioned(version)


class PriceList(Base):
    """The prices of one currency from one day on, until the next list of that currency."""

    __tablename__ = "price_list"
    __table_args__ = (UniqueConstraint("currency", "valid_from"),)
    rows: ClassVar[Rows] = SHARED

    id: Mapped[id_key]
    name: Mapped[str] = mapped_column(String(80))
    currency: Mapped[currency_code]
    valid_from: Mapped[date]


class Price(Base):
    """The price of one unit of a product on one list."""

    __tablename__ = "price"
    rows: ClassVar[Rows] = SHARED

    price_list_id: Mapped[UUID] = mapped_column(ForeignKey("price_list.id"), primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"), primary_key=True)
    unit_minor: Mapped[minor]
