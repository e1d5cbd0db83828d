"""Book the order of a won opportunity."""

from uuid import UUID

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.pipeline import queries as pipeline
from app.pipeline.models import Opportunity
from app.pipeline.rules import Stage
from app.revenue import queries, services
from app.revenue.forms import BookingForm
from app.revenue.rules import NotWon
from app.revenue.views import bp
from app.web.respond import flash, form_page, see_other


@bp.get("/opportunities/<uuid:opportunity_id>/order")
@requires(Permission.ORDER_EDIT)
def book(opportunity_id: UUID) -> ResponseReturnValue:
    """Show what would be booked; where it was, the order."""
    session = current_session()
    won = pipeline.one(session, opportunity_id, actor=the_actor())
    before = queries.order_of_opportunity(session, opportunity_id)
    if before is not None:
        return see_other("revenue.order", order_id=before.id)
    if won.stage is not Stage.LAUNCHED:
        raise NotWon("Only a won opportunity is booked: move it to launched first.")
    default = next((e for e in queries.entities(session) if e.currency == won.currency), None)
    form = BookingForm(
        on=(won.closed_at or now()).date(), entity_id=str(default.id) if default else ""
    )
    return _show(form, won)


@bp.post("/opportunities/<uuid:opportunity_id>/order")
@requires(Permission.ORDER_EDIT)
def book_order(opportunity_id: UUID) -> ResponseReturnValue:
    """Book the order."""
    session = current_session()
    won = pipeline.one(session, opportunity_id, actor=the_actor())
    form = _offered(BookingForm())
    if form.validate():
        try:
            order = services.book(
                session, opportunity_id, actor=the_actor(), at=now(), said=form.said
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"Order {order.number} is booked.")
            return see_other("revenue.order", order_id=order.id)
    return _show(form, won)


def _offered(form: BookingForm) -> BookingForm:
    form.offer([(entity.id, entity.name) for entity in queries.entities(current_session())])
    return form


def _show(form: BookingForm, won: Opportunity) -> Response:
    lines = pipeline.lines(current_session(), won.id)
    return form_page(
        "revenue/book.html",
        form=_offered(form),
        won=won,
        lines=lines,
        total=sum(line.amount_minor for line in lines),
        opportunity_url=url_for("pipeline.show", opportunity_id=won.id),
    )
