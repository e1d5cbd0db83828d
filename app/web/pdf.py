"""The PDF door: one function from HTML to an archivable, tagged, byte-stable PDF/A-3a."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from app.web.printer import Printer

PRINTER = Printer("pdf", seconds=60.0)
"""At most one child for each web or worker process; its memory is given back when idle."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file embedded in the document, such as the lines of a statement as CSV."""

    name: str
    mime: str
    content: bytes
    description: str = ""
    relationship: str = "Data"


def render_pdf(
    html: str, *, title: str, created_at: datetime, attachments: Sequence[Attachment] = ()
) -> bytes:
    """Return the PDF/A-3a picture of ``html``; the same input gives the same bytes.

    ``static/css/print.css`` applies to every document. A document may use files under ``/static/``
    and inline pictures; whatever else it names is left out and logged.

    :raises PrinterBusy: if many documents are being printed
    :raises PrintedTooLong: if it takes more than a minute
    """
    facts = [_facts(each) for each in attachments]
    head = {
        "title": title,
        "created_at": created_at.astimezone(UTC).isoformat(timespec="seconds"),
        "attachments": facts,
    }
    blobs = [html.encode(), *(each.content for each in attachments)]
    identifier = hashlib.sha256(json.dumps(head, sort_keys=True).encode())
    for blob in blobs:
        identifier.update(hashlib.sha256(blob).digest())
    return PRINTER.run({**head, "identifier": identifier.hexdigest()[:32]}, blobs)


def _facts(attachment: Attachment) -> dict[str, str]:
    facts = asdict(attachment)
    del facts["content"]
    return facts


def qr_code(text: str, *, scale: int = 1) -> str:
    """Return ``text`` as a QR code for the ``src`` of a picture."""
    import segno  # only what is printed carries one

    return segno.make(text, error="m").svg_data_uri(border=0, scale=scale)
