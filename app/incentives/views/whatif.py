"""What an open deal would pay the reader's own partner."""

from dataclasses import replace
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.attribution import queries as attribution
from app.db.engine import elevated
from app.incentives import engine, queries
from app.incentives.forms import WhatIfForm
from app.incentives.views import bp
from app.kernel.clock import now
from app.kernel.errors import NotFound
from app.kernel.money import Money
from app.partners import queries as partners
from app.web.respond import form_page


@bp.get("/what-if")
@requires(Permission.STATEMENT_VIEW)
def what_if() -> ResponseReturnValue:
    """Suppose that one of the reader's open deals is won and paid, and show what it would pay."""
    session, actor = current_session(), the_actor()
    if actor.partner_id is None:
        raise NotFound
    open_deals = queries.open_deals(session, actor.partner_id)
    is_asked = any(request.args.get(name) for name in ("opportunity_id", "amount"))
    form = WhatIfForm(formdata=request.args if is_asked else MultiDict())
    form.offer([(row.id, f"{row.number} {row.title}") for row in open_deals])
    outlook = deal = None
    if is_asked and form.validate():
        deal = _supposed(form, actor.partner_id)
        if deal is not None:
            with elevated(session):  # of what is the vendor's, only what is their own is shown
                today = queries.today_of(session, {actor.partner_id}, at=now())
            outlook = queries.what_if(today, deal, actor.partner_id)
    reading = [(line, engine.sentence(line.trace)) for line in outlook.lines] if outlook else []
    partner = partners.one(session, actor.partner_id, actor=actor)
    tier = attribution.tier_progress(session, partner, on=now().date())
    return form_page("incentives/what_if.html", form=form, outlook=outlook, deal=deal,
                     lines=reading, tier=tier)  # fmt: skip


def _supposed(form: WhatIfForm, partner_id: UUID) -> queries.Deal | None:
    """Return the deal that is supposed: the opportunity's facts, unless others are given."""
    if form.opportunity_id.data:
        deal = queries.deal_of(current_session(), UUID(form.opportunity_id.data), partner_id)
        worth = form.amount.data if isinstance(form.amount.data, Money) else deal.worth
        routes = frozenset(form.routes.data or ()) or deal.routes
        return replace(deal, worth=worth, routes=routes)
    if not isinstance(form.amount.data, Money):
        form.amount.errors = ["Give an amount, or choose an opportunity."]
        return None
    return queries.Deal(form.amount.data, frozenset(form.routes.data or ("sourced", "registered")))
