"""Book an order from a won opportunity."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.db.numbering import next_reference
from app.deals.rules import DealType
from app.jobs.services import enqueue
from app.ledger.services import record
from app.pipeline import queries as pipeline
from app.pipeline.models import Opportunity, Participant
from app.pipeline.rules import ParticipantRole, ParticipantState, Stage
from app.revenue import queries
from app.revenue.models import LegalEntity, Order, OrderLine
from app.revenue.rules import AlreadyBooked, NothingToBook, NotWon, check_day
from app.revenue.services.entities import entity_for

CREDIT_JOB = "attribution.credit_order"
"""Who gets credit for an order is decided above: the job is asked for by its name."""


@dataclass(frozen=True, slots=True)
class Booking:
    """What the person who books says: the day (by default that of the win), who sells, a purchase
    order number.
    """

    on: date | None = None
    entity_id: UUID | None = None
    customer_reference: str = ""


def book(
    session: Session, opportunity_id: UUID, *, actor: Actor, at: datetime, said: Booking = Booking()
) -> Order:
    """Book the order of a won opportunity; its lines are copied and add up to the order.

    :raises NotFound: if there is no such opportunity or company
    :raises NotWon: if it is not won
    :raises AlreadyBooked: if it has an order
    :raises NothingToBook: if it has no lines of any worth
    :raises WrongDay: if the day lies ahead
    """
    won = pipeline.one(session, opportunity_id, actor=actor, lock=True)
    _refuse_unready(session, won)
    lines = pipeline.lines(session, opportunity_id)
    total = sum(line.amount_minor for line in lines)
    if total <= 0:
        raise NothingToBook("The opportunity has no product lines of any worth; add them first.")
    on = said.on or (won.closed_at or at).date()
    check_day(on, today=at.date(), after=date.min, what="")
    order = _order(session, won, said, on=on, at=at)
    order.total_minor = total
    session.add(order)
    session.flush()
    session.add_all(
        OrderLine(order_id=order.id, product_id=line.product_id, position=place,
                  quantity=line.quantity, amount_minor=line.amount_minor)
        for place, line in enumerate(lines, 1)
    )  # fmt: skip
    _tell(session, order, actor=actor, at=at)
    return order


def _refuse_unready(session: Session, won: Opportunity) -> None:
    if won.stage is not Stage.LAUNCHED:
        raise NotWon("Only a won opportunity is booked: move it to launched first.")
    before = queries.order_of_opportunity(session, won.id)
    if before is not None:
        raise AlreadyBooked(f"This opportunity was booked as {before.number}.")


def _order(session: Session, won: Opportunity, said: Booking, *, on: date, at: datetime) -> Order:
    registration = won.registration
    return Order(
        number=next_reference(session, "SO", on.year),
        opportunity_id=won.id,
        account_id=won.account_id,
        entity_id=_entity(session, said.entity_id, won.currency).id,
        fulfilled_by_id=_fulfilling_partner(session, won.id),
        deal_type=(registration and registration.deal_type) or DealType.NEW_BUSINESS,
        currency=won.currency,
        booked_on=on,
        customer_reference=said.customer_reference,
        created_at=at,
    )


def _entity(session: Session, entity_id: UUID | None, currency: str) -> LegalEntity:
    if entity_id is not None:
        return queries.entity(session, entity_id)
    return entity_for(session, currency)


def _fulfilling_partner(session: Session, opportunity_id: UUID) -> UUID | None:
    """Return the partner that delivers: the first that accepted that part."""
    return session.scalar(
        select(Participant.partner_id)
        .where(
            Participant.opportunity_id == opportunity_id,
            Participant.role == ParticipantRole.FULFILMENT,
            Participant.state == ParticipantState.ACCEPTED,
        )
        .order_by(Participant.answered_at, Participant.id)
        .limit(1)
    )


def _tell(session: Session, order: Order, *, actor: Actor, at: datetime) -> None:
    record(
        session, "revenue.order.booked", subject=order, actor=actor, at=at, number=order.number,
        opportunity_id=str(order.opportunity_id), amount_minor=order.total_minor,
        currency=order.currency, booked_on=order.booked_on.isoformat(),
    )  # fmt: skip
    enqueue(session, CREDIT_JOB, key=str(order.id), order_id=order.id)
