"""Commission periods, statements frozen as rows, payouts and disputes."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.columns import currency_code, id_key, minor, moment, states, versioned
from app.db.rows import VENDOR_ONLY, Rows, partner_rows
from app.identity.models import User
from app.incentives.rules import AccrualKind
from app.partners.models import Partner
from app.revenue.models import LegalEntity
from app.statements.rules import DisputeState, PayoutState, PeriodState


class CommissionPeriod(Base):
    """One month of commission: half-open, calculated, approved by a second person, paid, closed."""

    __tablename__ = "commission_period"
    rows: ClassVar[Rows] = VENDOR_ONLY
    ledgered: ClassVar[bool] = True

    id: Mapped[id_key]
    start: Mapped[date] = mapped_column(unique=True)
    until: Mapped[date]
    state: Mapped[PeriodState] = mapped_column(states(PeriodState))
    job_id: Mapped[str | None] = mapped_column(String(100))  # of the running calculation or issue
    calculated_at: Mapped[moment | None]
    calculated_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    reviewed_at: Mapped[moment | None]
    approved_at: Mapped[moment | None]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    paid_at: Mapped[moment | None]
    closed_at: Mapped[moment | None]
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = versioned(version)


class Statement(Base):
    """What one partner earned and was paid in one period and currency; frozen when issued."""

    __tablename__ = "statement"
    __table_args__ = (
        Index(
            "uq_statement_one_for_each",
            "period_id",
            "partner_id",
            "currency",
            unique=True,
            postgresql_where=text("corrects_id IS NULL"),
        ),
    )
    rows: ClassVar[Rows] = partner_rows("partner_id")

    id: Mapped[id_key]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    period_id: Mapped[UUID] = mapped_column(ForeignKey("commission_period.id"), index=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), index=True)
    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("legal_entity.id"))
    entity: Mapped[LegalEntity] = relationship(lazy="raise_on_sql")
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("statement.id"))
    period_start: Mapped[date]
    period_until: Mapped[date]
    currency: Mapped[currency_code]
    opening_minor: Mapped[minor]
    earned_minor: Mapped[minor]
    adjustments_minor: Mapped[minor]
    clawbacks_minor: Mapped[minor]  # positive: what was taken back
    paid_minor: Mapped[minor]  # positive: what this statement pays
    closing_minor: Mapped[minor]
    held_minor: Mapped[minor]  # part of the closing balance that is not payable yet
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSONB)  # parties, trailing months, receipt
    content_hash: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")  # why it corrects another
    issued_at: Mapped[moment]
    dispute_until: Mapped[moment]
    receipt_entry_id: Mapped[int | None]


class StatementLine(Base):
    """One commission line as the statement shows it, copied with its trace."""

    __tablename__ = "statement_line"
    __table_args__ = (UniqueConstraint("statement_id", "position"),)
    rows: ClassVar[Rows] = partner_rows("partner_id")

    id: Mapped[id_key]
    statement_id: Mapped[UUID] = mapped_column(ForeignKey("statement.id"), index=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    accrual_id: Mapped[UUID] = mapped_column(ForeignKey("accrual.id"), unique=True)
    position: Mapped[int]
    kind: Mapped[AccrualKind] = mapped_column(states(AccrualKind))
    plan_name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(160))
    order_number: Mapped[str] = mapped_column(String(24))
    customer_name: Mapped[str] = mapped_column(String(120))
    earned_on: Mapped[date]
    payable_on: Mapped[date | None]
    base_minor: Mapped[minor]
    amount_minor: Mapped[minor]
    sentence: Mapped[str] = mapped_column(Text)  # why this amount
    because: Mapped[dict[str, Any]] = mapped_column(JSONB)


class PayoutExport(Base):
    """A payment file for the bank: one entity, one currency; sealed, for it holds accounts."""

    __tablename__ = "payout_export"
    rows: ClassVar[Rows] = VENDOR_ONLY

    id: Mapped[id_key]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    period_id: Mapped[UUID] = mapped_column(ForeignKey("commission_period.id"), index=True)
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("legal_entity.id"))
    currency: Mapped[currency_code]
    count: Mapped[int]
    total_minor: Mapped[minor]
    csv_sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    csv_sha256: Mapped[str] = mapped_column(String(64))
    xml_sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary, deferred=True, deferred_raiseload=True
    )
    xml_sha256: Mapped[str] = mapped_column(String(64), default="")  # empty outside SEPA
    made_at: Mapped[moment]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))


class Payout(Base):
    """The payment of one statement; a failed one can be issued again."""

    __tablename__ = "payout"
    rows: ClassVar[Rows] = partner_rows("partner_id")
    ledgered: ClassVar[bool] = True

    id: Mapped[id_key]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    statement_id: Mapped[UUID] = mapped_column(ForeignKey("statement.id"), unique=True)
    statement: Mapped[Statement] = relationship(lazy="raise_on_sql")
    period_id: Mapped[UUID] = mapped_column(ForeignKey("commission_period.id"), index=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), index=True)
    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")
    state: Mapped[PayoutState] = mapped_column(states(PayoutState))
    currency: Mapped[currency_code]
    amount_minor: Mapped[minor]
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    export_id: Mapped[UUID | None] = mapped_column(ForeignKey("payout_export.id"), index=True)
    exported_at: Mapped[moment | None]
    settled_at: Mapped[moment | None]
    failure: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = versioned(version)


class Dispute(Base):
    """A partner's objection to one statement line."""

    __tablename__ = "dispute"
    __table_args__ = (
        Index(
            "uq_dispute_one_open",
            "line_id",
            unique=True,
            postgresql_where=text("state IN ('submitted', 'in_review', 'more_information')"),
        ),
    )
    rows: ClassVar[Rows] = partner_rows("partner_id")
    ledgered: ClassVar[bool] = True

    id: Mapped[id_key]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("statement_line.id"), index=True)
    line: Mapped[StatementLine] = relationship(lazy="raise_on_sql")
    statement_id: Mapped[UUID] = mapped_column(ForeignKey("statement.id"), index=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), index=True)
    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")
    state: Mapped[DisputeState] = mapped_column(states(DisputeState))
    reason: Mapped[str] = mapped_column(Text)
    expected_minor: Mapped[minor]
    currency: Mapped[currency_code]
    raised_by: Mapped[UUID] = mapped_column(ForeignKey("app_user.id"))
    raised_at: Mapped[moment]
    answer_due_at: Mapped[moment]
    decided_at: Mapped[moment | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    decision: Mapped[str] = mapped_column(Text, default="")
    adjustment_id: Mapped[UUID | None] = mapped_column(ForeignKey("accrual.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = versioned(version)


class DisputeMessage(Base):
    """One message in the thread of a dispute."""

    __tablename__ = "dispute_message"
    rows: ClassVar[Rows] = partner_rows("partner_id")

    id: Mapped[id_key]
    dispute_id: Mapped[UUID] = mapped_column(ForeignKey("dispute.id"), index=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id"))
    by: Mapped[User] = relationship(lazy="raise_on_sql")
    at: Mapped[moment]
    text: Mapped[str] = mapped_column(Text)
