"""The board: a column for each stage, its first cards, and what it adds up to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.pipeline.models import Opportunity
from app.pipeline.queries.lists import ALL, Filters, listed
from app.pipeline.queries.opportunities import seen_by
from app.pipeline.rules import OPEN_STAGES

MOST_CARDS = 30
"""Cards shown in one column; the list has the others."""
CLOSED_SHOWN = timedelta(days=30)
"""How long a launched or lost opportunity stays on the board."""


def cards(
    session: Session, *, actor: Actor, at: datetime, mine: bool = False
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the first cards of each stage, those that close soonest first."""
    return session.execute(_cards(actor, mine), _span(at)).all()


@lru_cache(maxsize=128)
def _cards(actor: Actor, mine: bool) -> Select[*tuple[Any, ...]]:
    filters = Filters(stage=ALL, owner_id=actor.user_id if mine else None)
    rows = listed(actor, filters).where(_ON_BOARD).order_by(None)
    place = func.row_number().over(
        partition_by=Opportunity.stage,
        order_by=(Opportunity.close_on.asc().nulls_last(), Opportunity.id),
    )
    placed = rows.add_columns(place.label("place")).subquery()
    return select(placed).where(placed.c.place <= MOST_CARDS).order_by(placed.c.place)


def columns(
    session: Session, *, actor: Actor, at: datetime, mine: bool = False
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return for each stage and currency on the board: how many, and the sum in minor units."""
    return session.execute(_columns(actor, mine), _span(at)).all()


@lru_cache(maxsize=128)
def _columns(actor: Actor, mine: bool) -> Select[*tuple[Any, ...]]:
    counted = (
        select(
            Opportunity.stage,
            Opportunity.currency,
            func.count().label("count"),
            func.sum(Opportunity.amount_minor).label("amount_minor"),
        )
        .where(seen_by(actor), _ON_BOARD)
        .group_by(Opportunity.stage, Opportunity.currency)
        .order_by(Opportunity.currency)
    )
    return counted.where(Opportunity.owner_id == actor.user_id) if mine else counted


def _span(at: datetime) -> dict[str, datetime]:
    return {"at": at, "since": at - CLOSED_SHOWN}


_ON_BOARD = or_(
    Opportunity.stage.in_(OPEN_STAGES),
    (Opportunity.closed_at > bindparam("since")) & (Opportunity.closed_at <= bindparam("at")),
)
