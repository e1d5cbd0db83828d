"""The board: a column for each stage, its first cards, and what it adds up to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.pipeline.models import Opportunity
from app.pipeline.queries.lists import ALL, Filters, listing
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
    filters = Filters(stage=ALL, owner_id=actor.user_id if mine else None)
    rows = listing(actor, filters, at).where(_on_board(at)).order_by(None)
    place = func.row_number().over(
        partition_by=Opportunity.stage,
        order_by=(Opportunity.close_on.asc().nulls_last(), Opportunity.id),
    )
    placed = rows.add_columns(place.label("place")).subquery()
    return session.execute(
        select(placed).where(placed.c.place <= MOST_CARDS).order_by(placed.c.place)
    ).all()


def columns(
    session: Session, *, actor: Actor, at: datetime, mine: bool = False
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return for each stage and currency on the board: how many, and the sum in minor units."""
    counted = (
        select(
            Opportunity.stage,
            Opportunity.currency,
            func.count().label("count"),
            func.sum(Opportunity.amount_minor).label("amount_minor"),
        )
        .where(seen_by(actor), _on_board(at))
        .group_by(Opportunity.stage, Opportunity.currency)
        .order_by(Opportunity.currency)
    )
    if mine:
        counted = counted.where(Opportunity.owner_id == actor.user_id)
    return session.execute(counted).all()


def _on_board(at: datetime) -> Any:
    return or_(
        Opportunity.stage.in_(OPEN_STAGES),
        (Opportunity.closed_at > at - CLOSED_SHOWN) & (Opportunity.closed_at <= at),
    )
