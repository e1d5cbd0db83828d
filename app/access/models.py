"""Stored answers to writes, so that the same form sent twice acts once."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.columns import moment
from app.db.rows import OWN_ACTOR, Rows


class StoredAnswer(Base):
    """The answer to one write by one actor, kept 72 hours under the key its form carried."""

    __tablename__ = "stored_answer"
    rows: ClassVar[Rows] = OWN_ACTOR

    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    location: Mapped[str | None] = mapped_column(String(2000))
    flashes: Mapped[list[Any] | None] = mapped_column(JSONB)
    created_at: Mapped[moment]
