"""Why an order pays a partner what it does, or nothing, and what stands in the way of paying it."""

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
    blocks = queries.standing(session, [partner_id]).blocks
    lines, reasons = incentives.why_nothing(session, order_id, partner_id, at=now(), blocks=blocks)
    plans = {plan.code: plan for _, plan in incentives.versions_in_force(session).values()}
    titles = {
        (plan.code, component.code): component.title
        for plan in plans.values()
        for component in plan.components
    }
    credits = attribution.credits_of_order(session, order_id)
    paid = queries.paid_of_order(session, partner_id, order.number)
    return page(
        "statements/why.html",
        order=order,
        partner=partner,
        lines=[(line, engine.sentence(line.trace), engine.table(line.trace), _place(line) in paid)
               for line in lines],
        reasons=[(each, plans[each.plan].title if each.plan in plans else "Every plan",
                  titles.get((each.plan, each.component), "")) for each in reasons],
        credits=[row for row in credits if row.partner_id == partner_id],
    )  # fmt: skip


def _place(line: engine.Line) -> tuple[str, str, str, str]:
    return line.plan, line.component, line.event_key, line.part
