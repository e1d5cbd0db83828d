"""Past journeys, all at once, for comparing models over history."""

from collections import defaultdict
from collections.abc import Sequence
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

_HELPS = (ParticipantRole.CO_SELL, ParticipantRole.TECHNICAL, ParticipantRole.INFLUENCE)


@dataclass(frozen=True, slots=True)
class Journey:
    """One won order with the touches that influenced it."""

    order_id: UUID
    currency: str
    minor: int
    won_at: datetime
    touches: tuple[engine.Touch, ...]


def journeys(session: Session) -> list[Journey]:
    """Return every booked order with its influencing touches, in three statements."""
    touches = _influencing(session)
    orders = session.execute(
        select(Order.id, Order.currency, Order.total_minor, Order.booked_on, Order.opportunity_id,
               Opportunity.closed_at)
        .join(Opportunity, Opportunity.id == Order.opportunity_id)
        .where(Order.state == OrderState.BOOKED)
        .order_by(Order.booked_on, Order.number)
    ).all()  # fmt: skip
    return [
        Journey(
            row.id, row.currency, row.total_minor,
            row.closed_at or datetime.combine(row.booked_on, time.max, UTC),
            tuple(touches.get(row.opportunity_id, ())),
        )
        for row in orders
    ]  # fmt: skip


def _influencing(session: Session) -> dict[UUID, list[engine.Touch]]:
    """Return logged touches, and accepted parts of partners that logged none, by opportunity."""
    found: dict[UUID, list[engine.Touch]] = defaultdict(list)
    logged = session.execute(
        select(Touch.id, Touch.opportunity_id, Touch.partner_id, Touch.kind.label("what"), Touch.at)
        .where(Touch.kind.not_in(SOURCING))
    ).all()  # fmt: skip
    known = {(row.opportunity_id, row.partner_id) for row in logged}
    parts = session.execute(
        select(
            Participant.id, Participant.opportunity_id, Participant.partner_id,
            Participant.role.label("what"), Participant.answered_at.label("at"),
        )
        .where(Participant.state == ParticipantState.ACCEPTED, Participant.role.in_(_HELPS))
        .where(Participant.answered_at.is_not(None))
    ).all()  # fmt: skip
    lacking: Sequence[Row[*tuple[Any, ...]]] = [
        row for row in parts if (row.opportunity_id, row.partner_id) not in known
    ]
    for row in [*logged, *lacking]:
        found[row.opportunity_id].append(
            engine.Touch(
                partner_id=str(row.partner_id), at=row.at, kind=row.what.value, key=str(row.id),
                touch_class=CreditClass.INFLUENCED.value,
            )
        )  # fmt: skip
    return found
