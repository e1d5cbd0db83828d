"""The touches that an order's credit is worked out from, as the engine reads them."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.attribution import engine
from app.attribution.models import Touch
from app.attribution.rules import SOURCING, CreditClass, TouchKind
from app.deals.models import Registration
from app.pipeline.models import Opportunity, Participant
from app.pipeline.rules import ParticipantRole, ParticipantState
from app.revenue.models import Order

_HELPS = (ParticipantRole.CO_SELL, ParticipantRole.TECHNICAL, ParticipantRole.INFLUENCE)
_Parts = Sequence[Row[*tuple[Any, ...]]]


def won_at(order: Order, opportunity: Opportunity | None) -> datetime:
    """Return the moment of the win; without one, the end of the day of the booking."""
    if opportunity is not None and opportunity.closed_at is not None:
        return opportunity.closed_at
    return datetime.combine(order.booked_on, time.max, UTC)


def touches_of_order(
    session: Session, order: Order, opportunity: Opportunity | None
) -> tuple[engine.Touch, ...]:
    """Return the touches of an order in order of time: who sourced, influenced, fulfilled it."""
    if opportunity is None:
        return tuple(_fulfilled(order, (), won_at(order, None)))
    won = won_at(order, opportunity)
    parts = _parts(session, opportunity.id)
    sourced = _sourced(session, opportunity, parts)
    logged = _logged(session, opportunity.id, has_source=bool(sourced))
    known = {touch.partner_id for touch in logged}
    helped = [_helped(part) for part in parts if part.role in _HELPS
              and str(part.partner_id) not in known]  # fmt: skip
    found = [*sourced, *logged, *helped, *_fulfilled(order, parts, won)]
    return tuple(sorted(found, key=lambda touch: (touch.at, touch.key)))


def _parts(session: Session, opportunity_id: UUID) -> _Parts:
    return session.execute(
        select(Participant.id, Participant.partner_id, Participant.role, Participant.invited_at,
               Participant.answered_at)
        .where(
            Participant.opportunity_id == opportunity_id,
            Participant.state == ParticipantState.ACCEPTED,
        )
        .order_by(Participant.answered_at, Participant.id)
    ).all()  # fmt: skip


def _sourced(session: Session, opportunity: Opportunity, parts: _Parts) -> list[engine.Touch]:
    """Return the registration that the opportunity came from, or else who takes part as source."""
    if opportunity.registration_id is not None:
        row = session.execute(
            select(Registration.id, Registration.partner_id, Registration.submitted_at,
                   Registration.created_at)
            .where(Registration.id == opportunity.registration_id)
        ).one()  # fmt: skip
        at = row.submitted_at or row.created_at
        return [_source(row.partner_id, at, TouchKind.REGISTRATION, row.id)]
    return [
        _source(
            part.partner_id, part.answered_at or part.invited_at, TouchKind.INTRODUCTION, part.id
        )
        for part in parts
        if part.role is ParticipantRole.SOURCE
    ]


def _source(partner_id: UUID, at: datetime, kind: TouchKind, key: UUID) -> engine.Touch:
    return engine.Touch(
        partner_id=str(partner_id), at=at, touch_class=CreditClass.SOURCED.value, kind=kind.value,
        role=ParticipantRole.SOURCE.value, milestone=True, key=str(key),
    )  # fmt: skip


def _logged(session: Session, opportunity_id: UUID, *, has_source: bool) -> list[engine.Touch]:
    """Return the stored touches; where the source is known, none of them is another source."""
    rows = session.execute(
        select(Touch.id, Touch.partner_id, Touch.kind, Touch.at)
        .where(Touch.opportunity_id == opportunity_id)
        .order_by(Touch.at, Touch.id)
    ).all()
    return [
        _source(row.partner_id, row.at, row.kind, row.id)
        if row.kind in SOURCING
        else engine.Touch(
            partner_id=str(row.partner_id), at=row.at, kind=row.kind.value, key=str(row.id),
            touch_class=CreditClass.INFLUENCED.value,
        )
        for row in rows
        if not (has_source and row.kind in SOURCING)
    ]  # fmt: skip


def _helped(part: Row[*tuple[Any, ...]]) -> engine.Touch:
    return engine.Touch(
        partner_id=str(part.partner_id), at=part.answered_at or part.invited_at,
        touch_class=CreditClass.INFLUENCED.value, kind=part.role.value, role=part.role.value,
        key=str(part.id),
    )  # fmt: skip


def _fulfilled(order: Order, parts: _Parts, won: datetime) -> list[engine.Touch]:
    """Return who delivers; delivery may begin after the win and counts all the same."""
    dates = {
        part.partner_id: min(part.answered_at or part.invited_at, won)
        for part in parts
        if part.role is ParticipantRole.FULFILMENT
    }
    if order.fulfilled_by_id is not None:
        dates.setdefault(order.fulfilled_by_id, won)
    return [
        engine.Touch(
            partner_id=str(partner_id), at=at, touch_class=CreditClass.FULFILLED.value,
            kind=ParticipantRole.FULFILMENT.value, role=ParticipantRole.FULFILMENT.value,
            key=f"fulfilment:{partner_id}",
        )
        for partner_id, at in dates.items()
    ]  # fmt: skip


def touches_of_partner(session: Session, opportunity_id: UUID, partner_id: UUID) -> Sequence[Touch]:
    """Return the stored touches of one partner on an opportunity, by time."""
    return session.scalars(
        select(Touch)
        .where(Touch.opportunity_id == opportunity_id, Touch.partner_id == partner_id)
        .order_by(Touch.at, Touch.id)
    ).all()
