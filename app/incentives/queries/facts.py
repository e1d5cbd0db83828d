"""What the engine is told: partners, revenue as it is credited to them, what they lost."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from itertools import chain, groupby
from operator import attrgetter
from uuid import UUID

from sqlalchemy import String, cast, literal, select, union_all
from sqlalchemy.orm import Session

from app.attribution import queries as attribution
from app.attribution.queries import CreditRow
from app.deals.models import Registration
from app.incentives import engine
from app.incentives.queries.conversion import ROUTE_REGISTERED, Roles, by_class, credited_events
from app.incentives.queries.lapses import lapses, watch
from app.partners.models import Partner, Programme, Tier, TierHold
from app.pipeline.models import Opportunity, Participant
from app.pipeline.rules import ParticipantState
from app.revenue import queries as revenue


def facts(
    session: Session,
    partner_ids: Collection[UUID] | None,
    until: date,
    recorded_by: datetime,
    *,
    blocks: Iterable[engine.Block] = (),
    plans: Iterable[engine.PlanVersion] | None = None,
) -> engine.Facts:
    """Return the facts about some partners (None: all that have credits), dated before ``until``.

    What was recorded after ``recorded_by`` is left out, as it was not known then. ``blocks`` keep
    lines from being paid; they are told by who knows them. Lapses of certification are told where
    one of ``plans`` looks at them (None: always).
    """
    credits = attribution.credits_around(session, partner_ids)
    credited = {row.partner_id for rows in credits.values() for row in rows if row.partner_id}
    wanted = credited if partner_ids is None else set(partner_ids)
    events = [
        event
        for event in revenue.events_of(session, sorted(credits))
        if event.on < until and event.recorded_at <= recorded_by
    ]
    opportunities = {event.opportunity_id for event in events if event.opportunity_id}
    roles = _roles(session, opportunities)
    lost = lapses(session, wanted, until, recorded_by) if plans is None or watch(plans) else ()
    told = chain(_events(events, credits, wanted, roles), lost)
    return engine.Facts.of(partner_facts(session, wanted), told, blocks=blocks)


def _events(
    events: Iterable[revenue.Event],
    credits: dict[UUID, list[CreditRow]],
    wanted: set[UUID],
    roles: Roles,
) -> Iterator[engine.CreditedEvent]:
    classes = {order_id: by_class(rows) for order_id, rows in credits.items()}
    for event in events:
        yield from credited_events(event, classes.get(event.order_id, ()), wanted, roles)


def partner_facts(session: Session, partner_ids: Collection[UUID]) -> list[engine.PartnerFacts]:
    """Return partners as plans see them, with every tier that they held."""
    rows = session.execute(
        select(
            Partner.id, Programme.code, Partner.country, Partner.region,
            Tier.code.label("tier"), TierHold.held_from, TierHold.held_until,
        )
        .join(Programme, Programme.id == Partner.programme_id)
        .outerjoin(TierHold, TierHold.partner_id == Partner.id)
        .outerjoin(Tier, Tier.id == TierHold.tier_id)
        .where(Partner.id.in_(list(partner_ids)))
        .order_by(Partner.id, TierHold.held_from, Tier.code)
    ).all()  # fmt: skip
    found = []
    for partner_id, group in groupby(rows, attrgetter("id")):
        held = list(group)
        spans = [engine.TierSpan(r.tier, r.held_from, r.held_until) for r in held if r.held_from]
        first = held[0]
        place = (first.country, first.region or "")
        found.append(engine.PartnerFacts(str(partner_id), first.code, tuple(spans), *place))
    return found


def _roles(session: Session, opportunity_ids: Collection[UUID]) -> Roles:
    """Return what partners are in opportunities: their accepted parts, and who registered it."""
    parts = (
        select(Participant.opportunity_id, Participant.partner_id, cast(Participant.role, String))
        .where(Participant.opportunity_id.in_(opportunity_ids))
        .where(Participant.state == ParticipantState.ACCEPTED)
    )
    registered = (
        select(Opportunity.id, Registration.partner_id, literal(ROUTE_REGISTERED))
        .join(Registration, Registration.id == Opportunity.registration_id)
        .where(Opportunity.id.in_(opportunity_ids))
    )
    found: dict[tuple[UUID | None, UUID], set[str]] = defaultdict(set)
    for opportunity_id, partner_id, role in session.execute(union_all(parts, registered)):
        found[opportunity_id, partner_id].add(role)
    return {place: frozenset(roles) for place, roles in found.items()}
