"""Open deals of a partner as suppositions, and how far its next tier is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.deals.rules import DealType
from app.incentives import engine
from app.incentives.queries.whatif import Deal
from app.incentives.queries.worked import Today
from app.kernel.errors import NotFound
from app.kernel.money import Money
from app.partners.models import Partner, Tier
from app.pipeline.models import Opportunity, Participant
from app.pipeline.rules import OPEN_STAGES, ParticipantRole, ParticipantState

_ROUTES = {
    ParticipantRole.SOURCE: "sourced",
    ParticipantRole.CO_SELL: "influenced",
    ParticipantRole.TECHNICAL: "influenced",
    ParticipantRole.INFLUENCE: "influenced",
    ParticipantRole.FULFILMENT: "fulfilled",
}
TIER_CURRENCY = "EUR"
"""Bookings that a tier asks for are told in this currency."""


@dataclass(frozen=True, slots=True)
class TierOutlook:
    """The next tier, what it asks for in a calendar year, and what is booked of it this year."""

    name: str
    asked: Money
    reached: Money

    @property
    def missing(self) -> Money:
        """What is still missing."""
        return Money(max(0, self.asked.minor - self.reached.minor), self.asked.currency)


def open_deals(session: Session, partner_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the open opportunities that a partner takes part in: id, number, title."""
    taking_part = select(Participant.opportunity_id).where(
        Participant.partner_id == partner_id, Participant.state == ParticipantState.ACCEPTED
    )
    return session.execute(
        select(Opportunity.id, Opportunity.number, Opportunity.title)
        .where(Opportunity.id.in_(taking_part), Opportunity.stage.in_(OPEN_STAGES))
        .order_by(Opportunity.close_on.nulls_last(), Opportunity.number)
        .limit(200)
    ).all()


def deal_of(session: Session, opportunity_id: UUID, partner_id: UUID) -> Deal:
    """Return an open opportunity as a supposed deal, with the partner's own part in it.

    :raises NotFound: if the partner takes no part in it
    """
    rows = session.execute(
        select(Opportunity, Participant.role)
        .join(Participant, Participant.opportunity_id == Opportunity.id)
        .where(
            Opportunity.id == opportunity_id, Participant.partner_id == partner_id,
            Participant.state == ParticipantState.ACCEPTED,
        )
        .options(joinedload(Opportunity.family), joinedload(Opportunity.registration))
    ).all()  # fmt: skip
    if not rows:
        raise NotFound
    found = rows[0][0]
    routes = {_ROUTES[role] for _, role in rows}
    registered = found.registration
    if registered is not None and registered.partner_id == partner_id:
        routes |= {"sourced", "registered"}
    return Deal(
        Money(found.amount_minor, found.currency),
        frozenset(routes),
        (registered.deal_type if registered else DealType.NEW_BUSINESS).value,
        found.family.code if found.family else "",
        str(found.account_id or ""),
    )


def tier_outlook(
    session: Session, today: Today, partner_id: UUID, *, year: int
) -> TierOutlook | None:
    """Return how far a partner's next tier is in a calendar year; None at the top."""
    held, following = aliased(Tier), aliased(Tier)
    row = session.execute(
        select(following.name, following.yearly_bookings_minor)
        .join(held, held.programme_id == following.programme_id)
        .join(Partner, Partner.tier_id == held.id)
        .where(Partner.id == partner_id, following.rank > held.rank)
        .order_by(following.rank)
        .limit(1)
    ).one_or_none()
    if row is None or not row.yearly_bookings_minor:
        return None
    since = date(year, 1, 1)
    mine = [event for event in today.facts.events if event.partner_id == str(partner_id)]
    booked = sum(event.credited_minor or 0 for event in mine if _counts(event, since))
    asked = Money(row.yearly_bookings_minor, TIER_CURRENCY)
    return TierOutlook(row.name, asked, Money(booked, TIER_CURRENCY))


def _counts(event: engine.CreditedEvent, since: date) -> bool:
    is_booking = event.kind is engine.EventKind.BOOKED and event.on >= since
    return is_booking and event.credit_class == "sourced" and event.currency == TIER_CURRENCY
