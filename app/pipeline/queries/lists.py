"""Lists of opportunities: today's and those of any past day, for pages, files and homes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Subquery, case, func, null, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.catalogue.models import Family
from app.db.paging import Page, page_of
from app.identity.models import User
from app.partners.models import Partner
from app.pipeline.models import Opportunity, Participant, StageChange
from app.pipeline.queries.opportunities import ENGAGED, disclosed_to, seen_by
from app.pipeline.rules import (
    CATEGORY_OF,
    FINAL_STAGES,
    OPEN_STAGES,
    STALLED_AFTER,
    ForecastCategory,
    Stage,
    end_of,
)

MOST_EXPORTED = 20_000
OPEN, CLOSED, ALL = "open", "closed", "all"
SORTS = ("number", "customer", "stage", "amount", "close", "age", "owner")
_ORDER_OF_STAGE = {stage: place for place, stage in enumerate(Stage)}


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the pipeline is shown: ``stage`` is a stage, or open, closed or all; ``on`` a past
    day; ``sort`` a key, or -key downwards.
    """

    stage: str = OPEN
    owner_id: UUID | None = None
    partner_id: UUID | None = None
    category: ForecastCategory | None = None
    search: str = ""
    stalled: bool = False
    on: date | None = None
    sort: str = "close"

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages meant."""
        several = {OPEN: OPEN_STAGES, CLOSED: FINAL_STAGES, ALL: tuple(Stage)}
        return several.get(self.stage) or (Stage(self.stage),)


def standing(on: date | None) -> Subquery:
    """Return what each opportunity is at the end of ``on``, or now: id, stage, amount, close."""
    if on is None:
        now = select(
            Opportunity.id, Opportunity.stage, Opportunity.category,
            Opportunity.amount_minor, Opportunity.close_on, Opportunity.stage_since,
        )  # fmt: skip
        return now.subquery("standing")
    by_stage = case(
        *((StageChange.to_stage == stage, name.value) for stage, name in CATEGORY_OF.items())
    )
    then = (
        select(
            StageChange.opportunity_id.label("id"),
            StageChange.to_stage.label("stage"),
            by_stage.label("category"),
            StageChange.amount_minor,
            StageChange.close_on,
            StageChange.at.label("stage_since"),
        )
        .ext(distinct_on(StageChange.opportunity_id))
        .where(StageChange.at < end_of(on))
        .order_by(StageChange.opportunity_id, StageChange.at.desc(), StageChange.position.desc())
    )
    return then.subquery("standing")


def listing(actor: Actor, filters: Filters, at: datetime) -> Select[*tuple[Any, ...]]:
    """Return the statement behind the list; names are empty where not yet disclosed."""
    chosen = listed(actor, filters)
    return chosen.where(is_stalled(at)) if filters.stalled else chosen


@lru_cache(maxsize=128)  # it is long, and asked for several times a page
def listed(actor: Actor, filters: Filters) -> Select[*tuple[Any, ...]]:
    """Return the same whatever the moment is: whether something stands still is not asked."""
    then = standing(filters.on)
    chosen = _rows(actor, then).where(seen_by(actor), then.c.stage.in_(filters.stages))
    for condition in _conditions(actor, filters, then):
        chosen = chosen.where(condition)
    return chosen.order_by(_order(filters.sort, then, actor), Opportunity.id)


def page_of_opportunities(
    session: Session, *, actor: Actor, filters: Filters, at: datetime, number: int = 1
) -> Page:
    """Return one page of the opportunities that ``actor`` may see."""
    return page_of(session, listing(actor, filters, at), number, per_page=50)


def export(
    session: Session, *, actor: Actor, filters: Filters, at: datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return every row of a list, for a file."""
    return session.execute(listing(actor, filters, at).limit(MOST_EXPORTED)).all()


