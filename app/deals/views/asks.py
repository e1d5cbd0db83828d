"""What a partner asks for: removal, withdrawal, appeal, longer protection; and its answer."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.deals import services
from app.deals.forms import AnswerForm, AppealForm, ExtensionForm, WithdrawalForm
from app.deals.rules import ExtensionState
from app.deals.views.blueprint import bp
from app.deals.views.pages import registration_page
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.web.respond import flash, see_other


@bp.post("/deals/<uuid:deal_id>/removal")
@requires(Permission.DEAL_REGISTER)
def remove(deal_id: UUID) -> ResponseReturnValue:
    """Delete a draft."""
    deal = services.delete_draft(current_session(), deal_id, actor=the_actor(), at=now())
    flash(f"The draft “{deal.title}” is deleted.")
    return see_other("deals.index")


@bp.post("/deals/<uuid:deal_id>/withdrawal")
@requires(Permission.DEAL_REGISTER)
def withdraw(deal_id: UUID) -> ResponseReturnValue:
    """Take a registration back."""
    form = WithdrawalForm()
    if not form.validate():
        return registration_page(deal_id, form)
    deal = services.withdraw(
        current_session(),
        deal_id,
        actor=the_actor(),
        at=now(),
        reason=form.withdrawal_reason.data or "",
    )
    flash(f"{deal.number} is withdrawn.")
    return see_other("deals.show", deal_id=deal_id)


@bp.post("/deals/<uuid:deal_id>/appeal")
@requires(Permission.DEAL_REGISTER)
def appeal(deal_id: UUID) -> ResponseReturnValue:
    """Ask for a second decision."""
    form = AppealForm()
    if not form.validate():
        return registration_page(deal_id, form)
    deal = services.appeal(
        current_session(),
        deal_id,
        reason=form.appeal_reason.data or "",
        actor=the_actor(),
        at=now(),
    )
    flash(f"The rejection of {deal.number} is appealed. A channel lead decides.")
    return see_other("deals.show", deal_id=deal_id)


@bp.post("/deals/<uuid:deal_id>/extension")
@requires(Permission.DEAL_REGISTER)
def ask_extension(deal_id: UUID) -> ResponseReturnValue:
    """Ask for longer protection."""
    form = ExtensionForm()
    if not form.validate():
        return registration_page(deal_id, form)
    request = services.ask_extension(
        current_session(), deal_id, why=form.extension_why.data or "", actor=the_actor(), at=now()
    )
    flash(f"{request.days} more days of protection are asked for.")
    return see_other("deals.show", deal_id=deal_id)


@bp.post("/deals/<uuid:deal_id>/extension/answer")
@requires(Permission.DEAL_REVIEW)
def answer_extension(deal_id: UUID) -> ResponseReturnValue:
    """Grant or refuse longer protection."""
    form = AnswerForm()
    if not form.validate():
        return registration_page(deal_id, form)
    try:
        request = services.answer_extension(
            current_session(),
            deal_id,
            granted=form.granted.data == "yes",
            answer=form.extension_answer.data or "",
            actor=the_actor(),
            at=now(),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return registration_page(deal_id, form)
    granted = request.state is ExtensionState.GRANTED
    flash("The protection is longer now." if granted else "The request is refused.")
    return see_other("deals.show", deal_id=deal_id)
