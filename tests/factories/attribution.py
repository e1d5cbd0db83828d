"""Won orders with touches, and their credits."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.access.rules import SYSTEM
from app.attribution import services
from app.attribution.models import Touch
from app.attribution.rules import TouchKind
from app.ledger.services import record
from app.partners.models import Partner
from app.pipeline.models import Opportunity
from app.pipeline.rules import Stage
from app.revenue.models import Order
from tests.factories.clockwork import NOON
from tests.factories.partners import make_partner
from tests.factories.pipeline import make_opportunity
from tests.factories.revenue import make_order

WON_AT = NOON - timedelta(days=10)


def make_won(session: Session, *amounts: int, **over: Any) -> Order:
    """Return the order (of 1,000.00 by default) of an opportunity won ten days before noon.

    What is meant for the order is given as ``order={...}``, the rest is the opportunity's.
    """
    of_order = over.pop("order", {})
    values = {"stage": Stage.LAUNCHED, "closed_at": WON_AT, "opened_at": NOON - timedelta(days=90)}
    opportunity = make_opportunity(session, **{**values, **over})
    booked_on = (opportunity.closed_at or NOON).date()
    values = {"opportunity_id": opportunity.id, "booked_on": booked_on,
              "account_id": opportunity.account_id, "currency": opportunity.currency}  # fmt: skip
    order = make_order(session, *amounts, **{**values, **of_order})
    set_committed_value(order, "opportunity", opportunity)
    record(session, "revenue.order.booked", subject=order, actor=SYSTEM, at=NOON)
    return order


def make_touch(
    session: Session,
    opportunity: Opportunity | Any,
    partner: Partner | None = None,
    *,
    at: datetime = NOON - timedelta(days=30),
    kind: TouchKind = TouchKind.DEMO,
) -> Touch:
    """Return a touch thirty days before noon, stored without crediting anything."""
    partner = partner or make_partner(session)
    opportunity_id = getattr(opportunity, "id", opportunity)
    touch = Touch(opportunity_id=opportunity_id, partner_id=partner.id, kind=kind, at=at,
                  evidence="", logged_at=at)  # fmt: skip
    session.add(touch)
    session.flush()
    return touch


def credited(session: Session, order: Order, at: datetime = NOON) -> Order:
    """Return the order, credited."""
    services.credit_order(session, order.id, actor=SYSTEM, at=at)
    return order
