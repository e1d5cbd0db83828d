"""The opportunities of a partner or a customer, to stand on its page."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.accounts import queries as accounts
from app.kernel.clock import now
from app.partners import queries as partners
from app.pipeline import queries
from app.pipeline.views import bp
from app.web.respond import page

_MOST = 8


@bp.get("/partners/<uuid:partner_id>/pipeline")
@requires(Permission.PIPELINE_VIEW)
def of_partner(partner_id: UUID) -> ResponseReturnValue:
    """Answer with the open opportunities of one partner, the next to close first."""
    session, actor = current_session(), the_actor()
    partner = partners.one(session, partner_id, actor=actor)
    found = queries.of_partner(session, partner_id, actor=actor, at=now(), limit=_MOST)
    return page("pipeline/_of_partner.html", partner=partner, found=found)


@bp.get("/accounts/<uuid:account_id>/pipeline")
@requires(Permission.ACCOUNT_VIEW)
def of_account(account_id: UUID) -> ResponseReturnValue:
    """Answer with the opportunities of one customer."""
    session, actor = current_session(), the_actor()
    customer = accounts.one(session, account_id)
    found = queries.of_account(session, account_id, actor=actor, at=now(), limit=_MOST)
    return page("pipeline/_of_account.html", customer=customer, found=found)
