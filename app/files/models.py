"""Stored files and what is known of each."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.columns import id_key, moment
from app.db.rows import Rows, partner_rows


class StoredFile(Base):
    """An uploaded file, never changed; one without a partner may be read by all partners."""

    __tablename__ = "stored_file"
    rows: ClassVar[Rows] = partner_rows("partner_id", null_is_shared=True)

    id: Mapped[id_key]
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]  # in bytes
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id"))
    uploaded_at: Mapped[moment]
