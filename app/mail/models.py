"""Letters, sent and to be sent; in development they are also the mailbox."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.columns import id_key, moment, states
from app.db.rows import SYSTEM_ONLY, Rows


class MailState(StrEnum):
    """Where a letter stands."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class MailMessage(Base):
    """One letter to one address, as it is sent."""

    __tablename__ = "mail_message"
    __table_args__ = (Index("ix_mail_message_latest", "created_at"),)
    rows: ClassVar[Rows] = SYSTEM_ONLY  # a letter may carry a link that lets its reader in

    id: Mapped[id_key]
    to: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(250))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    state: Mapped[MailState] = mapped_column(states(MailState), default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    partner_id: Mapped[UUID | None] = mapped_column(index=True)
    """The partner the letter is about, for its history; no key, since partners stand higher."""
    created_at: Mapped[moment]
    sent_at: Mapped[moment | None]
