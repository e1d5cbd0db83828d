"""Write items of the library, give them files, publish and withdraw them."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.enablement import queries
from app.enablement.models import LibraryItem
from app.enablement.rules import Content, ItemKind, checked_content
from app.files.services import store
from app.kernel.errors import Conflict, FieldError, Invalid
from app.ledger.services import record
from app.partners.queries import tier


class AddressTaken(Invalid):
    """Another item of the library has this address."""

    code = "enablement.address_taken"


class NothingToPublish(Conflict):
    """A page without text, or a file item without a file, cannot be published."""

    code = "enablement.nothing_to_publish"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    name: str
    content: bytes


def add_item(
    session: Session, content: Content, *, upload: Upload | None = None, actor: Actor, at: datetime
) -> LibraryItem:
    """Add an item that nobody but its editors sees until it is published.

    :raises Invalid: if its address is taken, its tier of another programme, its file not taken
    """
    item = LibraryItem()
    _write(session, item, content, upload, actor=actor, at=at)
    session.add(item)
    session.flush()
    record(session, "enablement.item.added", subject=item, actor=actor, at=at, kind=item.kind.value)
    return item


def edit_item(
    session: Session,
    item_id: UUID,
    *,
    content: Content,
    upload: Upload | None = None,
    actor: Actor,
    at: datetime,
) -> LibraryItem:
    """Replace what an item says; without a new file it keeps the one it has.

    :raises NotFound: if there is no such item
    :raises Invalid: as for a new one
    """
    item = queries.by_id(session, item_id, lock=True)
    _write(session, item, content, upload, actor=actor, at=at)
    record(
        session,
        "enablement.item.edited",
        subject=item,
        actor=actor,
        at=at,
        new_file=upload is not None,
    )
    session.flush()
    return item


def publish(session: Session, item_id: UUID, *, actor: Actor, at: datetime) -> LibraryItem:
    """Let partners see an item. A second call does nothing.

    :raises NotFound: if there is no such item
    :raises NothingToPublish: if there is nothing in it
    """
    item = queries.by_id(session, item_id, lock=True)
    if missing := _missing(item):
        raise NothingToPublish(f"“{item.title}” has no {missing} yet, so it stays a draft.")
    if item.published_at is None:
        item.published_at = at
        asked = str(item.tier_id or "")
        record(session, "enablement.item.published", subject=item, actor=actor, at=at, tier=asked)
    return item


def withdraw(session: Session, item_id: UUID, *, actor: Actor, at: datetime) -> LibraryItem:
    """Hide an item from partners again. A second call does nothing.

    :raises NotFound: if there is no such item
    """
    item = queries.by_id(session, item_id, lock=True)
    if item.published_at is not None:
        item.published_at = None
        record(session, "enablement.item.withdrawn", subject=item, actor=actor, at=at)
    return item


def _missing(item: LibraryItem) -> str:
    """Return what an item lacks to be read: its text or its file, or nothing."""
    if item.kind is ItemKind.FILE:
        return "" if item.file_id else "file"
    return "" if item.body.strip() else "text"


def _write(
    session: Session,
    item: LibraryItem,
    content: Content,
    upload: Upload | None,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    checked = checked_content(content)
    _check_address(session, item, checked.slug)
    for name, value in asdict(checked).items():
        setattr(item, name, value)
    if checked.tier_id is not None:
        item.programme_id = _programme_of(session, checked)
    if upload is not None:
        item.file_id = store(
            session, name=upload.name, content=upload.content, actor=actor, at=at
        ).id
    if item.published_at is not None and (missing := _missing(item)):
        field = "body" if item.kind is ItemKind.PAGE else "upload"
        said = f"Partners read this item: it needs a {missing}. Withdraw it first to empty it."
        raise Invalid.fields(FieldError(field, said, NothingToPublish.code))


def _check_address(session: Session, item: LibraryItem, slug: str) -> None:
    with session.no_autoflush:
        found = session.scalar(select(LibraryItem.id).where(LibraryItem.slug == slug))
    if found is not None and found != item.id:
        said = "Another item of the library has this address."
        raise AddressTaken(said, errors=(FieldError("slug", said, AddressTaken.code),))


def _programme_of(session: Session, content: Content) -> UUID:
    """Return the programme of the tier, which may be left out but not be another."""
    if content.tier_id is None:
        raise Invalid("A tier is needed.")
    asked = tier(session, content.tier_id).programme_id
    if content.programme_id not in {None, asked}:
        said = "Choose a tier of the same programme."
        raise Invalid.fields(FieldError("tier_id", said, "enablement.tier"))
    return asked
