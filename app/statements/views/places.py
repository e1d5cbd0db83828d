"""The latest statements of a partner, to stand on its page."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.partners import queries as partners
from app.statements import queries
from app.statements.queries import Filters
from app.statements.views.blueprint import bp
from app.web.respond import page

_MOST = 8


@bp.get("/partners/<uuid:partner_id>/statements")
@requires(Permission.STATEMENT_VIEW)
def of_partner(partner_id: UUID) -> ResponseReturnValue:
    """Answer with the latest statements of one partner."""
    session, actor = current_session(), the_actor()
    partner = partners.one(session, partner_id, actor=actor)
    listed = queries.listing(actor, Filters(partner_id=partner_id)).limit(_MOST)
    return page("statements/_of_partner.html", partner=partner, found=session.execute(listed).all())
