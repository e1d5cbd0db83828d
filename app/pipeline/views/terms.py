"""Starting an opportunity, editing what it says, and its product lines."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.accounts import queries as accounts
from app.kernel import format as text
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.kernel.money import Money
from app.pipeline import queries, services
from app.pipeline.forms import SPARE_LINES, EditForm, LinesForm, StartForm, rows_of
from app.pipeline.models import Opportunity
from app.pipeline.views import bp
from app.web.respond import flash, form_page, see_other

_SAID = ("title", "close_on", "decision_on", "next_step", "problem")


@bp.get("/pipeline/new")
@requires(Permission.PIPELINE_EDIT)
def new() -> ResponseReturnValue:
    """Show the form of an opportunity that no partner registered."""
    form = _offered_start(StartForm())
    form.owner_id.data = str(the_actor().user_id or "")
    return form_page("pipeline/new.html", form=form)


@bp.post("/pipeline")
@requires(Permission.PIPELINE_EDIT)
def start() -> ResponseReturnValue:
    """Start an opportunity."""
    form = _offered_start(StartForm())
    if form.validate():
        try:
            begun = services.start(
                current_session(), UUID(form.account_id.data), terms=form.terms,
                actor=the_actor(), at=now(),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"{begun.number} is started.")
            return see_other("pipeline.show", opportunity_id=begun.id)
    return form_page("pipeline/new.html", form=form)


@bp.post("/deals/<uuid:registration_id>/opportunity")
@requires(Permission.PIPELINE_EDIT)
def start_from_registration(registration_id: UUID) -> ResponseReturnValue:
    """Start the opportunity of an approved registration."""
    begun = services.start_from_registration(
        current_session(), registration_id, actor=the_actor(), at=now()
    )
    flash(f"{begun.number} is started.")
    return see_other("pipeline.show", opportunity_id=begun.id)


@bp.get("/deals/<uuid:registration_id>/opportunity")
@requires(Permission.PIPELINE_VIEW)
def of_registration(registration_id: UUID) -> ResponseReturnValue:
    """Go to the opportunity that was started from a registration."""
    found = queries.of_registration(current_session(), registration_id, actor=the_actor())
    return see_other("pipeline.show", opportunity_id=found)


@bp.get("/pipeline/<uuid:opportunity_id>/edit")
@requires(Permission.PIPELINE_EDIT)
def edit(opportunity_id: UUID) -> ResponseReturnValue:
    """Show the form of an opportunity."""
    opportunity = queries.one(current_session(), opportunity_id, actor=the_actor())
    form = _offered(EditForm(data=_values(opportunity)), opportunity)
    return form_page("pipeline/edit.html", form=form, opportunity=opportunity, stored={})


@bp.post("/pipeline/<uuid:opportunity_id>")
@requires(Permission.PIPELINE_EDIT)
def save(opportunity_id: UUID) -> ResponseReturnValue:
    """Save what was changed; where somebody else was first, show both values."""
    session, actor = current_session(), the_actor()
    opportunity = queries.one(session, opportunity_id, actor=actor, lock=True)
    form = _offered(EditForm(), opportunity)
    stored: dict[str, Any] = {}
    if form.validate():
        stored = form.conflicts(opportunity.version, _values(opportunity))
        if not stored:
            try:
                services.edit(session, opportunity_id, terms=form.terms, actor=actor, at=now())
            except Invalid as refusal:
                form.refuse(refusal)
            else:
                flash(f"{opportunity.number} is saved.")
                return see_other("pipeline.show", opportunity_id=opportunity_id)
    shown = {name: _as_text(name, value, form) for name, value in stored.items()}
    answer = form_page("pipeline/edit.html", form=form, opportunity=opportunity, stored=shown)
    return _conflicting(answer, bool(stored))


@bp.get("/pipeline/<uuid:opportunity_id>/lines")
@requires(Permission.PIPELINE_EDIT)
def lines(opportunity_id: UUID) -> ResponseReturnValue:
    """Show the form of the product lines."""
    opportunity = queries.one(current_session(), opportunity_id, actor=the_actor())
    known = queries.lines(current_session(), opportunity_id)
    rows = rows_of(known, opportunity.currency)
    form = LinesForm(data={"lines": rows, "version": opportunity.version})
    _offered_lines(form, opportunity, spare=SPARE_LINES)
    return form_page("pipeline/lines.html", form=form, opportunity=opportunity, stored=None)


@bp.post("/pipeline/<uuid:opportunity_id>/lines")
@requires(Permission.PIPELINE_EDIT)
def set_lines(opportunity_id: UUID) -> ResponseReturnValue:
    """Replace the product lines; where somebody else was first, show both."""
    session, actor = current_session(), the_actor()
    opportunity = queries.one(session, opportunity_id, actor=actor, lock=True)
    form = _offered_lines(LinesForm(), opportunity)
    stored = None
    if form.validate():
        is_stale = form.version.data != opportunity.version
        if is_stale:
            form.conflicts(opportunity.version, {})
            stored = queries.lines(session, opportunity_id)
        else:
            try:
                services.set_lines(session, opportunity_id, lines=form.said, actor=actor, at=now())
            except Invalid as refusal:
                form.refuse(refusal)
            else:
                flash(f"The lines of {opportunity.number} are saved.")
                return see_other("pipeline.show", opportunity_id=opportunity_id)
    answer = form_page("pipeline/lines.html", form=form, opportunity=opportunity, stored=stored)
    return _conflicting(answer, stored is not None)


def _conflicting(answer: Response, is_stale: bool) -> Response:
    answer.status_code = 409 if is_stale else answer.status_code
    return answer


def _values(opportunity: Opportunity) -> dict[str, Any]:
    values = {name: getattr(opportunity, name) for name in (*_SAID, "version")}
    values["amount"] = Money(opportunity.amount_minor, opportunity.currency)
    for name in ("family_id", "owner_id"):
        values[name] = str(getattr(opportunity, name) or "")
    return values


def _as_text(name: str, value: Any, form: EditForm) -> str:
    if isinstance(value, Money):
        return text.money(value, the_actor().locale)
    field = getattr(form, name)
    named = {one.value: one.label for one in getattr(field, "choices", ())}
    return str(named.get(value, value) or "nothing")


def _offered_start(form: StartForm) -> StartForm:
    session = current_session()
    form.offer(_pairs(queries.families(session)), _pairs(queries.owners(session)))
    form.offer_accounts(_pairs(accounts.choices(session)))
    return form


def _offered(form: EditForm, opportunity: Opportunity) -> EditForm:
    session = current_session()
    owners = _pairs(queries.owners(session))
    if opportunity.owner is not None and opportunity.owner_id not in dict(owners):
        owners.append((opportunity.owner.id, opportunity.owner.name))
    form.offer(_pairs(queries.families(session)), owners)
    form.amount.currency = opportunity.currency
    return form


def _offered_lines(form: LinesForm, opportunity: Opportunity, *, spare: int = 0) -> LinesForm:
    named = [
        (row.id, f"{row.family_name}: {row.name}") for row in queries.products(current_session())
    ]
    known = dict(named)
    held = queries.lines(current_session(), opportunity.id)
    named += [(one.product_id, one.product.name) for one in held if one.product_id not in known]
    form.offer(named, opportunity.currency, spare=spare)
    return form


def _pairs(rows: Any) -> list[tuple[UUID, str]]:
    return [(row.id, row.name) for row in rows]
