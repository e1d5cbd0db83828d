"""Lists of registrations, for pages, for homes and for the features above."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.rules import Actor, Role
from app.catalogue.models import Family
from app.db.paging import Page, page_of
from app.deals.models import Registration
from app.deals.rules import WAITING, DealState
from app.identity.models import User
from app.partners.models import Partner

MOST_EXPORTED = 20_000
"""More rows than this are not written into one file."""

_reviewer = aliased(User)
_COLUMNS = (
    Registration.id,
    Registration.number,
    Registration.title,
    Registration.customer_name,
    Registration.customer_country,
    Registration.state,
    Registration.conflict,
    Registration.amount_minor,
    Registration.currency,
    Registration.expected_close_on,
    Registration.created_at,
    Registration.submitted_at,
    Registration.answer_due_at,
    Registration.protected_until,
    Registration.appealed_at,
    Registration.reviewer_id,
    Partner.name.label("partner_name"),
    Family.name.label("family_name"),
    _reviewer.name.label("reviewer_name"),
)
SORTS: dict[str, ColumnElement[Any]] = {
    "number": Registration.number.expression,
    "customer": func.lower(Registration.customer_name),
    "title": func.lower(Registration.title),
    "state": Registration.state.expression,
    "amount": Registration.amount_minor.expression,
    "close": Registration.expected_close_on.expression,
    "created": Registration.created_at.expression,
    "submitted": Registration.submitted_at.expression,
    "due": Registration.answer_due_at.expression,
    "protected": Registration.protected_until.expression,
    "partner": func.lower(Partner.name),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What of a list is shown, and in which order; ``sort`` is a key, or -key downwards."""

    state: DealState | None = None
    search: str = ""
    sort: str = "-created"


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on registrations that ``actor`` may see."""
    if actor.role is None:
        return Registration.id.is_not(None)
    if actor.is_vendor:
        return Registration.state != DealState.DRAFT
    return Registration.partner_id.in_(actor.partner_ids)


@lru_cache(maxsize=128)
def listing(actor: Actor, filters: Filters) -> Select[*tuple[Any, ...]]:
    """Return the statement behind the list of registrations."""
    chosen = _rows().where(seen_by(actor))
    if filters.state is not None:
        chosen = chosen.where(Registration.state == filters.state)
    if filters.search:
        chosen = chosen.where(_names(filters.search))
    return chosen.order_by(_order(filters.sort), Registration.id)


def page_of_registrations(
    session: Session, *, actor: Actor, filters: Filters, number: int = 1
) -> Page:
    """Return one page of the registrations that ``actor`` may see."""
    return page_of(session, listing(actor, filters), number, per_page=25)


def export(session: Session, *, actor: Actor, filters: Filters) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return every row of a list, for a file."""
    return session.execute(listing(actor, filters).limit(MOST_EXPORTED)).all()


def counts_by_state(session: Session, *, actor: Actor) -> dict[DealState, int]:
    """Return how many registrations ``actor`` sees in each state; states without any are absent."""
    return dict(session.execute(_counts(actor)).all())


@lru_cache(maxsize=128)
def _counts(actor: Actor) -> Select[*tuple[Any, ...]]:
    counted = select(Registration.state, func.count()).where(seen_by(actor))
    return counted.group_by(Registration.state)


def desk(actor: Actor, *, mine: bool) -> Select[*tuple[Any, ...]]:
    """Return the statement behind the review desk, the most urgent first."""
    chosen = _rows().where(Registration.state.in_((DealState.SUBMITTED, DealState.IN_REVIEW)))
    if mine:
        chosen = chosen.where(_is_mine(actor))
    return chosen.order_by(Registration.answer_due_at.nulls_last(), Registration.submitted_at)


