"""How far the reader's own partner is on the way to its next tier."""

from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.attribution import queries
from app.attribution.views import bp
from app.kernel.clock import now
from app.kernel.errors import NotFound
from app.partners import queries as partners
from app.web.respond import page


@bp.get("/programme/progress")
@requires(Permission.PROGRAMME_VIEW)
def tier_progress() -> ResponseReturnValue:
    """Answer with this year's sourced bookings beside what the next tier asks."""
    session, actor = current_session(), the_actor()
    if actor.partner_id is None:
        raise NotFound
    partner = partners.one(session, actor.partner_id, actor=actor)
    progress = queries.tier_progress(session, partner, on=now().date())
    return page("attribution/_tier_progress.html", partner=partner, progress=progress)
