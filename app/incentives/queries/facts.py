"""What the engine is told: partners, and revenue as it is credited to them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attribution import queries as attribution
from app.attribution.queries import CreditRow
from app.deals.models import Registration
from app.incentives import engine
from app.incentives.queries.conversion import ROUTE_REGISTERED, credited_events
from app.partners.models import Partner, Programme, Tier, TierHold
from app.pipeline.models import Opportunity, Participant
from app.pipeline.rules import ParticipantState
from app.revenue import queries as revenue

Known = tuple[UUID, UUID]
"""An opportunity and a partner."""


def facts(
    session: Session, partner_ids: Collection[UUID] | None, until: date, recorded_by: datetime
) -> engine.Facts:
    """Return the facts about some partners (None: all that have credits), dated before ``until``.

    What was recorded after ``recorded_by`` is left out, as it was not known then.
    """
    orders = attribution.credits_of_partner(session, partner_ids)
    wanted = set(orders) if partner_ids is None else set(partner_ids)
    order_ids = sorted({order_id for ids in orders.values() for order_id in ids})
    credits = attribution.current_credits(session, order_ids)
    events = [
        event
        for event in revenue.events_of(session, order_ids)
        if event.on < until and event.recorded_at <= recorded_by
    ]
    opportunities = {event.opportunity_id for event in events if event.opportunity_id}
    routes, roles = _registered(session, opportunities), _roles(session, opportunities)
    return engine.Facts.of(
        partner_facts(session, wanted), _events(events, credits, wanted, routes, roles)
    )


def _events(
    events: Iterable[revenue.Event],
    credits: dict[UUID, list[CreditRow]],
    wanted: set[UUID],
    registered: set[Known],
    roles: dict[Known, frozenset[str]],
) -> Iterator[engine.CreditedEvent]:
    for event in events:
        for made, partner_id in credited_events(event, credits.get(event.order_id, []), wanted):
            place = (event.opportunity_id, partner_id)
            extra = {ROUTE_REGISTERED} if place in registered else set()
            yield made(routes=extra, roles=roles.get(place, frozenset()))  # type: ignore[arg-type]


def partner_facts(session: Session, partner_ids: Collection[UUID]) -> list[engine.PartnerFacts]:
    """Return partners as plans see them, with every tier that they held."""
    rows = session.execute(
        select(Partner.id, Programme.code, Partner.country, Partner.region)
        .join(Programme, Programme.id == Partner.programme_id)
        .where(Partner.id.in_(list(partner_ids)))
        .order_by(Partner.id)
    ).all()
    spans: dict[UUID, list[engine.TierSpan]] = defaultdict(list)
    holds = session.execute(
        select(TierHold.partner_id, Tier.code, TierHold.held_from, TierHold.held_until)
        .join(Tier, Tier.id == TierHold.tier_id)
        .where(TierHold.partner_id.in_(list(partner_ids)))
        .order_by(TierHold.partner_id, TierHold.held_from, Tier.code)
    )
    for partner_id, code, start, end in holds:
        spans[partner_id].append(engine.TierSpan(code, start, end))
    return [
        engine.PartnerFacts(
            str(row.id), row.code, tuple(spans[row.id]), row.country, row.region or ""
        )
        for row in rows
    ]


def _registered(session: Session, opportunity_ids: Collection[UUID]) -> set[Known]:
    """Return which partner registered which opportunity."""
    rows = session.execute(
        select(Opportunity.id, Registration.partner_id)
        .join(Registration, Registration.id == Opportunity.registration_id)
        .where(Opportunity.id.in_(opportunity_ids))
    )
    return {(opportunity_id, partner_id) for opportunity_id, partner_id in rows}


def _roles(session: Session, opportunity_ids: Collection[UUID]) -> dict[Known, frozenset[str]]:
    rows = session.execute(
        select(Participant.opportunity_id, Participant.partner_id, Participant.role)
        .where(Participant.opportunity_id.in_(opportunity_ids))
        .where(Participant.state == ParticipantState.ACCEPTED)
    )
    found: dict[Known, set[str]] = defaultdict(set)
    for opportunity_id, partner_id, role in rows:
        found[opportunity_id, partner_id].add(role.value)
    return {place: frozenset(roles) for place, roles in found.items()}