def awaiting_review(
    session: Session, *, actor: Actor, limit: int = 20
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what waits for a decision by ``actor``, the most urgent first."""
    return session.execute(desk(actor, mine=True).limit(limit)).all()


def desk_counts(session: Session, *, actor: Actor, at: datetime) -> Row[*tuple[Any, ...]]:
    """Return how many registrations wait at the desk: total, mine, overdue, contested."""
    total = func.count()
    return session.execute(
        select(
            total.label("total"),
            total.filter(_is_mine(actor)).label("mine"),
            total.filter(Registration.answer_due_at <= at).label("overdue"),
            total.filter(Registration.conflict != "free").label("contested"),
        ).where(Registration.state.in_((DealState.SUBMITTED, DealState.IN_REVIEW)))
    ).one()


def action_required(
    session: Session, *, actor: Actor, limit: int = 20
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what was sent back to the partners of ``actor``, the oldest first."""
    chosen = _rows().where(seen_by(actor), Registration.state == DealState.ACTION_REQUIRED)
    return session.execute(chosen.order_by(Registration.decided_at).limit(limit)).all()


def approved_without_opportunity(
    session: Session, *, actor: Actor, limit: int = 50
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return approved registrations that no opportunity was started from, first to lapse first."""
    chosen = _rows().where(seen_by(actor), Registration.state == DealState.APPROVED)
    return session.execute(chosen.order_by(Registration.protected_until).limit(limit)).all()


def of_account(
    session: Session, account_id: UUID, *, actor: Actor, limit: int = 100
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the registrations of one customer that ``actor`` may see, newest first."""
    chosen = _rows().where(seen_by(actor), Registration.account_id == account_id)
    return session.execute(chosen.order_by(Registration.created_at.desc()).limit(limit)).all()


def of_partner(
    session: Session, partner_id: UUID, *, actor: Actor, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the registrations of one partner that ``actor`` may see, newest first."""
    chosen = _rows().where(seen_by(actor), Registration.partner_id == partner_id)
    return session.execute(chosen.order_by(Registration.created_at.desc()).limit(limit)).all()


def recent(session: Session, *, actor: Actor, limit: int = 8) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the registrations that ``actor`` sees, newest first."""
    chosen = _rows().where(seen_by(actor))
    return session.execute(chosen.order_by(Registration.created_at.desc()).limit(limit)).all()


def facts_for_attribution(session: Session, account_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return each submitted registration of a customer: id, family, partner, moments, state."""
    return session.execute(
        select(
            Registration.id,
            Registration.number,
            Registration.account_id,
            Registration.family_id,
            Registration.partner_id,
            Registration.created_at,
            Registration.submitted_at,
            Registration.decided_at,
            Registration.protected_until,
            Registration.state,
        )
        .where(Registration.account_id == account_id, Registration.submitted_at.is_not(None))
        .order_by(Registration.submitted_at, Registration.id)
    ).all()


def own_customers(session: Session, *, actor: Actor, limit: int = 200) -> Sequence[str]:
    """Return the customers that the actor's organisation named before, to choose from."""
    return session.scalars(_CUSTOMERS, {"partner_id": actor.partner_id, "most": limit}).all()


_CUSTOMERS = (
    select(Registration.customer_name)
    .where(Registration.partner_id == bindparam("partner_id"))
    .distinct()
    .order_by(Registration.customer_name)
    .limit(bindparam("most"))
)


def queue_length(session: Session) -> int:
    """Return how many registrations wait for a decision; only in the system's reach it is all."""
    waiting = select(func.count()).where(Registration.state.in_(WAITING))
    return session.scalar(waiting) or 0


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .join(Partner, Partner.id == Registration.partner_id)
        .outerjoin(Family, Family.id == Registration.family_id)
        .outerjoin(_reviewer, _reviewer.id == Registration.reviewer_id)
    )


def _names(search: str) -> ColumnElement[bool]:
    wanted = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    columns = (
        Registration.title, Registration.customer_name, Registration.number,
        Registration.partner_reference, Partner.name,
    )  # fmt: skip
    return or_(*(column.ilike(f"%{wanted}%") for column in columns))


def _order(sort: str) -> ColumnElement[Any]:
    column = SORTS.get(sort.removeprefix("-"), SORTS["created"])
    return (column.desc() if sort.startswith("-") else column.asc()).nulls_last()


def _is_mine(actor: Actor) -> ColumnElement[bool]:
    own = Registration.reviewer_id == actor.user_id
    if actor.role is Role.CHANNEL_LEAD:
        appealed = and_(
            Registration.appealed_at.is_not(None), Registration.state == DealState.IN_REVIEW
        )
        return or_(own, Registration.reviewer_id.is_(None), appealed)
    return own
