"""The editor: a new plan, the next version of one, a draft; looked at before it is kept."""

from typing import Any
from uuid import UUID, uuid4

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.incentives import engine, queries, services
from app.incentives.forms import DocumentForm, PlanForm, complain, document_of, values_of
from app.incentives.models import PlanVersion
from app.incentives.views import bp
from app.incentives.views.preview import preview
from app.kernel.clock import now
from app.kernel.errors import Conflict, Invalid, NotFound
from app.web.forms import VersionedForm
from app.web.respond import flash, form_page, see_other

Document = dict[str, Any]


@bp.get("/plans/new")
@requires(Permission.PLAN_EDIT)
def new() -> ResponseReturnValue:
    """Show the editor, empty or filled with the version that ``from`` names."""
    session, document = current_session(), None
    if request.args.get("from"):
        document = {**queries.one_version(session, _wanted("from")).document}
    wants_document = request.args.get("as") == "document"
    return _editor(_form(document, 1, as_document=wants_document), None, document)


@bp.post("/plans")
@requires(Permission.PLAN_EDIT)
def draft() -> ResponseReturnValue:
    """Keep a new draft, or show what it would say."""
    return _answer(None)


@bp.get("/plans/<uuid:version_id>/edit")
@requires(Permission.PLAN_EDIT)
def edit(version_id: UUID) -> ResponseReturnValue:
    """Show the editor of a draft."""
    version = queries.one_version(current_session(), version_id)
    wants_document = request.args.get("as") == "document"
    form = _form(version.document, version.version, as_document=wants_document)
    return _editor(form, version, version.document)


@bp.post("/plans/<uuid:version_id>")
@requires(Permission.PLAN_EDIT)
def save(version_id: UUID) -> ResponseReturnValue:
    """Save a draft, or show what it would say."""
    return _answer(queries.one_version(current_session(), version_id, lock=True))


def _wanted(name: str) -> UUID:
    try:
        return UUID(request.args[name])
    except ValueError:
        raise NotFound from None


def _answer(version: PlanVersion | None) -> ResponseReturnValue:
    form: VersionedForm = DocumentForm() if "document" in request.form else PlanForm()
    _offer(form)
    act = request.form.get("act", "save")
    if act == "row" and isinstance(form, PlanForm):
        form.add_row()
        _offer(form)
        return _editor(_fresh(form), version, None)
    document = _read(form)
    if document is None:
        return _editor(form, version, None)
    if act in ("document", "form"):
        other = _form(document, form.version.data or 1, as_document=act == "document")
        return _editor(other, version, document)
    if act != "save":
        return _editor(_fresh(form), version, document)
    return _keep(form, version, document)


def _keep(
    form: VersionedForm, version: PlanVersion | None, document: Document
) -> ResponseReturnValue:
    session, actor = current_session(), the_actor()
    if version is not None and form.version.data != version.version:
        form.form_errors.append(
            "Somebody changed this draft while you were editing. What is stored now stands on its "
            "page; save again to replace it."
        )
        form.version.raw_data, form.version.data = None, version.version
        answer = _editor(form, version, document)
        answer.status_code = 409
        return answer
    try:
        if version is None:
            made = services.draft_plan(session, document, actor=actor, at=now())
        else:
            made = services.edit_draft(session, version.id, document, actor=actor, at=now())
    except Invalid as refusal:
        _complain(form, refusal)
    except Conflict as refusal:
        form.form_errors.append(refusal.sentence)
    else:
        flash("The draft is kept. Somebody else looks at it and publishes it.")
        return see_other("incentives.show", version_id=made.id)
    return _editor(form, version, document)


def _read(form: VersionedForm) -> Document | None:
    """Return the document that a form says; None, with complaints on the form, if none."""
    if not form.validate():
        return None
    found: Any = form.document.data if isinstance(form, DocumentForm) else document_of(form.values)
    try:
        engine.read_plan({**found, "version": 1} if isinstance(found, dict) else found)
    except Invalid as refusal:
        _complain(form, refusal)
        return None
    return {**found, "version": 1}


def _complain(form: VersionedForm, refusal: Invalid) -> None:
    if isinstance(form, PlanForm):
        complain(form, refusal)
    else:
        form.document.refuse(refusal)


def _form(document: Document | None, version: int, *, as_document: bool) -> VersionedForm:
    """Return the form that fits: fields where they can say it all, else the document."""
    values = None if document is None else values_of(document)
    if as_document or (document is not None and values is None):
        return DocumentForm(formdata=None, data={"document": document or {}, "version": version})
    form = PlanForm(formdata=None, data={**(values or {}), "version": version})
    return _offer(form)


def _offer(form: VersionedForm) -> VersionedForm:
    if isinstance(form, PlanForm):
        session = current_session()
        form.offer(
            tiers=queries.tier_codes(session),
            programmes=queries.programme_codes(session),
            certifications=[(name, name) for name in queries.certifications(session)],
        )
    return form


def _fresh(form: VersionedForm) -> VersionedForm:
    """Give the form a new key: what is shown next is another write than what was looked at."""
    form.idempotency_key.data = uuid4().hex
    return form


def _editor(
    form: VersionedForm, version: PlanVersion | None, document: Document | None
) -> Response:
    said = None
    if document is not None:
        try:
            certifications = queries.certifications(current_session())
            said = preview(queries.engine_version({**document}, None), certifications)
        except Invalid:
            said = None
    known = version is not None
    return form_page(
        "incentives/form.html", form=form, version=version, said=said,
        is_document=isinstance(form, DocumentForm),
        fits=document is None or values_of(document) is not None,
        action=url_for("incentives.save", version_id=version.id) if known and version else
        url_for("incentives.draft"),
        cancel_url=url_for("incentives.show", version_id=version.id) if known and version else
        url_for("incentives.index"),
    )  # fmt: skip
