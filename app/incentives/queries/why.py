"""Why an order pays a partner what it does, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.incentives import engine
from app.incentives.queries.worked import Today, today_of


@dataclass(frozen=True, slots=True)
class Why:
    """The lines that an order gives a partner, per other component the reason, and the plans."""

    lines: list[engine.Line]
    nothing: list[engine.Nothing]
    plans: tuple[engine.PlanVersion, ...]


def why(
    session: Session,
    order_number: str,
    partner_id: UUID,
    *,
    at: datetime,
    blocks: Iterable[engine.Block] = (),
) -> Why:
    """Return why an order pays a partner what it does, or nothing; ``blocks`` keep it unpaid."""
    today = today_of(session, {partner_id}, at=at, blocks=blocks)
    result = today.result()
    mine = (order_number, str(partner_id))
    lines = [line for line in result.lines if (line.order_id, line.partner_id) == mine]
    nothing = [_plainer(each, today) for each in result.why_nothing(*mine)]
    return Why(lines, nothing, today.plans)


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
