"""Keep a file, and hand it out again."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import quote
from uuid import UUID

from sqlalchemy.orm import Session

from app.files import queries
from app.files.models import StoredFile
from app.files.rules import check
from app.kernel.errors import NotFound


class Uploader(Protocol):
    """Whoever brings a file; None stands for the system."""

    @property
    def user_id(self) -> UUID | None:
        """The acting user."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way out: its content and the headers that keep it a mere attachment."""

    content: bytes
    media_type: str
    headers: dict[str, str]


def store(
    session: Session,
    *,
    name: str,
    content: bytes,
    actor: Uploader,
    at: datetime,
    partner_id: UUID | None = None,
) -> StoredFile:
    """Keep a file of ``partner_id``, or one for everybody.

    :raises Invalid: if it is empty, too large, of a kind not taken, or not what its name says
    """
    checked = check(name, content)
    file = StoredFile(
        partner_id=partner_id,
        name=checked.name,
        media_type=checked.media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        uploaded_by=actor.user_id,
        uploaded_at=at,
    )
    session.add(file)
    session.flush()
    return file


def fetch(session: Session, file_id: UUID, *, actor: queries.Reader) -> StoredFile:
    """Return a file with its content.

    :raises NotFound: if there is none that ``actor`` may read
    """
    file = session.scalars(queries.with_content(actor, file_id)).one_or_none()
    if file is None:
        raise NotFound
    return file


def download(file: StoredFile) -> Download:
    """Return what to answer with: saved under its name, never shown, guessed or cached."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "-" for c in file.name)
    return Download(
        file.content,
        file.media_type,
        {
            "Content-Disposition": (
                f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
            ),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
