"""Who is credited for an order, and why."""

from itertools import groupby
from operator import attrgetter
from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires
from app.access.rules import Permission
from app.attribution import queries
from app.attribution.rules import CreditClass
from app.attribution.views import bp
from app.web.respond import page

ORDER = (CreditClass.SOURCED, CreditClass.INFLUENCED, CreditClass.FULFILLED)


@bp.get("/attribution/orders/<uuid:order_id>")
@requires(Permission.ATTRIBUTION_VIEW)
def order(order_id: UUID) -> ResponseReturnValue:
    """Show the credits of an order by class; the page of the order shows the same list."""
    session = current_session()
    found = queries.order_of(session, order_id)
    rows = sorted(queries.credits_of_order(session, order_id), key=_place)
    classes = [(name, list(group)) for name, group in groupby(rows, attrgetter("credit_class"))]
    run = queries.current_run(session, order_id)
    return page("attribution/order.html", order=found, classes=classes, run=run)


def _place(row: queries.CreditRow) -> tuple[int, int]:
    return ORDER.index(row.credit_class), -row.minor
