"""The library, and the certificates that people of partners hold."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.columns import id_key, moment, states, versioned
from app.db.rows import SHARED, Rows, partner_rows
from app.enablement.rules import ItemKind
from app.files.models import StoredFile
from app.partners.models import Programme, Tier


class LibraryItem(Base):
    """A page or file for partners, from one tier of one programme on upwards."""

    __tablename__ = "library_item"
    rows: ClassVar[Rows] = SHARED

    id: Mapped[id_key]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    summary: Mapped[str] = mapped_column(String(300), default="")
    kind: Mapped[ItemKind] = mapped_column(states(ItemKind))
    body: Mapped[str] = mapped_column(Text, default="")  # Markdown
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")
    programme_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme.id"))  # None: every
    programme: Mapped[Programme | None] = relationship(lazy="raise_on_sql")
    tier_id: Mapped[UUID | None] = mapped_column(ForeignKey("tier.id"))  # lowest tier that may
    tier: Mapped[Tier | None] = relationship(lazy="raise_on_sql")
    valid_until: Mapped[date | None]
    published_at: Mapped[moment | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = versioned(version)


class Certificate(Base):
    """What one person of a partner has shown to know, from one day until another."""

    __tablename__ = "certificate"
    rows: ClassVar[Rows] = partner_rows("partner_id")

    id: Mapped[id_key]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), index=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    holder: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(120))
    awarded_on: Mapped[date]
    valid_until: Mapped[date]
    recorded_at: Mapped[moment]  # when it came to be known, which may be later than the award