def totals(
    session: Session, *, actor: Actor, filters: Filters, at: datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return for each currency of a list: currency, how many, amount in minor units."""
    return session.execute(_totals(listing(actor, filters, at))).all()


@lru_cache(maxsize=128)
def _totals(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    rows = statement.order_by(None).subquery()
    total = func.sum(rows.c.amount_minor)
    wanted = select(rows.c.currency, func.count().label("count"), total.label("amount_minor"))
    return wanted.group_by(rows.c.currency).order_by(total.desc())


def pipeline_on(session: Session, day: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return each opportunity as it stood at the end of ``day``: id, stage, currency, amount."""
    then = standing(day)
    return session.execute(
        select(
            then.c.id, then.c.stage, Opportunity.currency, then.c.amount_minor, then.c.close_on
        ).join(Opportunity, Opportunity.id == then.c.id)
    ).all()


def of_account(
    session: Session, account_id: UUID, *, actor: Actor, at: datetime, limit: int = 100
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the opportunities of one customer that ``actor`` may see."""
    chosen = listing(actor, Filters(stage=ALL), at).where(Opportunity.account_id == account_id)
    return session.execute(chosen.limit(limit)).all()


def of_partner(
    session: Session, partner_id: UUID, *, actor: Actor, at: datetime, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the open opportunities in which a partner takes part, the next to close first."""
    chosen = listing(actor, Filters(), at).where(_has_part(partner_id))
    return session.execute(chosen.limit(limit)).all()


def _rows(actor: Actor, then: Subquery) -> Select[*tuple[Any, ...]]:
    disclosed = disclosed_to(actor)
    hidden = case((disclosed, Opportunity.title), else_="")
    for_vendor = actor.is_vendor
    return (
        select(
            Opportunity.id,
            Opportunity.number,
            hidden.label("title"),
            case((disclosed, Opportunity.customer_name), else_="").label("customer_name"),
            disclosed.label("is_disclosed"),
            then.c.stage,
            (then.c.category if for_vendor else null()).label("category"),
            Opportunity.currency,
            then.c.amount_minor,
            then.c.close_on,
            then.c.stage_since,
            func.coalesce(Opportunity.active_at, Opportunity.stage_since).label("active_at"),
            Opportunity.opened_at,
            Opportunity.closed_at,
            Opportunity.pushes,
            case((disclosed, Opportunity.next_step), else_="").label("next_step"),
            Opportunity.owner_id,
            func.coalesce(User.name, Opportunity.owner_name).label("owner_name"),
            Family.name.label("family_name"),
            _partner_names(actor).label("partner_names"),
        )
        .join(then, then.c.id == Opportunity.id)
        .outerjoin(User, User.id == Opportunity.owner_id)
        .outerjoin(Family, Family.id == Opportunity.family_id)
    )


def _partner_names(actor: Actor) -> ColumnElement[Any]:
    named = (
        select(func.string_agg(func.distinct(Partner.name), ", "))
        .join(Participant, Participant.partner_id == Partner.id)
        .where(Participant.opportunity_id == Opportunity.id, Participant.state.in_(ENGAGED))
    )
    if not actor.is_vendor:
        named = named.where(Participant.partner_id.in_(actor.partner_ids))
    return named.correlate(Opportunity).scalar_subquery()


def _conditions(actor: Actor, filters: Filters, then: Subquery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.owner_id is not None:
        found.append(Opportunity.owner_id == filters.owner_id)
    if filters.category is not None and actor.is_vendor:
        found.append(then.c.category == filters.category)
    if filters.partner_id is not None and actor.is_vendor:
        found.append(_has_part(filters.partner_id))
    if filters.search:
        found.append(_named(filters.search) & disclosed_to(actor))
    return found


def _has_part(partner_id: UUID) -> ColumnElement[bool]:
    return Opportunity.id.in_(
        select(Participant.opportunity_id).where(
            Participant.partner_id == partner_id, Participant.state.in_(ENGAGED)
        )
    )


def is_stalled(at: datetime) -> ColumnElement[bool]:
    """Return the condition on open opportunities that stand still at ``at``."""
    active = func.coalesce(Opportunity.active_at, Opportunity.stage_since)
    return Opportunity.stage.in_(OPEN_STAGES) & or_(
        active < at - STALLED_AFTER, Opportunity.close_on < at.date()
    )


def _named(search: str) -> ColumnElement[bool]:
    words = Opportunity.number + " " + Opportunity.title + " " + Opportunity.customer_name
    return words.icontains(search, autoescape=True)


def _order(sort: str, then: Subquery, actor: Actor) -> ColumnElement[Any]:
    downwards, key = sort.startswith("-"), sort.removeprefix("-")
    by_stage = case(*((then.c.stage == stage, place) for stage, place in _ORDER_OF_STAGE.items()))
    visible = disclosed_to(actor)
    orders: dict[str, ColumnElement[Any]] = {
        "number": Opportunity.number.expression,
        "customer": case((visible, func.lower(Opportunity.customer_name)), else_=""),
        "stage": by_stage,
        "amount": then.c.amount_minor,
        "close": then.c.close_on,
        "age": then.c.stage_since,
        "owner": func.lower(func.coalesce(User.name, Opportunity.owner_name)),
    }
    order = orders.get(key, then.c.close_on)
    return order.desc().nulls_last() if downwards else order.asc().nulls_last()
