"""What a partner sees and keeps of itself: programme, company, payout details."""

from typing import Any

from flask import Response, current_app, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.kernel.clock import now
from app.kernel.errors import Invalid, NotFound
from app.partners import queries, services
from app.partners.forms import CompanyForm, PayoutForm
from app.partners.models import Partner
from app.partners.views.blueprint import bp
from app.partners.views.shared import profile_of
from app.web.choices import countries
from app.web.compare import compared
from app.web.respond import flash, form_page, page, see_other

PROGRESS = "attribution.tier_progress"
"""A fragment that shows this year's bookings of the reader's partner beside what tiers ask."""


def _own(*, lock: bool = False) -> Partner:
    actor = the_actor()
    if actor.partner_id is None:
        raise NotFound
    return queries.one(current_session(), actor.partner_id, actor=actor, lock=lock)


@bp.get("/programme")
@requires(Permission.PROGRAMME_VIEW)
def programme() -> ResponseReturnValue:
    """Show a partner its tier, what it gives, and what the next one asks."""
    partner, session = _own(), current_session()
    tiers = queries.tiers_of(session, partner.programme_id)
    above = [tier for tier in tiers if tier.rank > partner.tier.rank]
    return page(
        "partners/programme.html",
        partner=partner,
        tiers=tiers,
        next_tier=above[0] if above else None,
        manager=queries.manager_of(session, partner),
        holds=queries.holds(session, partner.id),
        progress_url=url_for(PROGRESS) if PROGRESS in current_app.view_functions else "",
    )


@bp.get("/company")
@requires(Permission.OWN_COMPANY_EDIT)
def own() -> ResponseReturnValue:
    """Show the reader's company as the vendor keeps it."""
    partner = _own()
    return _company(partner, CompanyForm(formdata=None, data=profile_of(partner)), {})


@bp.post("/company")
@requires(Permission.OWN_COMPANY_EDIT)
def save_own() -> ResponseReturnValue:
    """Save address, contact, website and tax number of the reader's company."""
    partner, form = _own(lock=True), CompanyForm()
    stored: dict[str, Any] = {}
    if form.validate():
        stored = form.conflicts(partner.version, profile_of(partner))
        if not stored:
            try:
                services.edit_own_company(current_session(), partner.id, profile=form.profile,
                                          actor=the_actor(), at=now())  # fmt: skip
            except Invalid as refusal:
                form.refuse(refusal)
            else:
                flash("Your company profile is saved.")
                return see_other("partners.own")
    return _company(partner, form, stored)


def _company(partner: Partner, form: CompanyForm, stored: dict[str, Any]) -> Response:
    answer = form_page(
        "partners/company.html",
        form=form,
        partner=partner,
        changed=compared(form, stored),
        payout=queries.payout_details(current_session(), partner.id),
        named=countries(the_actor().locale),
    )
    answer.status_code = 409 if stored else answer.status_code
    return answer


@bp.get("/company/payout")
@requires(Permission.PAYOUT_DETAILS_EDIT, fresh=True)
def payout() -> ResponseReturnValue:
    """Show the form of payout details; the number that is kept is not shown."""
    details = queries.payout_details(current_session(), _own().id)
    kept = {"holder": details.holder, "bic": details.bic} if details else {}
    form = PayoutForm(formdata=None, version=details.version if details else 0, **kept)
    return form_page("partners/payout.html", form=form, details=details, changed=[])


@bp.post("/company/payout")
@requires(Permission.PAYOUT_DETAILS_EDIT, fresh=True)
def save_payout() -> ResponseReturnValue:
    """Keep the account on which the reader's company is paid."""
    partner, form = _own(lock=True), PayoutForm()
    details = queries.payout_details(current_session(), partner.id)
    stored: dict[str, Any] = {}
    if form.validate():
        kept = {"holder": details.holder, "bic": details.bic} if details else {}
        stored = form.conflicts(details.version if details else 0, kept)
        if not stored:
            try:
                services.set_payout_details(current_session(), partner.id, account=form.account,
                                            actor=the_actor(), at=now())  # fmt: skip
            except Invalid as refusal:
                form.refuse(refusal)
            else:
                flash("The payout details are changed; every admin of your company is told.")
                return see_other("partners.own")
    answer = form_page("partners/payout.html", form=form, details=details,
                       changed=compared(form, stored))  # fmt: skip
    answer.status_code = 409 if stored else answer.status_code
    return answer
