"""Past journeys, all at once, for comparing models over history."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.attribution import engine
from app.attribution.models import Touch
from app.attribution.rules import SOURCING, CreditClass
from app.pipeline.models import Opportunity, Participant
from app.pipeline.rules import ParticipantRole, ParticipantState
from app.revenue.models import Order
from app.revenue.rules import OrderState

Rows = tuple[Row[*tuple[Any, ...]], ...]
_HELPS = (ParticipantRole.CO_SELL, ParticipantRole.TECHNICAL, ParticipantRole.INFLUENCE)


@dataclass(frozen=True, slots=True)
class History:
    """All that journeys are told from, as it was read: two are equal where nothing happened."""

    orders: Rows
    logged: Rows
    parts: Rows


def history(session: Session) -> History:
    """Return booked orders, logged touches and accepted parts, in three statements."""
    return History(*(tuple(session.execute(wanted)) for wanted in (_ORDERS, _LOGGED, _PARTS)))


_ORDERS = (
    select(Order.id, Order.currency, Order.total_minor, Order.booked_on, Order.opportunity_id,
           Opportunity.closed_at)
    .join(Opportunity, Opportunity.id == Order.opportunity_id)
    .where(Order.state == OrderState.BOOKED)
    .order_by(Order.booked_on, Order.number)
)  # fmt: skip
_LOGGED = select(
    Touch.id, Touch.opportunity_id, Touch.partner_id, Touch.kind.label("what"), Touch.at
).where(Touch.kind.not_in(SOURCING))
_PARTS = (
    select(
        Participant.id, Participant.opportunity_id, Participant.partner_id,
        Participant.role.label("what"), Participant.answered_at.label("at"),
    )
    .where(Participant.state == ParticipantState.ACCEPTED, Participant.role.in_(_HELPS))
    .where(Participant.answered_at.is_not(None))
)  # fmt: skip


def journeys(known: History) -> list[engine.Journey]:
    """Return every booked order with its influencing touches."""
    touches = _influencing(known)
    return [
        engine.Journey(
            id=str(row.id), currency=row.currency, minor=row.total_minor,
            closed_at=row.closed_at or datetime.combine(row.booked_on, time.max, UTC),
            touches=tuple(touches.get(row.opportunity_id, ())),
        )
        for row in known.orders
    ]  # fmt: skip


def _influencing(known: History) -> dict[UUID, list[engine.Touch]]:
    """Return logged touches, and accepted parts of partners that logged none, by opportunity."""
    found: dict[UUID, list[engine.Touch]] = defaultdict(list)
    named = {(row.opportunity_id, row.partner_id) for row in known.logged}
    lacking = (row for row in known.parts if (row.opportunity_id, row.partner_id) not in named)
    for row in (*known.logged, *lacking):
        found[row.opportunity_id].append(
            engine.Touch(
                partner_id=str(row.partner_id), at=row.at, kind=row.what.value, key=str(row.id),
                touch_class=CreditClass.INFLUENCED.value,
                role=row.what.value if isinstance(row.what, ParticipantRole) else "",
            )
        )  # fmt: skip
    return found
