"""Files attached to a registration."""

from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.deals import queries, services
from app.deals.forms import FileForm
from app.deals.views.blueprint import bp
from app.deals.views.pages import registration_page
from app.files.services import download as handed_out
from app.files.services import fetch
from app.kernel.clock import now
from app.kernel.errors import FieldError, Invalid
from app.web.respond import flash, see_other


@bp.post("/deals/<uuid:deal_id>/files")
@requires(Permission.DEAL_REGISTER)
def attach(deal_id: UUID) -> ResponseReturnValue:
    """Attach a file as evidence."""
    form = FileForm()
    if not form.validate():
        return registration_page(deal_id, form)
    try:
        file = services.attach(
            current_session(), deal_id, actor=the_actor(), at=now(),
            name=form.file.data.filename or "", content=form.file.data.read(),
        )  # fmt: skip
    except Invalid as refusal:
        form.refuse(Invalid.fields(FieldError("file", refusal.sentence, refusal.code)))
        return registration_page(deal_id, form)
    flash(f"“{file.name}” is attached.")
    return see_other("deals.show", deal_id=deal_id)


@bp.get("/deals/<uuid:deal_id>/files/<uuid:file_id>")
@requires(Permission.DEAL_VIEW)
def download(deal_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Hand out an attached file."""
    session, actor = current_session(), the_actor()
    deal = queries.one(session, deal_id, actor=actor)
    queries.attached(session, deal.id, file_id)
    found = handed_out(fetch(session, file_id, actor=actor))
    return Response(found.content, mimetype=found.media_type, headers=found.headers)


@bp.post("/deals/<uuid:deal_id>/files/<uuid:file_id>/removal")
@requires(Permission.DEAL_REGISTER)
def detach(deal_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Take a file off a draft."""
    services.detach(current_session(), deal_id, file_id, actor=the_actor())
    flash("The file is removed.")
    return see_other("deals.show", deal_id=deal_id)
