"""Touches, versioned attribution policies, and the credit they give."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.attribution.rules import CreditClass, TouchKind
from app.db.base import Base
from app.db.columns import currency_code, id_key, minor, moment, states
from app.db.rows import SHARED, VENDOR_ONLY, Rows, partner_rows
from app.partners.models import Partner
from app.pipeline.models import Opportunity
from app.revenue.models import Order


class Touch(Base):
    """A dated act of a partner on an opportunity, with evidence."""

    __tablename__ = "touch"
    __table_args__ = (UniqueConstraint("opportunity_id", "partner_id", "kind", "at"),)
    rows: ClassVar[Rows] = partner_rows("partner_id")

    id: Mapped[id_key]
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunity.id"), index=True)
    opportunity: Mapped[Opportunity] = relationship(lazy="raise_on_sql")
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), index=True)
    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")
    kind: Mapped[TouchKind] = mapped_column(states(TouchKind))
    at: Mapped[moment]
    evidence: Mapped[str] = mapped_column(Text, default="")
    logged_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    logged_at: Mapped[moment]


class Policy(Base):
    """One version of how credit is given; never edited, only followed by the next version."""

    __tablename__ = "attribution_policy"
    __table_args__ = (UniqueConstraint("code", "number"),)
    rows: ClassVar[Rows] = SHARED

    id: Mapped[id_key]
    code: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    published_at: Mapped[moment]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))


class AttributionRun(Base):
    """One attribution of one order; a later run replaces it as the current one."""

    __tablename__ = "attribution_run"
    __table_args__ = (
        Index(
            "uq_attribution_run_current",
            "order_id",
            unique=True,
            postgresql_where=text("is_current"),
        ),
    )
    rows: ClassVar[Rows] = VENDOR_ONLY

    id: Mapped[id_key]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("sales_order.id"), index=True)
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("attribution_policy.id"))
    policy: Mapped[Policy] = relationship(lazy="raise_on_sql")
    inputs_hash: Mapped[str] = mapped_column(String(64))  # unchanged inputs make no new run
    is_current: Mapped[bool]
    run_at: Mapped[moment]


class Credit(Base):
    """One partner's part of an order in one class; with the vendor's own, the parts add up."""

    __tablename__ = "credit"
    __table_args__ = (UniqueConstraint("run_id", "partner_id", "credit_class"),)
    rows: ClassVar[Rows] = partner_rows("partner_id")

    id: Mapped[id_key]
    run_id: Mapped[UUID] = mapped_column(ForeignKey("attribution_run.id"), index=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("sales_order.id"), index=True)
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"), index=True)
    partner: Mapped[Partner | None] = relationship(lazy="raise_on_sql")
    credit_class: Mapped[CreditClass] = mapped_column(states(CreditClass))
    share_numerator: Mapped[minor]
    share_denominator: Mapped[minor]
    currency: Mapped[currency_code]
    amount_minor: Mapped[minor]
    because: Mapped[str] = mapped_column(Text)
