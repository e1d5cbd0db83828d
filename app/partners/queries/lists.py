"""The list of partners, on the page and as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.rules import Actor
from app.db.paging import Page, page_of
from app.identity.models import User
from app.partners.models import Partner, Programme, Tier
from app.partners.rules import PartnerState

MOST_EXPORTED = 20_000
"""More rows than this are not written into one file."""

_manager = aliased(User)
_COLUMNS = (
    Partner.id,
    Partner.number,
    Partner.name,
    Partner.legal_name,
    Partner.state,
    Partner.country,
    Partner.region,
    Partner.city,
    Partner.currency,
    Partner.joined_at,
    Partner.contact_name,
    Partner.contact_email,
    Programme.name.label("programme"),
    Tier.name.label("tier"),
    _manager.name.label("manager"),
)
SORTS: dict[str, ColumnElement[Any]] = {
    "name": func.lower(Partner.name),
    "number": Partner.number.expression,
    "state": Partner.state.expression,
    "programme": func.lower(Programme.name),
    "tier": Tier.rank.expression,
    "country": Partner.country.expression,
    "manager": func.lower(_manager.name),
    "joined": Partner.joined_at.expression,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the list is shown, and in which order; ``sort`` is a key, or -key downwards."""

    search: str = ""
    state: PartnerState | None = None
    programme_id: UUID | None = None
    tier_id: UUID | None = None
    manager_id: UUID | None = None
    country: str = ""
    sort: str = "name"


@lru_cache(maxsize=128)
def listing(actor: Actor, filters: Filters) -> Select[*tuple[Any, ...]]:
    """Return the statement behind the list of partners."""
    chosen = (
        select(*_COLUMNS)
        .join(Programme, Programme.id == Partner.programme_id)
        .join(Tier, Tier.id == Partner.tier_id)
        .outerjoin(_manager, _manager.id == Partner.manager_id)
        .where(*_conditions(filters))
    )
    if not actor.is_vendor:
        chosen = chosen.where(Partner.id.in_(actor.partner_ids))
    return chosen.order_by(_order(filters.sort), Partner.id)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    wanted: dict[Any, Any] = {
        Partner.state: filters.state,
        Partner.programme_id: filters.programme_id,
        Partner.tier_id: filters.tier_id,
        Partner.manager_id: filters.manager_id,
        Partner.country: filters.country,
    }
    chosen: list[ColumnElement[bool]] = [name == value for name, value in wanted.items() if value]
    if filters.search:
        searched = (Partner.name, Partner.legal_name, Partner.number, Partner.city)
        said = [column.icontains(filters.search, autoescape=True) for column in searched]
        chosen.append(or_(*said))
    return chosen


def _order(sort: str) -> ColumnElement[Any]:
    column = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    return column.desc().nulls_last() if sort.startswith("-") else column.asc().nulls_last()


def page_of_partners(session: Session, *, actor: Actor, filters: Filters, number: int = 1) -> Page:
    """Return one page of the partners that ``actor`` may see."""
    return page_of(session, listing(actor, filters), number, per_page=25)


def export(session: Session, *, actor: Actor, filters: Filters) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return every row of a list, for a file."""
    return session.execute(listing(actor, filters).limit(MOST_EXPORTED)).all()


def counts_by_state(session: Session) -> dict[PartnerState, int]:
    """Return how many partners stand in each state; states without any are absent."""
    counted = select(Partner.state, func.count()).group_by(Partner.state)
    return dict(session.execute(counted).all())


def countries(session: Session) -> Sequence[str]:
    """Return the codes of the countries that partners are in."""
    return session.scalars(select(Partner.country).distinct().order_by(Partner.country)).all()
