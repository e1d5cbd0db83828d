"""Which stored files somebody may read."""

from typing import Protocol
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import undefer

from app.files.models import StoredFile


class Reader(Protocol):
    """Whoever reads: the vendor's people, or those of some partners."""

    @property
    def is_vendor(self) -> bool:
        """Whether this is one of the vendor's people, or the system."""

    @property
    def partner_ids(self) -> tuple[UUID, ...]:
        """The organisations whose rows they may see."""


def visible_to(reader: Reader) -> Select[StoredFile]:
    """Return the files that ``reader`` may read, without their content."""
    found = select(StoredFile)
    if reader.is_vendor:
        return found
    own = StoredFile.partner_id.in_(reader.partner_ids)
    return found.where(or_(own, StoredFile.partner_id.is_(None)))


def with_content(reader: Reader, file_id: UUID) -> Select[StoredFile]:
    """Return one file that ``reader`` may read, with its content."""
    loaded = undefer(StoredFile.content)
    return visible_to(reader).where(StoredFile.id == file_id).options(loaded)
