"""Why an order pays a partner what it does, or nothing."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.attribution import queries as attribution
from app.incentives import engine
from app.incentives.queries.facts import facts
from app.incentives.queries.plans import versions_in_force


def result_of(session: Session, partner_id: UUID, *, at: datetime) -> engine.Result:
    """Return everything that a partner's facts give as of ``at``, lines and reasons for nothing."""
    plans = [plan for _, plan in versions_in_force(session).values()]
    tomorrow = at.date() + timedelta(days=1)
    return engine.calculate(facts(session, {partner_id}, tomorrow, at), plans, at)


def why_nothing(
    session: Session, order_id: UUID, partner_id: UUID, *, at: datetime
) -> tuple[list[engine.Line], list[engine.Nothing]]:
    """Return the lines that an order gives a partner, and per other component the reason.

    :raises NotFound: if there is no such order
    """
    order = attribution.order_of(session, order_id)
    result = result_of(session, partner_id, at=at)
    lines = [line for line in result.lines if line.order_id == order.number]
    return lines, result.why_nothing(order.number, str(partner_id))
