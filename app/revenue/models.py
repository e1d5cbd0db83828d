"""The chain: legal entity, order with lines, invoice, payment; files that brought them."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account
from app.catalogue.models import Product
from app.db.base import Base
from app.db.columns import country_code, currency_code, id_key, minor, moment, states, versioned
from app.db.rows import SHARED, VENDOR_ONLY, Rows
from app.deals.rules import DealType
from app.partners.models import Partner
from app.pipeline.models import Opportunity
from app.revenue.rules import InvoiceKind, OrderState, PaymentKind
from app.revenue.rules.imports import ImportKind, ImportState


class LegalEntity(Base):
    """One company of the vendor that sells, bills and pays."""

    __tablename__ = "legal_entity"
    rows: ClassVar[Rows] = SHARED

    id: Mapped[id_key]
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    country: Mapped[country_code]
    currency: Mapped[currency_code]
    street: Mapped[str] = mapped_column(String(160), default="")
    city: Mapped[str] = mapped_column(String(80), default="")
    postcode: Mapped[str] = mapped_column(String(16), default="")
    tax_number: Mapped[str] = mapped_column(String(32), default="")
    iban: Mapped[str] = mapped_column(String(34), default="")
    bic: Mapped[str] = mapped_column(String(11), default="")


class Order(Base):
    """A booking: what a customer bought, for how much, on which day."""

    __tablename__ = "sales_order"
    __table_args__ = (UniqueConstraint("source", "source_id"),)
    rows: ClassVar[Rows] = VENDOR_ONLY
    ledgered: ClassVar[bool] = True

    id: Mapped[id_key]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    state: Mapped[OrderState] = mapped_column(states(OrderState), default=OrderState.BOOKED)
    opportunity_id: Mapped[UUID | None] = mapped_column(ForeignKey("opportunity.id"), unique=True)
    opportunity: Mapped[Opportunity | None] = relationship(lazy="raise_on_sql")
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    account: Mapped[Account | None] = relationship(lazy="raise_on_sql")
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("legal_entity.id"))
    entity: Mapped[LegalEntity] = relationship(lazy="raise_on_sql")
    fulfilled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"))
    fulfilled_by: Mapped[Partner | None] = relationship(lazy="raise_on_sql")
    deal_type: Mapped[DealType] = mapped_column(states(DealType))
    currency: Mapped[currency_code]
    total_minor: Mapped[minor]
    booked_on: Mapped[date] = mapped_column(index=True)
    customer_reference: Mapped[str] = mapped_column(String(64), default="")
    source: Mapped[str | None] = mapped_column(String(40))
    source_id: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[moment]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = versioned(version)


class OrderLine(Base):
    """One product of an order; the lines add up to the order."""

    __tablename__ = "order_line"
    rows: ClassVar[Rows] = VENDOR_ONLY

    id: Mapped[id_key]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("sales_order.id"), index=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    product: Mapped[Product] = relationship(lazy="raise_on_sql")
    position: Mapped[int]
    quantity: Mapped[int]
    amount_minor: Mapped[minor]


class Invoice(Base):
    """A bill for an order or part of it, or a credit note; amounts are positive in both."""

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        CheckConstraint("amount_minor > 0", name="positive"),
    )
    rows: ClassVar[Rows] = VENDOR_ONLY

    id: Mapped[id_key]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[InvoiceKind] = mapped_column(states(InvoiceKind), default=InvoiceKind.INVOICE)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("sales_order.id"), index=True)
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoice.id"))
    currency: Mapped[currency_code]
    amount_minor: Mapped[minor]
    issued_on: Mapped[date] = mapped_column(index=True)
    due_on: Mapped[date]
    source: Mapped[str | None] = mapped_column(String(40))
    source_id: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[moment]


class Payment(Base):
    """Cash received on an invoice, or a refund of it; amounts are positive in both."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        CheckConstraint("amount_minor > 0", name="positive"),
    )
    rows: ClassVar[Rows] = VENDOR_ONLY

    id: Mapped[id_key]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[PaymentKind] = mapped_column(states(PaymentKind), default=PaymentKind.PAYMENT)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoice.id"), index=True)
    invoice: Mapped[Invoice] = relationship(lazy="raise_on_sql")
    currency: Mapped[currency_code]
    amount_minor: Mapped[minor]
    received_on: Mapped[date] = mapped_column(index=True)
    reference: Mapped[str] = mapped_column(String(64), default="")
    source: Mapped[str | None] = mapped_column(String(40))
    source_id: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[moment]


class Import(Base):
    """A file somebody brought: how it is to be read, and what was found in it and taken."""

    __tablename__ = "revenue_import"
    rows: ClassVar[Rows] = VENDOR_ONLY
    ledgered: ClassVar[bool] = True

    id: Mapped[id_key]
    kind: Mapped[ImportKind] = mapped_column(states(ImportKind))
    state: Mapped[ImportState] = mapped_column(states(ImportState))
    source: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    # Kept until the file is taken or put away.
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    manner: Mapped[dict[str, Any]] = mapped_column(JSONB)  # how figures and days are written
    report: Mapped[dict[str, Any]] = mapped_column(JSONB)  # what was found, or what was taken
    plan_hash: Mapped[str] = mapped_column(String(64))  # of what would be written
    brought_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    brought_at: Mapped[moment]
    decided_at: Mapped[moment | None]
