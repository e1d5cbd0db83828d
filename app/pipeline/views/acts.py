"""What is done with an opportunity: move it, forecast it, reopen it."""

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.kernel import format as text
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.pipeline import queries, services
from app.pipeline.forms import ForecastForm, StageForm
from app.pipeline.models import Opportunity
from app.pipeline.rules import CATEGORY_OF, FINAL_STAGES, Stage, move_between, next_stage
from app.pipeline.views import bp
from app.web.respond import flash, form_page, see_other


@bp.get("/pipeline/<uuid:opportunity_id>/stage")
@requires(Permission.PIPELINE_EDIT)
def stage(opportunity_id: UUID) -> ResponseReturnValue:
    """Show the form that moves an opportunity; ``stage`` chooses where to."""
    opportunity = queries.one(current_session(), opportunity_id, actor=the_actor())
    following = next_stage(opportunity.stage)
    asked = request.args.get("stage", "")
    chosen = Stage(asked) if asked in set(Stage) else following
    form = StageForm(formdata=None, data={"stage": chosen.value if chosen else ""})
    return _stage_page(form, opportunity)


@bp.post("/pipeline/<uuid:opportunity_id>/stage")
@requires(Permission.PIPELINE_EDIT)
def move(opportunity_id: UUID) -> ResponseReturnValue:
    """Move an opportunity; where something is missing, the form says what and asks for it."""
    session, actor = current_session(), the_actor()
    opportunity = queries.one(session, opportunity_id, actor=actor)
    form = StageForm()
    form.offer(opportunity.stage)
    if form.stage.data == opportunity.stage.value or opportunity.stage in FINAL_STAGES:
        # The list offers no stage that could be refused as such: answer as the rule does.
        move_between(opportunity.stage, opportunity.stage)
    if form.validate():
        try:
            services.move_to(session, opportunity_id, form.step, actor=actor, at=now())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"{opportunity.number} is now {text.label(opportunity.stage).lower()}.")
            return see_other("pipeline.show", opportunity_id=opportunity_id)
    return _stage_page(form, opportunity)


def _stage_page(form: StageForm, opportunity: Opportunity) -> ResponseReturnValue:
    form.offer(opportunity.stage)
    return form_page("pipeline/stage.html", form=form, opportunity=opportunity)


@bp.get("/pipeline/<uuid:opportunity_id>/forecast")
@requires(Permission.PIPELINE_EDIT)
def forecast(opportunity_id: UUID) -> ResponseReturnValue:
    """Show the form that overrides the forecast category."""
    opportunity = queries.one(current_session(), opportunity_id, actor=the_actor())
    chosen = {"category": opportunity.category.value, "reason": opportunity.category_reason}
    return _forecast_page(ForecastForm(data=chosen), opportunity)


@bp.post("/pipeline/<uuid:opportunity_id>/forecast")
@requires(Permission.PIPELINE_EDIT)
def override(opportunity_id: UUID) -> ResponseReturnValue:
    """Override the forecast category, or let it follow the stage again."""
    session, actor = current_session(), the_actor()
    opportunity = queries.one(session, opportunity_id, actor=actor)
    form = ForecastForm()
    if form.validate():
        try:
            services.override_category(
                session, opportunity_id, category=form.chosen, reason=form.reason.data or "",
                actor=actor, at=now(),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"{opportunity.number} is forecast as {text.label(form.chosen).lower()}.")
            return see_other("pipeline.show", opportunity_id=opportunity_id)
    return _forecast_page(form, opportunity)


def _forecast_page(form: ForecastForm, opportunity: Opportunity) -> ResponseReturnValue:
    follows = CATEGORY_OF[opportunity.stage]
    return form_page("pipeline/forecast.html", form=form, opportunity=opportunity, follows=follows)


@bp.post("/pipeline/<uuid:opportunity_id>/reopening")
@requires(Permission.PIPELINE_EDIT)
def reopen(opportunity_id: UUID) -> ResponseReturnValue:
    """Reopen a launched or lost opportunity as a new one."""
    again = services.reopen(current_session(), opportunity_id, actor=the_actor(), at=now())
    flash(f"Reopened as {again.number}.")
    return see_other("pipeline.show", opportunity_id=again.id)
