"""Open deals of a partner as suppositions, and how far its next tier is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, joinedload

from app.db.engine import elevated
from app.deals.rules import DealType
from app.incentives import engine
from app.incentives.queries.facts import facts
from app.incentives.queries.whatif import Deal
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
    parts = select(Participant.role).where(
        Participant.opportunity_id == opportunity_id, Participant.partner_id == partner_id,
        Participant.state == ParticipantState.ACCEPTED,
    )  # fmt: skip
    roles = session.scalars(parts).all()
    found = session.scalar(
        select(Opportunity)
        .where(Opportunity.id == opportunity_id)
        .options(joinedload(Opportunity.family), joinedload(Opportunity.registration))
    )
    if found is None or not roles:
        raise NotFound
    routes = {_ROUTES[role] for role in roles}
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


def tier_outlook(session: Session, partner_id: UUID, *, at: datetime) -> TierOutlook | None:
    """Return how far a partner's next tier is; None at the top."""
    partner = session.scalar(
        select(Partner).where(Partner.id == partner_id).options(joinedload(Partner.tier))
    )
    if partner is None:
        return None
    following = session.scalar(
        select(Tier)
        .where(Tier.programme_id == partner.programme_id, Tier.rank > partner.tier.rank)
        .order_by(Tier.rank)
        .limit(1)
    )
    if following is None or not following.yearly_bookings_minor:
        return None
    with elevated(session):
        known = facts(session, {partner_id}, at.date() + timedelta(days=1), at)
    since = date(at.year, 1, 1)
    booked = sum(event.credited_minor or 0 for event in known.events if _counts(event, since))
    asked = Money(following.yearly_bookings_minor, TIER_CURRENCY)
    return TierOutlook(following.name, asked, Money(booked, TIER_CURRENCY))


def _counts(event: engine.CreditedEvent, since: date) -> bool:
    is_booking = event.kind is engine.EventKind.BOOKED and event.on >= since
    return is_booking and event.credit_class == "sourced" and event.currency == TIER_CURRENCY
