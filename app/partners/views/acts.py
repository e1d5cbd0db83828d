"""What the vendor decides about a partner: its standing, its tier, its manager."""

from collections.abc import Callable
from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.partners import queries, services
from app.partners.forms import GroundForm, ManagerForm, TierChangeForm, chosen
from app.partners.models import Partner
from app.partners.rules import Ground
from app.partners.views.blueprint import bp
from app.partners.views.pages import partner_page
from app.partners.views.shared import manager_pairs, tier_pairs
from app.web.choices import offer
from app.web.respond import flash, see_other

Closing = Callable[..., Partner]


@bp.post("/partners/<uuid:partner_id>/activation")
@requires(Permission.PARTNER_EDIT)
def activation(partner_id: UUID) -> ResponseReturnValue:
    """Let a partner that was onboarding work."""
    partner = services.activate(current_session(), partner_id, actor=the_actor(), at=now())
    flash(f"{partner.name} is active: it may register deals.")
    return see_other("partners.show", partner_id=partner_id)


@bp.post("/partners/<uuid:partner_id>/reinstatement")
@requires(Permission.PARTNER_EDIT)
def reinstatement(partner_id: UUID) -> ResponseReturnValue:
    """Let a suspended partner work again."""
    partner = services.reinstate(current_session(), partner_id, actor=the_actor(), at=now())
    flash(f"{partner.name} is active again.")
    return see_other("partners.show", partner_id=partner_id)


@bp.post("/partners/<uuid:partner_id>/suspension")
@requires(Permission.PARTNER_EDIT)
def suspension(partner_id: UUID) -> ResponseReturnValue:
    """Keep a partner from working until it is reinstated."""
    return _close(partner_id, services.suspend, "is suspended")


@bp.post("/partners/<uuid:partner_id>/ending")
@requires(Permission.PARTNER_EDIT)
def ending(partner_id: UUID) -> ResponseReturnValue:
    """End a partnership."""
    return _close(partner_id, services.end, "is no longer a partner")


def _close(partner_id: UUID, act: Closing, said: str) -> ResponseReturnValue:
    session, actor = current_session(), the_actor()
    form = GroundForm()
    if not form.validate():
        partner = queries.one(session, partner_id, actor=actor)
        return partner_page(partner, ground=form)
    partner = act(session, partner_id, ground=Ground(form.ground.data), actor=actor, at=now())
    flash(f"{partner.name} {said}.")
    return see_other("partners.show", partner_id=partner_id)


@bp.post("/partners/<uuid:partner_id>/tier")
@requires(Permission.PARTNER_EDIT)
def tier(partner_id: UUID) -> ResponseReturnValue:
    """Give a partner another tier, from a day on."""
    session, actor, form = current_session(), the_actor(), TierChangeForm()
    form.tier_id.choices = offer(tier_pairs())
    partner = queries.one(session, partner_id, actor=actor)
    if form.validate() and form.on.data is not None:
        wanted = UUID(form.tier_id.data)
        try:
            partner = services.set_tier(session, partner_id, tier_id=wanted, on=form.on.data,
                                        actor=actor, at=now())  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"{partner.name} holds {partner.tier.name}.")
            return see_other("partners.show", partner_id=partner_id)
    return partner_page(partner, tier=form)


@bp.post("/partners/<uuid:partner_id>/manager")
@requires(Permission.PARTNER_EDIT)
def manager(partner_id: UUID) -> ResponseReturnValue:
    """Give a partner to a channel manager."""
    session, actor, form = current_session(), the_actor(), ManagerForm()
    form.manager_id.choices = offer(manager_pairs(), "Nobody")
    partner = queries.one(session, partner_id, actor=actor)
    if not form.validate():
        return partner_page(partner, manager=form)
    manager_id = chosen(form.manager_id)
    services.assign_manager(session, partner_id, manager_id=manager_id, actor=actor, at=now())
    flash(f"The channel manager of {partner.name} is set.")
    return see_other("partners.show", partner_id=partner_id)
