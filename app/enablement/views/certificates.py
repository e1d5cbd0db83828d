"""Certificates: lists for the vendor and for partners, awards, and paper."""

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.db.paging import Page
from app.enablement import queries, services
from app.enablement.forms import AwardForm
from app.enablement.pdf import certificate_pdf
from app.enablement.rules import CertificateState
from app.enablement.views.blueprint import bp
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.kernel.format import label
from app.kernel.period import add_months
from app.ledger.queries import entry_number
from app.partners import queries as partners
from app.partners.models import Partner
from app.web.choices import offer
from app.web.fields import tidy
from app.web.respond import flash, form_page, page, pdf_file, see_other

_LONGEST_SEARCH = 120
_EVENT = "enablement.certificate.awarded"


@bp.get("/certificates")
@requires(Permission.LIBRARY_VIEW)
def certificates() -> ResponseReturnValue:
    """List certificates; those that end first stand first."""
    session, state, search = current_session(), _state(), _search()
    statement = queries.certificates.listing(
        the_actor(), on=now().date(), state=state, search=search
    )
    number = request.args.get("page", 1, type=int)
    found = queries.certificates.page_of_certificates(session, statement, number=number)
    return page(
        "enablement/certificates.html",
        found=found,
        search=search,
        state=state,
        chips=[_chip(None, "All"), *(_chip(one, label(one)) for one in CertificateState)],
        pages=_pages(found),
    )


@bp.get("/partners/<uuid:partner_id>/certificates")
@requires(Permission.LIBRARY_VIEW)
def of_partner(partner_id: UUID) -> ResponseReturnValue:
    """Answer with the certificates of one partner, to stand on its page."""
    session, actor = current_session(), the_actor()
    partner = partners.one(session, partner_id, actor=actor)
    found = queries.certificates.of_partner(session, partner_id, actor=actor, on=now().date())
    return page("enablement/_of_partner.html", partner=partner, found=found)


@bp.get("/certificates/new")
@requires(Permission.LIBRARY_EDIT)
def new_certificate() -> ResponseReturnValue:
    """Ask for the partner, then for the person and what was shown."""
    chosen = request.args.get("partner", "")
    try:
        partner_id = UUID(chosen) if chosen else None
    except ValueError:
        partner_id = None
    if partner_id is None:
        rows = partners.active(current_session())
        return page("enablement/award_whom.html", partners=rows)
    partner = partners.one(current_session(), partner_id, actor=the_actor())
    today = now().date()
    form = AwardForm(formdata=None, awarded_on=today, valid_until=add_months(today, 12))
    return _award_page(form, partner)


@bp.post("/partners/<uuid:partner_id>/certificates")
@requires(Permission.LIBRARY_EDIT)
def award(partner_id: UUID) -> ResponseReturnValue:
    """Award a certificate to somebody of a partner."""
    session, actor, form = current_session(), the_actor(), AwardForm()
    partner = partners.one(session, partner_id, actor=actor)
    people = _people(partner)
    form.user_id.choices = offer(people.items())
    if form.validate():
        try:
            made = services.award(session, form.award(partner.id, people), actor=actor, at=now())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"{made.holder} holds certificate {made.number}.")
            return see_other("enablement.certificates", q=made.number)
    return _award_page(form, partner)


@bp.get("/certificates/<uuid:certificate_id>.pdf")
@requires(Permission.LIBRARY_VIEW)
def certificate(certificate_id: UUID) -> ResponseReturnValue:
    """Hand out a certificate on paper."""
    session, actor = current_session(), the_actor()
    found = queries.certificate(session, certificate_id, actor=actor)
    partner = partners.one(session, found.partner_id, actor=actor)
    entry = entry_number(session, _EVENT, "certificate", found.id)
    content = certificate_pdf(found, company=partner.legal_name, entry=entry)
    return pdf_file(content, f"{found.number}.pdf")


def _award_page(form: AwardForm, partner: Partner) -> Response:
    people = _people(partner)
    form.user_id.choices = offer(people.items())
    return form_page(
        "enablement/award.html",
        form=form,
        partner=partner,
        has_people=bool(people),
        subjects=queries.subjects(current_session()),
    )


def _people(partner: Partner) -> dict[UUID, str]:
    rows = partners.people_of(current_session(), partner.id)
    return {row.id: row.name for row in rows}


def _state() -> CertificateState | None:
    state = request.args.get("state", "")
    return CertificateState(state) if state in set(CertificateState) else None


def _search() -> str:
    return tidy(request.args.get("q"))[:_LONGEST_SEARCH]


def _url(**over: Any) -> str:
    asked = {"q": _search(), "state": _state(), **over}
    return url_for("enablement.certificates", **{k: v for k, v in asked.items() if v})


def _chip(state: CertificateState | None, name: str) -> dict[str, object]:
    return {"label": name, "url": _url(state=state), "current": _state() is state}


def _pages(found: Page) -> dict[str, Any]:
    return {
        "first": found.first_row,
        "last": found.last_row,
        "total": found.total,
        "previous_url": _url(page=found.number - 1) if found.number > 1 else "",
        "next_url": _url(page=found.number + 1) if found.number < found.last else "",
    }
