"""Items of the library, and certificates."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM
from app.enablement.models import Certificate, LibraryItem
from app.enablement.rules import Award, Content, ItemKind
from app.enablement.services import Upload, add_item, award, publish
from app.partners.models import Partner
from tests.factories.clockwork import NOON, unique


def content(**over: Any) -> Content:
    """Return a page for everybody."""
    number = unique()
    values = {"slug": f"guide-{number}", "title": f"Guide {number}", "kind": ItemKind.PAGE}
    return Content(**{**values, "body": "Read **this**.", **over})


def make_item(session: Session, *, published: bool = True, **over: Any) -> LibraryItem:
    """Return a page of the library, published unless asked otherwise; with ``file``, a file."""
    file = over.pop("file", None)
    if file is not None:
        over["kind"] = ItemKind.FILE
    upload = Upload("guide.pdf", file) if file is not None else None
    item = add_item(session, content(**over), upload=upload, actor=SYSTEM, at=NOON)
    return publish(session, item.id, actor=SYSTEM, at=NOON) if published else item


def make_certificate(session: Session, partner: Partner, **over: Any) -> Certificate:
    """Return a certificate of somebody of ``partner``, live in 2026."""
    days = {"awarded_on": date(2026, 1, 1), "valid_until": date(2027, 1, 1)}
    values = {"partner_id": partner.id, "subject": "Sales foundation", "holder": "Ada"}
    at = over.pop("at", NOON)
    return award(session, Award(**{**values, **days, **over}), actor=SYSTEM, at=at)
