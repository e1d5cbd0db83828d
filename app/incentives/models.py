"""Plans with immutable versions, and the commission lines they make."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.columns import currency_code, id_key, minor, moment, states, versioned
from app.db.rows import VENDOR_ONLY, Rows, partner_rows
from app.incentives.rules import AccrualKind, PlanState
from app.partners.models import Partner


class Plan(Base):
    """A named promise of commission; what it says is in its versions."""

    __tablename__ = "plan"
    rows: ClassVar[Rows] = VENDOR_ONLY

    id: Mapped[id_key]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))


class PlanVersion(Base):
    """What a plan says over a span of days; immutable once published (a trigger refuses edits)."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)
    rows: ClassVar[Rows] = VENDOR_ONLY
    ledgered: ClassVar[bool] = True
    further_sql: ClassVar[tuple[str, ...]] = (
        """CREATE OR REPLACE FUNCTION plan_version_is_immutable() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft' AND (OLD.document IS DISTINCT FROM NEW.document
      OR OLD.effective_from IS DISTINCT FROM NEW.effective_from
      OR OLD.published_at IS DISTINCT FROM NEW.published_at) THEN
    RAISE EXCEPTION 'a published plan version cannot be edited';
  END IF;
  RETURN NEW;
END $$""",
        "CREATE TRIGGER plan_version_is_immutable BEFORE UPDATE ON plan_version "
        "FOR EACH ROW EXECUTE FUNCTION plan_version_is_immutable()",
    )

    id: Mapped[id_key]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    plan: Mapped[Plan] = relationship(lazy="raise_on_sql")
    number: Mapped[int]
    state: Mapped[PlanState] = mapped_column(states(PlanState))
    effective_from: Mapped[date]
    effective_until: Mapped[date | None]  # set when the next version follows
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)  # app.incentives.engine reads it
    drafted_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    published_at: Mapped[moment | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = versioned(version)


class Accrual(Base):
    """One commission line: an amount one partner earned by one event under one plan component."""

    __tablename__ = "accrual"
    __table_args__ = (
        UniqueConstraint("plan_code", "component", "event_key", "partner_id", "part", "revision"),
        Index("ix_accrual_period_partner", "period_start", "partner_id"),
    )
    rows: ClassVar[Rows] = partner_rows("partner_id")

    id: Mapped[id_key]
    kind: Mapped[AccrualKind] = mapped_column(states(AccrualKind))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), index=True)
    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")
    plan_version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"))
    plan_code: Mapped[str] = mapped_column(String(40))
    component: Mapped[str] = mapped_column(String(60))
    part: Mapped[str] = mapped_column(String(12), default="main")  # or holdback, granted
    title: Mapped[str] = mapped_column(String(160))  # of the component, as the statement says it
    event_key: Mapped[str] = mapped_column(String(120))  # such as payment:PY-2026-000017-4
    revision: Mapped[int] = mapped_column(default=0)  # adjustments of one line count up
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("accrual.id"))
    order_number: Mapped[str] = mapped_column(String(24))
    customer_name: Mapped[str] = mapped_column(String(120))
    currency: Mapped[currency_code]
    base_minor: Mapped[minor]
    amount_minor: Mapped[minor]
    earned_on: Mapped[date]
    payable_on: Mapped[date | None]  # None while it is not known, such as before collection
    # What time alone opens, as calculated; app.statements.queries.gates names what blocks it now.
    gate: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # code, until and words
    period_start: Mapped[date]  # the commission period whose statement carries it
    because: Mapped[dict[str, Any]] = mapped_column(JSONB)  # the trace
    calculated_at: Mapped[moment]
