"""Why an order pays a partner what it does, or nothing, and what stands in the way of paying it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.attribution import queries as attribution
from app.incentives import engine
from app.incentives import queries as incentives
from app.kernel.clock import now
from app.partners import queries as partners
from app.statements import queries
from app.statements.views.blueprint import bp
from app.web.respond import page


@bp.get("/why/<uuid:order_id>/<uuid:partner_id>")
@requires(Permission.PLAN_VIEW)
def why(order_id: UUID, partner_id: UUID) -> ResponseReturnValue:
    """Show every line that an order makes for a partner, and per other component the reason."""
    session = current_session()
    partner = partners.one(session, partner_id, actor=the_actor())
    order = attribution.order_of(session, order_id)
    standing, at = queries.standing(session, [partner_id]), now()
    found = incentives.why(session, order.number, partner_id, at=at, blocks=standing.blocks)
    issued = queries.of_order(session, partner_id, order.number, standing, on=at.date())
    credits = attribution.credits_of_order(session, order_id)
    return page(
        "statements/why.html",
        order=order,
        partner=partner,
        lines=[_shown(line, issued) for line in found.lines],
        reasons=[(each, *_titles(each, found.plans)) for each in found.nothing],
        credits=[row for row in credits if row.partner_id == partner_id],
    )


def _shown(line: engine.Line, issued: queries.OfOrder) -> tuple[Any, ...]:
    """Return a line with its sentence, its working, whether it is paid, and else its gate."""
    place = line.plan, line.component, line.event_key, line.part
    own = None if line.gate is None else queries.said(line.gate)
    gate = issued.gates.get(place, own)
    working = engine.sentence(line.trace), engine.table(line.trace)
    return line, *working, place in issued.paid, gate


def _titles(reason: engine.Nothing, plans: Iterable[engine.PlanVersion]) -> tuple[str, str]:
    """Return the titles of the plan and the component that pay nothing."""
    version = reason.plan, reason.version
    plan = next((plan for plan in plans if (plan.code, plan.version) == version), None)
    if plan is None:
        return "Every plan", ""
    titles = {component.code: component.title for component in plan.components}
    return plan.title, titles.get(reason.component, "")
