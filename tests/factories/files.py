"""Stored files that are what they say."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM
from app.files.models import StoredFile
from app.files.services import store

PDF = b"%PDF-1.7\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def archive(entries: dict[str, bytes]) -> bytes:
    """Return a ZIP archive that holds ``entries``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name, content)
    return buffer.getvalue()


def make_file(session: Session, **over: Any) -> StoredFile:
    """Return a kept file: a small PDF for everybody, unless ``over`` says otherwise."""
    given: dict[str, Any] = {"name": "proof.pdf", "content": PDF, "actor": SYSTEM, "at": _NOON}
    return store(session, **{**given, **over})
