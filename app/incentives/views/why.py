"""Why an order pays a partner what it does, or nothing."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.attribution import queries as attribution
from app.incentives import engine, queries
from app.incentives.views import bp
from app.kernel.clock import now
from app.partners import queries as partners
from app.web.respond import page


@bp.get("/why/<uuid:order_id>/<uuid:partner_id>")
@requires(Permission.PLAN_VIEW)
def why(order_id: UUID, partner_id: UUID) -> ResponseReturnValue:
    """Show every line that an order makes for a partner, and per other component the reason."""
    session = current_session()
    partner = partners.one(session, partner_id, actor=the_actor())
    lines, reasons = queries.why_nothing(session, order_id, partner_id, at=now())
    plans = {plan.code: plan for _, plan in queries.versions_in_force(session).values()}
    titles = {
        (plan.code, component.code): component.title
        for plan in plans.values()
        for component in plan.components
    }
    credits = attribution.credits_of_order(session, order_id)
    return page(
        "incentives/why.html",
        order=attribution.order_of(session, order_id),
        partner=partner,
        lines=[(line, engine.sentence(line.trace), engine.table(line.trace)) for line in lines],
        reasons=[(each, plans[each.plan].title if each.plan in plans else "Every plan",
                  titles.get((each.plan, each.component), "")) for each in reasons],
        credits=[row for row in credits if row.partner_id == partner_id],
    )  # fmt: skip
