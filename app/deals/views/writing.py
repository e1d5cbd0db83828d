"""Register on one page: the form, drafts that save themselves, the private pre-check."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify, make_response, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.accounts.matching import Party
from app.deals import queries, services
from app.deals.forms import OPTIONAL, RegistrationForm, entered
from app.deals.models import Registration
from app.deals.rules import Claim, Content, DealState, editable_fields, host_of
from app.deals.services import NotEditable, NotYourRegistration
from app.deals.views.blueprint import bp
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.kernel.ids import new_id
from app.web.fields import tidy
from app.web.respond import flash, form_page, page, see_other

_NEW = Content()


@bp.get("/deals/new")
@requires(Permission.DEAL_REGISTER)
def new() -> ResponseReturnValue:
    """Show the empty form, under the id that its draft will have."""
    partner = _partner()
    form = RegistrationForm(formdata=None, data={"version": 0, "currency": partner.currency})
    return _form_page(_offered(form), new_id(), None, partner=partner)


@bp.post("/deals/new")
@requires(Permission.DEAL_REGISTER)
def register() -> ResponseReturnValue:
    """Keep a new draft, submit it, check its customer, or offer more rows."""
    try:
        draft_id = UUID(request.form.get("draft_id", ""))
    except ValueError:
        draft_id = new_id()
    return _answer(_offered(RegistrationForm()), draft_id, _mine_or_none(draft_id))


@bp.get("/deals/<uuid:deal_id>/edit")
@requires(Permission.DEAL_REGISTER)
def edit(deal_id: UUID) -> ResponseReturnValue:
    """Show the form of a registration, with the fields that may be changed now."""
    deal = _editable(deal_id)
    return _form_page(_filled(deal), deal.id, deal)


@bp.post("/deals/<uuid:deal_id>/edit")
@requires(Permission.DEAL_REGISTER)
def save(deal_id: UUID) -> ResponseReturnValue:
    """Save what may be changed; submit it where that was asked."""
    deal = _editable(deal_id)
    return _answer(_restricted(RegistrationForm(), deal), deal.id, deal)


@bp.post("/deals/<uuid:deal_id>/submission")
@requires(Permission.DEAL_REGISTER)
def submit(deal_id: UUID) -> ResponseReturnValue:
    """Submit a draft as it stands; where something is missing, show the form that says so."""
    try:
        services.submit(current_session(), deal_id, actor=the_actor(), at=now())
    except Invalid as refusal:
        deal = _editable(deal_id)
        form = _filled(deal)
        form.refuse(refusal)
        return _form_page(form, deal.id, deal)
    return see_other("deals.receipt", deal_id=deal_id)


@bp.post("/deals/<uuid:deal_id>/draft")
@requires(Permission.DEAL_REGISTER)
def autosave(deal_id: UUID) -> ResponseReturnValue:
    """Keep a draft as it is typed; answers its version, or 422 while it cannot be kept."""
    deal = _mine_or_none(deal_id)
    form = RegistrationForm()
    if deal is not None and deal.state is not DealState.DRAFT:
        raise NotEditable("Only drafts save themselves.")
    _offered(form)
    if not form.validate():
        return _json(422, errors=sorted(name for name in form.errors if name))
    try:
        saved = services.save(
            current_session(), deal_id, actor=the_actor(), at=now(),
            content=form.content(_content(deal)), version=form.version.data if deal else None,
        )  # fmt: skip
    except Invalid as refusal:
        return _json(422, errors=[one.field for one in refusal.errors])
    return _json(200, version=saved.version)


@bp.post("/deals/pre-check")
@requires(Permission.DEAL_REGISTER)
def pre_check() -> ResponseReturnValue:
    """Answer free, contested or protected for a company, as a part of the page."""
    try:
        found = _claim()
    except Invalid as refusal:
        return page("deals/_pre_check.html", found=None, sentence=refusal.sentence)
    return page("deals/_pre_check.html", found=found, sentence="")


def _claim() -> Claim:
    party = Party(
        tidy(request.form.get("customer_name"))[:120],
        country=tidy(request.form.get("customer_country"))[:2] or None,
        domain=host_of(tidy(request.form.get("customer_domain"))[:120]) or None,
        tax_number=tidy(request.form.get("customer_tax_number"))[:32] or None,
        duns=tidy(request.form.get("customer_duns"))[:16] or None,
        city=tidy(request.form.get("customer_city"))[:80] or None,
        address=tidy(request.form.get("customer_address"))[:160] or None,
    )
    return services.pre_check(current_session(), party, actor=the_actor(), at=now())


def _answer(form: RegistrationForm, deal_id: UUID, deal: Registration | None) -> Response:
    """Do what the pressed button asks."""
    act = request.form.get("act", "save")
    if act == "rows" and form.lines is not None:
        form.add_rows()
        form.renew_key()
        return _form_page(form, deal_id, deal)
    if act == "check":
        return _checked(form, deal_id, deal)
    if form.validate():
        stale = _moved_on(form, deal)
        if stale:
            answer = _form_page(form, deal_id, deal, stored=stale)
            answer.status_code = 409
            return answer
        try:
            return _saved(form, deal_id, deal, is_submitted=act == "submit")
        except Invalid as refusal:
            form.refuse(refusal)
    return _form_page(form, deal_id, deal)


def _checked(form: RegistrationForm, deal_id: UUID, deal: Registration | None) -> Response:
    form.renew_key()
    try:
        return _form_page(form, deal_id, deal, found=_claim())
    except Invalid as refusal:
        form.refuse(refusal)
    return _form_page(form, deal_id, deal)


def _saved(
    form: RegistrationForm, deal_id: UUID, deal: Registration | None, *, is_submitted: bool
) -> Response:
    session, actor, at = current_session(), the_actor(), now()
    content = form.content(_content(deal))
    saved = services.save(session, deal_id, actor=actor, at=at, content=content)
    if is_submitted:
        services.submit(session, deal_id, actor=actor, at=at)
        return see_other("deals.receipt", deal_id=deal_id)
    is_draft = saved.state is DealState.DRAFT
    flash("The draft is saved." if is_draft else "The changes are saved.")
    return see_other("deals.show", deal_id=deal_id)


def _moved_on(form: RegistrationForm, deal: Registration | None) -> dict[str, Any]:
    if deal is None:
        return {}
    stored = entered(_content(deal))
    stored.pop("lines")
    return form.conflicts(deal.version, stored)


def _content(deal: Registration | None) -> Content:
    if deal is None:
        return _NEW
    return queries.content_of(deal, queries.lines(current_session(), deal.id))


def _mine_or_none(deal_id: UUID) -> Registration | None:
    actor = the_actor()
    known = queries.visible_to(actor).where(Registration.id == deal_id)
    return current_session().scalar(known)


def _editable(deal_id: UUID) -> Registration:
    actor = the_actor()
    deal = queries.one(current_session(), deal_id, actor=actor)
    if deal.partner_id != actor.partner_id:
        raise NotYourRegistration("Only the organisation that made this registration can do that.")
    if not editable_fields(deal.state, deal.fields_asked):
        raise NotEditable("Nothing of this registration can be changed now.")
    return deal


def _partner() -> Any:
    actor = the_actor()
    if actor.partner_id is None:
        raise services.OnlyPartnersRegister("Registrations are made by partners.")
    return queries.partner_with_terms(current_session(), actor.partner_id)


def _offered(form: RegistrationForm) -> RegistrationForm:
    form.offer(queries.products(current_session()), the_actor().locale)
    return form


def _filled(deal: Registration) -> RegistrationForm:
    said = _content(deal)
    form = RegistrationForm(formdata=None, data={**entered(said), "version": deal.version})
    if said.lines:
        form.lines.append_entry()
    return _restricted(form, deal)


def _restricted(form: RegistrationForm, deal: Registration) -> RegistrationForm:
    form.keep_only(editable_fields(deal.state, deal.fields_asked))
    return _offered(form)


def _form_page(
    form: RegistrationForm,
    deal_id: UUID,
    deal: Registration | None,
    *,
    found: Claim | None = None,
    stored: dict[str, Any] | None = None,
    partner: Any = None,
) -> Response:
    session, actor, partner = current_session(), the_actor(), partner or _partner()
    is_draft = deal is None or deal.state is DealState.DRAFT
    return form_page(
        "deals/form.html",
        form=form,
        deal=deal,
        deal_id=deal_id,
        is_draft=is_draft,
        can_submit=is_draft or (deal is not None and deal.state is DealState.ACTION_REQUIRED),
        autosave_url=url_for("deals.autosave", deal_id=deal_id) if is_draft else "",
        customers=queries.own_customers(session, actor=actor),
        reviewer=queries.name_of(session, partner.manager_id),
        answer_hours=partner.programme.answer_hours,
        found=found,
        stored=stored or {},
        optional_fields=OPTIONAL,
    )


def _json(status: int, **said: Any) -> Response:
    return make_response(jsonify(said), status)
