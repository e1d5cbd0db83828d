"""A version run on real history: what it would have cost, who gains and who loses."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires
from app.access.rules import Permission
from app.incentives import queries
from app.incentives.views import bp
from app.kernel.clock import now
from app.web.respond import page


@bp.get("/plans/<uuid:version_id>/simulation")
@requires(Permission.PLAN_VIEW)
def simulation(version_id: UUID) -> ResponseReturnValue:
    """Run a version over everything that happened, beside what the plan in force gives."""
    session = current_session()
    version = queries.one_version(session, version_id)
    found = queries.simulate(session, version, at=now())
    return page("incentives/simulation.html", version=version, found=found)
