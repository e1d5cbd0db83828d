"""One partner: its page, its form, and a new one."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.ledger.queries import timeline
from app.partners import queries, services
from app.partners.forms import (
    AdmissionForm,
    GroundForm,
    ManagerForm,
    PartnerForm,
    TierChangeForm,
    chosen,
)
from app.partners.models import Partner
from app.partners.rules import LIFECYCLE, PartnerAct
from app.partners.views.blueprint import bp
from app.partners.views.shared import details_of, manager_pairs, places, tier_pairs
from app.web.choices import countries, offer
from app.web.compare import compared
from app.web.forms import Form
from app.web.respond import flash, form_page, see_other


@bp.get("/partners/new")
@requires(Permission.PARTNER_EDIT)
def new() -> ResponseReturnValue:
    """Show the form of a new partner."""
    return _new_page(_admission(AdmissionForm(formdata=None)))


@bp.post("/partners")
@requires(Permission.PARTNER_EDIT)
def admit() -> ResponseReturnValue:
    """Take a partner in."""
    form = _admission(AdmissionForm())
    if form.validate():
        tier_id, manager_id = UUID(form.tier_id.data), chosen(form.manager_id)
        try:
            partner = services.admit(
                current_session(), form.details, tier_id=tier_id, manager_id=manager_id,
                actor=the_actor(), at=now(),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"{partner.name} is admitted as {partner.number}. Activate it once it is ready.")
            return see_other("partners.show", partner_id=partner.id)
    return _new_page(form)


@bp.get("/partners/<uuid:partner_id>")
@requires(Permission.PARTNER_VIEW)
def show(partner_id: UUID) -> ResponseReturnValue:
    """Show what is known of a partner, its tiers, people and history."""
    return partner_page(queries.one(current_session(), partner_id, actor=the_actor()))


@bp.get("/partners/<uuid:partner_id>/edit")
@requires(Permission.PARTNER_EDIT)
def edit(partner_id: UUID) -> ResponseReturnValue:
    """Show the form of a partner."""
    partner = queries.one(current_session(), partner_id, actor=the_actor())
    form = _listed(PartnerForm(formdata=None, data=details_of(partner)), partner)
    return form_page("partners/form.html", form=form, partner=partner, changed=[])


@bp.post("/partners/<uuid:partner_id>")
@requires(Permission.PARTNER_EDIT)
def save(partner_id: UUID) -> ResponseReturnValue:
    """Save what was changed; where somebody else was first, show both values."""
    partner = queries.one(current_session(), partner_id, actor=the_actor(), lock=True)
    form = _listed(PartnerForm(), partner)
    stored: dict[str, Any] = {}
    if form.validate():
        stored = form.conflicts(partner.version, details_of(partner))
        if not stored:
            try:
                services.edit(current_session(), partner_id, details=form.details,
                              actor=the_actor(), at=now())  # fmt: skip
            except Invalid as refusal:
                form.refuse(refusal)
            else:
                flash(f"{partner.name} is saved.")
                return see_other("partners.show", partner_id=partner_id)
    rows = compared(form, stored)
    answer = form_page("partners/form.html", form=form, partner=partner, changed=rows)
    answer.status_code = 409 if stored else answer.status_code
    return answer


def partner_page(partner: Partner, **refused: Form) -> Response:
    """Return the page of a partner; ``refused`` are its forms that were sent and not accepted."""
    session, actor = current_session(), the_actor()
    events = timeline(session, "partner", partner.id, limit=30)[::-1]
    return form_page(
        "partners/show.html",
        form=next(iter(refused.values()), Form(formdata=None)),
        partner=partner,
        manager=queries.manager_of(session, partner),
        people=queries.people_of(session, partner.id),
        holds=queries.holds(session, partner.id),
        family=queries.family(session, partner),
        events=events,
        who=queries.people_named(session, {e.actor_id for e in events if e.actor_id}),
        acts={act.value for act in PartnerAct if LIFECYCLE.allows(partner.state, act)},
        forms=_forms(partner, refused) if actor.may(Permission.PARTNER_EDIT) else {},
        places=places(partner, actor),
        named=countries(actor.locale),
    )


def _forms(partner: Partner, refused: dict[str, Form]) -> dict[str, Form]:
    forms: dict[str, Form] = {
        "tier": TierChangeForm(formdata=None, tier_id=str(partner.tier_id), on=now().date()),
        "manager": ManagerForm(formdata=None, manager_id=str(partner.manager_id or "")),
        "ground": GroundForm(formdata=None),
    } | refused
    forms["tier"]["tier_id"].choices = offer(tier_pairs())
    forms["manager"]["manager_id"].choices = offer(manager_pairs(), "Nobody")
    return forms


def _new_page(form: AdmissionForm) -> Response:
    return form_page("partners/form.html", form=form, partner=None, changed=[])


def _admission(form: AdmissionForm) -> AdmissionForm:
    form.tier_id.choices = offer(tier_pairs())
    form.manager_id.choices = offer(manager_pairs(), "Nobody yet")
    form.offer_lists(queries.parents(current_session()), the_actor().locale)
    return form


def _listed(form: PartnerForm, partner: Partner) -> PartnerForm:
    parents = queries.parents(current_session())
    form.offer_lists([pair for pair in parents if pair[0] != partner.id], the_actor().locale)
    return form
