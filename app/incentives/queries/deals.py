"""Open deals of a partner, as suppositions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, joinedload

from app.deals.rules import DealType
from app.incentives.queries.whatif import Deal
from app.kernel.errors import NotFound
from app.kernel.money import Money
from app.pipeline.models import Opportunity, Participant
from app.pipeline.rules import OPEN_STAGES, ParticipantRole, ParticipantState

_ROUTES = {
    ParticipantRole.SOURCE: "sourced",
    ParticipantRole.CO_SELL: "influenced",
    ParticipantRole.TECHNICAL: "influenced",
    ParticipantRole.INFLUENCE: "influenced",
    ParticipantRole.FULFILMENT: "fulfilled",
}


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
