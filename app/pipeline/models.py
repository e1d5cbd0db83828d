"""Opportunities with their lines, stage history, participants and notes."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account
from app.catalogue.models import Family, Product
from app.db.base import Base
from app.db.columns import currency_code, id_key, minor, moment, states, versioned
from app.db.rows import VENDOR_ONLY, Rows, parent, partner_rows, through
from app.deals.models import Registration
from app.identity.models import User
from app.partners.models import Partner
from app.pipeline.rules import (
    ForecastCategory,
    LossReason,
    ParticipantRole,
    ParticipantState,
    Stage,
)


def _of_participants() -> Rows:
    """Return: visible with the opportunity, where the vendor or the reader's own partner wrote it.

    Participants may not learn of each other, so that not even each other's words are shared.
    """
    above = parent("opportunity", "opportunity_id")
    own = "partner_id = ANY ((SELECT tandem_partners())::uuid[])"
    seen = "EXISTS (SELECT 1 FROM opportunity AS above WHERE above.id = {table}.opportunity_id)"
    everything = "(SELECT tandem_sees_all())"
    return Rows(
        f"{above.kind}, own or the vendor's",
        f"{everything} OR ((partner_id IS NULL OR {own}) AND {seen})",
        f"{everything} OR ({own} AND {seen})",
    )


class Opportunity(Base):
    """One possible sale to one account, worked by an owner and the partners that take part."""

    __tablename__ = "opportunity"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("ix_opportunity_stage_close", "stage", "close_on"),
    )
    rows: ClassVar[Rows] = through("participant", "opportunity_id")
    ledgered: ClassVar[bool] = True

    id: Mapped[id_key]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    title: Mapped[str] = mapped_column(String(255))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    account: Mapped[Account | None] = relationship(lazy="raise_on_sql")
    customer_name: Mapped[str] = mapped_column(String(120))  # as its participants may read it
    registration_id: Mapped[UUID | None] = mapped_column(ForeignKey("registration.id"), unique=True)
    registration: Mapped[Registration | None] = relationship(lazy="raise_on_sql")
    family_id: Mapped[UUID | None] = mapped_column(ForeignKey("family.id"))
    family: Mapped[Family | None] = relationship(lazy="raise_on_sql")
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    owner: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[owner_id])
    owner_name: Mapped[str] = mapped_column(String(120), default="")  # of an owner without sign-in
    stage: Mapped[Stage] = mapped_column(states(Stage))
    category: Mapped[ForecastCategory] = mapped_column(states(ForecastCategory))
    category_reason: Mapped[str] = mapped_column(String(300), default="")
    currency: Mapped[currency_code]
    amount_minor: Mapped[minor]
    close_on: Mapped[date | None]
    decision_on: Mapped[date | None]  # when the customer decides
    problem: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(String(300), default="")
    next_step_at: Mapped[moment | None]  # when it was named
    loss_reason: Mapped[LossReason | None] = mapped_column(states(LossReason))
    opened_at: Mapped[moment]
    stage_since: Mapped[moment]
    active_at: Mapped[moment | None]  # when somebody last did something about it
    closed_at: Mapped[moment | None]
    pushes: Mapped[int] = mapped_column(default=0)  # how often the close date moved later
    reopens_id: Mapped[UUID | None] = mapped_column(ForeignKey("opportunity.id"))
    source: Mapped[str | None] = mapped_column(String(40))
    source_id: Mapped[str | None] = mapped_column(String(120))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = versioned(version)


class OpportunityLine(Base):
    """One product of an opportunity, with quantity and amount in the opportunity's currency."""

    __tablename__ = "opportunity_line"
    rows: ClassVar[Rows] = parent("opportunity", "opportunity_id")

    id: Mapped[id_key]
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunity.id"), index=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    product: Mapped[Product] = relationship(lazy="raise_on_sql")
    position: Mapped[int]
    quantity: Mapped[int]
    amount_minor: Mapped[minor]


class StageChange(Base):
    """One move between stages, with the amount and close date at that moment.

    A changed amount or close date leaves a row too, in which both stages are the same, so that
    the pipeline of any past day can be rebuilt.
    """

    __tablename__ = "stage_change"
    rows: ClassVar[Rows] = parent("opportunity", "opportunity_id")

    id: Mapped[id_key]
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunity.id"), index=True)
    position: Mapped[int] = mapped_column(Identity(), unique=True)  # changes of one moment in order
    from_stage: Mapped[Stage | None] = mapped_column(states(Stage, "from_stage"))
    to_stage: Mapped[Stage] = mapped_column(states(Stage, "to_stage"))
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    by: Mapped[User | None] = relationship(lazy="raise_on_sql")
    at: Mapped[moment] = mapped_column(index=True)
    currency: Mapped[currency_code]
    amount_minor: Mapped[minor]
    close_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class Participant(Base):
    """A partner's part in an opportunity."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("opportunity_id", "partner_id", "role"),)
    rows: ClassVar[Rows] = partner_rows("partner_id")
    ledgered: ClassVar[bool] = True

    id: Mapped[id_key]
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunity.id"), index=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), index=True)
    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")
    role: Mapped[ParticipantRole] = mapped_column(states(ParticipantRole))
    state: Mapped[ParticipantState] = mapped_column(states(ParticipantState))
    invited_at: Mapped[moment]
    answered_at: Mapped[moment | None]


class SharedNote(Base):
    """A note between the vendor and participants: the vendor's for all of them, a partner's for it
    and the vendor.
    """

    __tablename__ = "shared_note"
    rows: ClassVar[Rows] = _of_participants()

    id: Mapped[id_key]
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunity.id"), index=True)
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"))  # None: the vendor
    by_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id"))
    by: Mapped[User] = relationship(lazy="raise_on_sql")
    at: Mapped[moment]
    text: Mapped[str] = mapped_column(Text)


class NextStep(Base):
    """What was named as the next step of an opportunity, by whom and when."""

    __tablename__ = "next_step"
    rows: ClassVar[Rows] = _of_participants()

    id: Mapped[id_key]
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunity.id"), index=True)
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"))  # None: the vendor
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[moment]
    text: Mapped[str] = mapped_column(String(300))


class InternalNote(Base):
    """A note on an opportunity that only the vendor's people read; a table of its own."""

    __tablename__ = "internal_note"
    rows: ClassVar[Rows] = VENDOR_ONLY

    id: Mapped[id_key]
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunity.id"), index=True)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id"))
    by: Mapped[User] = relationship(lazy="raise_on_sql")
    at: Mapped[moment]
    text: Mapped[str] = mapped_column(Text)
