"""A customer's path on one opportunity, and the form that adds a touch to it."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.attribution import queries, services
from app.attribution.forms import TouchForm
from app.attribution.rules import TouchKind
from app.attribution.views import bp
from app.kernel.clock import now
from app.kernel.errors import Conflict, Invalid
from app.partners import queries as partners
from app.pipeline import queries as pipeline
from app.pipeline.models import Opportunity
from app.web.respond import flash, form_page, see_other


@bp.get("/attribution/opportunities/<uuid:opportunity_id>")
@requires(Permission.PIPELINE_VIEW)
def journey(opportunity_id: UUID) -> ResponseReturnValue:
    """Show the journey of an opportunity."""
    opportunity = pipeline.one(current_session(), opportunity_id, actor=the_actor())
    return _page(opportunity, _offered(TouchForm()))


@bp.post("/opportunities/<uuid:opportunity_id>/touches")
@requires(Permission.PIPELINE_JOIN)
def log_touch(opportunity_id: UUID) -> ResponseReturnValue:
    """Log a touch: the vendor's people for any partner, a partner for itself."""
    session, actor = current_session(), the_actor()
    opportunity = pipeline.one(session, opportunity_id, actor=actor)
    form = _offered(TouchForm())
    if form.validate():
        try:
            services.log_touch(
                session, opportunity_id, partner_id=UUID(form.partner_id.data),
                kind=TouchKind(form.kind.data), at=form.moment(opportunity.closed_at, now()),
                evidence=form.evidence.data or "", actor=actor, now_at=now(),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            flash("The touch is logged.")
            return see_other("attribution.journey", opportunity_id=opportunity_id)
    return _page(opportunity, form)


def _offered(form: TouchForm) -> TouchForm:
    session, actor = current_session(), the_actor()
    if actor.is_vendor:
        form.offer([(row.id, row.name) for row in pipeline.partners(session)])
    elif actor.partner_id is not None:
        own = partners.names(session, [actor.partner_id])
        form.offer(own.items())
        form.partner_id.data = form.partner_id.data or str(actor.partner_id)
    return form


def _page(opportunity: Opportunity, form: TouchForm) -> ResponseReturnValue:
    session, actor = current_session(), the_actor()
    may_log = actor.may(Permission.PIPELINE_JOIN) and (
        actor.is_vendor or pipeline.has_accepted(session, opportunity.id, actor=actor)
    )
    return form_page("attribution/journey.html", form=form, opportunity=opportunity,
                     moments=queries.journey(session, opportunity, actor=actor),
                     may_log=may_log)  # fmt: skip
