"""Why an order pays a partner what it does, or nothing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.attribution import queries as attribution
from app.incentives import engine
from app.incentives.queries.worked import Today, today_of


def why_nothing(
    session: Session,
    order_id: UUID,
    partner_id: UUID,
    *,
    at: datetime,
    blocks: Iterable[engine.Block] = (),
) -> tuple[list[engine.Line], list[engine.Nothing]]:
    """Return the lines that an order gives a partner, and per other component the reason.

    ``blocks`` keep lines from being paid.

    :raises NotFound: if there is no such order
    """
    order = attribution.order_of(session, order_id)
    today = today_of(session, {partner_id}, at=at, blocks=blocks)
    result = today.result()
    mine = (order.number, str(partner_id))
    lines = [line for line in result.lines if (line.order_id, line.partner_id) == mine]
    return lines, [_plainer(each, today) for each in result.why_nothing(*mine)]


def _plainer(reason: engine.Nothing, today: Today) -> engine.Nothing:
    """Where all that happened is of another kind, say what is awaited."""
    if reason.code != "basis":
        return reason
    place = (reason.plan, reason.version, reason.component)
    awaited = next(
        component.basis.event
        for plan in today.plans
        for component in plan.components
        if (plan.code, plan.version, component.code) == place
    )
    return replace(reason, words=f"It pays on {awaited} amounts, and this order has none so far.")
