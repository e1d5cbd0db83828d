"""Taking part: invitations and their answers, notes, the next step."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.pipeline import queries, services
from app.pipeline.forms import InviteForm, NoteForm, StepForm
from app.pipeline.rules import ParticipantRole
from app.pipeline.views import bp
from app.pipeline.views.show import opportunity_page
from app.web.respond import flash, form_page, see_other


@bp.get("/pipeline/<uuid:opportunity_id>/participants/new")
@requires(Permission.PIPELINE_EDIT)
def invitation(opportunity_id: UUID) -> ResponseReturnValue:
    """Show the form that invites a partner."""
    return _invite_page(InviteForm(), opportunity_id)


@bp.post("/pipeline/<uuid:opportunity_id>/participants")
@requires(Permission.PIPELINE_EDIT)
def invite(opportunity_id: UUID) -> ResponseReturnValue:
    """Invite a partner."""
    session, form = current_session(), InviteForm()
    form.offer([(row.id, row.name) for row in queries.partners(session)])
    if form.validate():
        try:
            services.invite(
                session, opportunity_id, partner_id=UUID(form.partner_id.data),
                role=ParticipantRole(form.role.data), actor=the_actor(), at=now(),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash("The partner is invited; it learns who the customer is when it accepts.")
            return see_other("pipeline.show", opportunity_id=opportunity_id)
    return _invite_page(form, opportunity_id)


def _invite_page(form: InviteForm, opportunity_id: UUID) -> ResponseReturnValue:
    session = current_session()
    opportunity = queries.one(session, opportunity_id, actor=the_actor())
    form.offer([(row.id, row.name) for row in queries.partners(session)])
    return form_page("pipeline/invite.html", form=form, opportunity=opportunity)


@bp.post("/pipeline/<uuid:opportunity_id>/participants/<uuid:participant_id>/acceptance")
@requires(Permission.PIPELINE_JOIN)
def accept(opportunity_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """Accept a part."""
    services.accept(current_session(), opportunity_id, participant_id, actor=the_actor(), at=now())
    flash("You take part. The customer and the notes are yours to read.")
    return see_other("pipeline.show", opportunity_id=opportunity_id)


@bp.post("/pipeline/<uuid:opportunity_id>/participants/<uuid:participant_id>/refusal")
@requires(Permission.PIPELINE_JOIN)
def decline(opportunity_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """Decline a part."""
    services.decline(current_session(), opportunity_id, participant_id, actor=the_actor(), at=now())
    flash("The invitation is declined.", "note")
    return see_other("pipeline.board")


@bp.post("/pipeline/<uuid:opportunity_id>/notes")
@requires(Permission.PIPELINE_JOIN)
def share(opportunity_id: UUID) -> ResponseReturnValue:
    """Add a shared note."""
    session, actor, form = current_session(), the_actor(), NoteForm()
    opportunity = queries.one(session, opportunity_id, actor=actor)
    if not form.validate():
        return opportunity_page(session, opportunity, actor, form)
    services.add_shared_note(session, opportunity_id, text=form.said, actor=actor, at=now())
    flash("Your note is shared.")
    return see_other("pipeline.show", opportunity_id=opportunity_id)


@bp.post("/pipeline/<uuid:opportunity_id>/internal-notes")
@requires(Permission.PIPELINE_EDIT)
def keep(opportunity_id: UUID) -> ResponseReturnValue:
    """Add an internal note."""
    session, actor, form = current_session(), the_actor(), NoteForm()
    opportunity = queries.one(session, opportunity_id, actor=actor)
    if not form.validate():
        return opportunity_page(session, opportunity, actor, form)
    services.add_internal_note(session, opportunity_id, text=form.said, actor=actor, at=now())
    flash("Your note is kept for the vendor’s people.")
    return see_other("pipeline.show", opportunity_id=opportunity_id)


@bp.get("/pipeline/<uuid:opportunity_id>/next-step")
@requires(Permission.PIPELINE_JOIN)
def next_step(opportunity_id: UUID) -> ResponseReturnValue:
    """Show the form of the next step."""
    return _step_page(StepForm(), opportunity_id)


@bp.post("/pipeline/<uuid:opportunity_id>/next-step")
@requires(Permission.PIPELINE_JOIN)
def name_step(opportunity_id: UUID) -> ResponseReturnValue:
    """Name the next step."""
    form = StepForm()
    if not form.validate():
        return _step_page(form, opportunity_id)
    services.set_next_step(
        current_session(),
        opportunity_id,
        text=form.said,
        actor=the_actor(),
        at=now(),
    )
    flash("The next step is named.")
    return see_other("pipeline.show", opportunity_id=opportunity_id)


def _step_page(form: StepForm, opportunity_id: UUID) -> ResponseReturnValue:
    session, actor = current_session(), the_actor()
    opportunity = queries.one(session, opportunity_id, actor=actor)
    services.refuse_onlookers(session, opportunity, actor=actor)
    return form_page("pipeline/step.html", form=form, opportunity=opportunity)
