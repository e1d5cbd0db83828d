"""What the library holds, and which of it somebody may open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.access.rules import Actor, Permission
from app.enablement.models import LibraryItem
from app.enablement.rules import ItemKind
from app.files.models import StoredFile
from app.kernel.errors import NotFound
from app.partners.models import Partner, Programme, Tier
from app.partners.rules import PartnerState

_held = aliased(Tier)
_asked = aliased(Tier)


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the library is shown."""

    search: str = ""
    kind: ItemKind | None = None
    programme_id: UUID | None = None


def visible_to(actor: Actor, *, on: date) -> Select[LibraryItem]:
    """Return the items that ``actor`` may open on ``on``.

    A partner opens what is published, has not ended, is for its programme or for every one, and
    asks for no tier above its own. Editors also open drafts.
    """
    return select(LibraryItem).where(_listed(actor, on), _opens(actor))


def one(session: Session, slug: str, *, actor: Actor, on: date, lock: bool = False) -> LibraryItem:
    """Return an item with its file, programme and tier.

    :raises NotFound: if there is none that ``actor`` may open
    """
    wanted = visible_to(actor, on=on).where(LibraryItem.slug == slug)
    return _found(session, wanted, lock=lock)


def by_id(session: Session, item_id: UUID, *, lock: bool = False) -> LibraryItem:
    """Return an item for those who edit the library.

    :raises NotFound: if there is none
    """
    return _found(session, select(LibraryItem).where(LibraryItem.id == item_id), lock=lock)


def _found(session: Session, wanted: Select[LibraryItem], *, lock: bool) -> LibraryItem:
    wanted = wanted.options(
        joinedload(LibraryItem.file),
        joinedload(LibraryItem.programme),
        joinedload(LibraryItem.tier),
    )
    if lock:
        wanted = wanted.with_for_update(of=LibraryItem).execution_options(populate_existing=True)
    item = session.scalars(wanted).one_or_none()
    if item is None:
        raise NotFound
    return item


def listing(
    session: Session, *, actor: Actor, on: date, filters: Filters
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the items that ``actor`` may know of, by title; ``opens`` says which it may open."""
    return session.execute(_listing(actor, on, filters)).all()


@lru_cache(maxsize=128)
def _listing(actor: Actor, on: date, filters: Filters) -> Select[*tuple[Any, ...]]:
    return (
        select(
            LibraryItem.id,
            LibraryItem.slug,
            LibraryItem.title,
            LibraryItem.summary,
            LibraryItem.kind,
            LibraryItem.valid_until,
            LibraryItem.published_at,
            Programme.name.label("programme"),
            _asked.name.label("tier"),
            StoredFile.name.label("file_name"),
            StoredFile.size.label("file_size"),
            _opens(actor).label("opens"),
        )
        .outerjoin(Programme, Programme.id == LibraryItem.programme_id)
        .outerjoin(_asked, _asked.id == LibraryItem.tier_id)
        .outerjoin(StoredFile, StoredFile.id == LibraryItem.file_id)
        .where(_listed(actor, on), *_chosen(filters))
        .order_by(LibraryItem.title)
        .limit(500)
    )


def _chosen(filters: Filters) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if filters.search:
        said = LibraryItem.title + " " + LibraryItem.summary
        chosen.append(said.icontains(filters.search, autoescape=True))
    if filters.kind is not None:
        chosen.append(LibraryItem.kind == filters.kind)
    if filters.programme_id is not None:
        mine = LibraryItem.programme_id == filters.programme_id
        chosen.append(or_(mine, LibraryItem.programme_id.is_(None)))
    return chosen


def _listed(actor: Actor, on: date) -> ColumnElement[bool]:
    """Return the condition on items whose title ``actor`` may know."""
    if actor.may(Permission.LIBRARY_EDIT):
        return LibraryItem.id.is_not(None)
    current = and_(
        LibraryItem.published_at.is_not(None),
        or_(LibraryItem.valid_until.is_(None), LibraryItem.valid_until > on),
    )
    if actor.is_vendor:
        return current
    return and_(current, exists().where(_is_member(actor)).correlate(LibraryItem))


def _opens(actor: Actor) -> ColumnElement[bool]:
    """Return whether the tier of ``actor`` reaches the item's."""
    if actor.is_vendor:
        return LibraryItem.id.is_not(None)
    asked = aliased(Tier)
    reached = (
        exists()
        .where(_is_member(actor), _held.id == Partner.tier_id)
        .where(asked.id == LibraryItem.tier_id, asked.rank <= _held.rank)
        .correlate(LibraryItem)
    )
    return or_(LibraryItem.tier_id.is_(None), reached)


def _is_member(actor: Actor) -> ColumnElement[bool]:
    """Return whether the actor's own partner works under the programme of the item."""
    return and_(
        Partner.id == actor.partner_id,
        Partner.state != PartnerState.ENDED,
        or_(LibraryItem.programme_id.is_(None), LibraryItem.programme_id == Partner.programme_id),
    )
