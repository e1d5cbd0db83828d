"""Opportunities and who takes part in them."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM, Role
from app.kernel.ids import new_id
from app.ledger.services import record
from app.pipeline.models import Opportunity, OpportunityLine, Participant, StageChange
from app.pipeline.rules import CATEGORY_OF, FINAL_STAGES, ParticipantRole, ParticipantState, Stage
from tests.factories.accounts import make_account
from tests.factories.catalogue import make_product
from tests.factories.clockwork import NOON, unique
from tests.factories.identity import make_user
from tests.factories.partners import make_partner


def make_opportunity(session: Session, **over: Any) -> Opportunity:
    """Return a direct opportunity of EUR 10,000 that meets every criterion but its lines'.

    ``lines`` is a list of amounts in minor units; each becomes a line of a product of its own.
    """
    lines = over.pop("lines", [])
    if "account_id" not in over:
        account = make_account(session)
        over = {"account_id": account.id, "customer_name": account.name, **over}
    if "owner_id" not in over:
        over["owner_id"] = make_user(session, Role.CHANNEL_MANAGER).id
    opportunity = Opportunity(**{**_values(over.get("opened_at", NOON)), **over})
    opportunity.category = over.get("category", CATEGORY_OF[opportunity.stage])
    if opportunity.stage in FINAL_STAGES and opportunity.closed_at is None:
        opportunity.closed_at = opportunity.stage_since
    session.add(opportunity)
    session.flush()
    _keep(session, opportunity)
    for position, amount in enumerate(lines, 1):
        make_line(session, opportunity, amount, position=position)
    return opportunity


def _values(opened_at: Any) -> dict[str, Any]:
    return {
        "number": f"OP-2026-{unique():06d}",
        "title": "Routing for three depots",
        "customer_name": "Kunde",
        "stage": Stage.PROSPECT,
        "currency": "EUR",
        "amount_minor": 1_000_000,
        "close_on": date(2026, 6, 30),
        "decision_on": date(2026, 5, 31),
        "next_step": "Call the head of logistics",
        "problem": "Routes are planned by hand.",
        "opened_at": opened_at,
        "stage_since": opened_at,
        "active_at": opened_at,
    }


def _keep(session: Session, opportunity: Opportunity) -> None:
    change = StageChange(
        opportunity_id=opportunity.id,
        to_stage=opportunity.stage,
        at=opportunity.stage_since,
        currency=opportunity.currency,
        amount_minor=opportunity.amount_minor,
        close_on=opportunity.close_on,
    )
    session.add(change)
    record(session, "pipeline.opportunity.started", subject=opportunity, actor=SYSTEM, at=NOON)
    session.flush()


def make_line(
    session: Session, opportunity: Opportunity, amount_minor: int, **over: Any
) -> OpportunityLine:
    """Return a line of one unit of a new product, unless ``product_id`` is given."""
    product_id = over.pop("product_id", None) or make_product(session).id
    values = {"position": 1, "quantity": 1, "amount_minor": amount_minor, "product_id": product_id}
    line = OpportunityLine(**{**values, "opportunity_id": opportunity.id, **over})
    session.add(line)
    session.flush()
    return line


def make_participant(
    session: Session, opportunity: Opportunity | None = None, **over: Any
) -> Participant:
    """Return a partner's accepted part in co-selling, unless ``over`` says otherwise."""
    opportunity = opportunity or make_opportunity(session)
    partner_id = over.pop("partner_id", None) or make_partner(session).id
    values = {
        "id": new_id(),
        "role": ParticipantRole.CO_SELL,
        "state": ParticipantState.ACCEPTED,
        "invited_at": NOON,
        "answered_at": NOON,
    }
    part = Participant(
        **{**values, "opportunity_id": opportunity.id, "partner_id": partner_id, **over}
    )
    if part.state is ParticipantState.INVITED:
        part.answered_at = None
    session.add(part)
    event = f"pipeline.participant.{part.state}"
    record(session, event, subject=part, actor=SYSTEM, at=NOON, partner_id=partner_id)
    session.flush()
    return part
