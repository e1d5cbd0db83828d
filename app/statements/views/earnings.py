"""A partner's earnings: balance, what waits and for what, statements, payouts, disputes."""

from flask import current_app, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.kernel.clock import now
from app.kernel.errors import NotFound
from app.statements import queries
from app.statements.queries import Filters
from app.statements.views.blueprint import bp
from app.web.respond import page

_SHOWN, _MOST_HELD = 24, 100
_WHAT_IF = "incentives.what_if"


@bp.get("/earnings")
@requires(Permission.STATEMENT_VIEW)
def earnings() -> ResponseReturnValue:
    """Show a partner's own earnings."""
    session, actor = current_session(), the_actor()
    if actor.partner_id is None:
        raise NotFound
    standing = queries.standing(session, [actor.partner_id])
    held = queries.held_lines(session, actor.partner_id, standing, on=now().date())
    payouts = queries.payouts_listed(session, actor=actor, limit=_SHOWN)
    mine = queries.listing(actor, Filters(partner_id=actor.partner_id))
    what_if = url_for(_WHAT_IF) if _WHAT_IF in current_app.view_functions else ""
    return page(
        "statements/earnings.html",
        latest=queries.latest_of(session, actor.partner_id),
        held=held[:_MOST_HELD],
        more_held=max(0, len(held) - _MOST_HELD),
        disputed={(row.order_number, row.event_key): row for row in standing.disputes},
        stops=standing.codes,
        statements=session.execute(mine.limit(_SHOWN)).all(),
        payouts=payouts,
        waits=queries.payout_gates(session, [row.id for row in payouts], standing),
        disputes=session.execute(queries.disputes_listed(actor).limit(_SHOWN)).all(),
        what_if_url=what_if,
    )
