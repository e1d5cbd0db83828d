"""Programmes and their tiers, for whoever runs them."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.kernel.money import Money
from app.partners import queries, services
from app.partners.forms import NewProgrammeForm, NewTierForm, ProgrammeForm, TierForm
from app.partners.models import Programme, Tier
from app.partners.rules import ProgrammeKind
from app.partners.views.blueprint import bp
from app.web.compare import compared
from app.web.respond import flash, form_page, see_other


@bp.get("/programmes")
@requires(Permission.PROGRAMME_EDIT)
def programmes() -> ResponseReturnValue:
    """List programmes, with the form of a new one."""
    return _list(NewProgrammeForm(formdata=None))


@bp.post("/programmes")
@requires(Permission.PROGRAMME_EDIT)
def add_programme() -> ResponseReturnValue:
    """Add a programme."""
    form = NewProgrammeForm()
    if form.validate():
        kind = ProgrammeKind(form.kind.data)
        try:
            added = services.add_programme(
                current_session(), code=form.short, name=form.name.data or "", kind=kind,
                actor=the_actor(), at=now(),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"{added.name} is added. Give it its tiers.")
            return see_other("partners.one_programme", programme_id=added.id)
    return _list(form)


def _list(form: NewProgrammeForm) -> Response:
    found = queries.programmes(current_session())
    return form_page("partners/programmes.html", form=form, found=found)


@bp.get("/programmes/<uuid:programme_id>")
@requires(Permission.PROGRAMME_EDIT)
def one_programme(programme_id: UUID) -> ResponseReturnValue:
    """Show a programme with its tiers."""
    programme = queries.programme(current_session(), programme_id)
    return _programme(programme, ProgrammeForm(formdata=None, data=_course(programme)), {})


@bp.post("/programmes/<uuid:programme_id>")
@requires(Permission.PROGRAMME_EDIT)
def save_programme(programme_id: UUID) -> ResponseReturnValue:
    """Save how a programme is run."""
    programme = queries.programme(current_session(), programme_id, lock=True)
    form, stored = ProgrammeForm(), dict[str, Any]()
    if form.validate():
        stored = form.conflicts(programme.version, _course(programme))
        if not stored:
            try:
                services.edit_programme(current_session(), programme_id, course=form.course,
                                        actor=the_actor(), at=now())  # fmt: skip
            except Invalid as refusal:
                form.refuse(refusal)
            else:
                flash(f"{programme.name} is saved.")
                return see_other("partners.one_programme", programme_id=programme_id)
    return _programme(programme, form, stored)


def _course(programme: Programme) -> dict[str, Any]:
    names = ("name", "answer_hours", "parents_see_children", "version")
    return {name: getattr(programme, name) for name in names}


def _programme(programme: Programme, form: ProgrammeForm, stored: dict[str, Any]) -> Response:
    session = current_session()
    answer = form_page(
        "partners/programme_edit.html",
        form=form,
        programme=programme,
        tiers=queries.tiers_of(session, programme.id),
        partners=queries.partners_by_tier(session, programme.id),
        changed=compared(form, stored),
    )
    answer.status_code = 409 if stored else answer.status_code
    return answer


@bp.get("/programmes/<uuid:programme_id>/tiers/new")
@requires(Permission.PROGRAMME_EDIT)
def new_tier(programme_id: UUID) -> ResponseReturnValue:
    """Show the form of a new tier."""
    programme = queries.programme(current_session(), programme_id)
    ranks = [tier.rank for tier in queries.tiers_of(current_session(), programme_id)]
    usual = {"protection_days": 90, "extension_days": 30, "extensions": 1, "discount": Decimal(0)}
    amount = Money(0, "EUR")
    form = NewTierForm(formdata=None, version=programme.version, rank=max(ranks, default=0) + 1,
                       yearly_bookings=amount, **usual)  # fmt: skip
    return form_page("partners/tier.html", form=form, programme=programme, tier=None, changed=[])


@bp.post("/programmes/<uuid:programme_id>/tiers")
@requires(Permission.PROGRAMME_EDIT)
def add_tier(programme_id: UUID) -> ResponseReturnValue:
    """Add a tier to a programme."""
    programme, form = queries.programme(current_session(), programme_id), NewTierForm()
    if form.validate():
        try:
            added = services.add_tier(current_session(), programme_id, code=form.short,
                                      terms=form.terms, actor=the_actor(), at=now())  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"{added.name} is added.")
            return see_other("partners.one_programme", programme_id=programme_id)
    return form_page("partners/tier.html", form=form, programme=programme, tier=None, changed=[])


@bp.get("/tiers/<uuid:tier_id>")
@requires(Permission.PROGRAMME_EDIT)
def tier_form(tier_id: UUID) -> ResponseReturnValue:
    """Show the form of a tier."""
    tier = queries.tier(current_session(), tier_id)
    form = TierForm(formdata=None, data=_terms(tier, tier.programme))
    programme = tier.programme
    return form_page("partners/tier.html", form=form, programme=programme, tier=tier, changed=[])


@bp.post("/tiers/<uuid:tier_id>")
@requires(Permission.PROGRAMME_EDIT)
def save_tier(tier_id: UUID) -> ResponseReturnValue:
    """Save what a tier gives and asks."""
    tier, form, stored = queries.tier(current_session(), tier_id), TierForm(), dict[str, Any]()
    programme = queries.programme(current_session(), tier.programme_id, lock=True)
    if form.validate():
        stored = form.conflicts(programme.version, _terms(tier, programme))
        if not stored:
            try:
                services.edit_tier(current_session(), tier_id, terms=form.terms,
                                   actor=the_actor(), at=now())  # fmt: skip
            except Invalid as refusal:
                form.refuse(refusal)
            else:
                flash(f"{tier.name} is saved; it holds for decisions from now on.")
                return see_other("partners.one_programme", programme_id=programme.id)
    answer = form_page("partners/tier.html", form=form, programme=programme, tier=tier,
                       changed=compared(form, stored))  # fmt: skip
    answer.status_code = 409 if stored else answer.status_code
    return answer


def _terms(tier: Tier, programme: Programme) -> dict[str, Any]:
    names = ("name", "rank", "protection_days", "extension_days", "extensions", "discount")
    amount = Money(tier.yearly_bookings_minor, "EUR")
    own = {name: getattr(tier, name) for name in names}
    return {**own, "yearly_bookings": amount, "version": programme.version}
