"""The list of plans, one version, and putting it in force."""

from itertools import groupby
from operator import attrgetter
from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.incentives import queries, services
from app.incentives.rules import PlanState
from app.incentives.views import bp
from app.incentives.views.preview import preview
from app.kernel.clock import now
from app.kernel.format import day
from app.web.respond import flash, page, see_other


@bp.get("/plans")
@requires(Permission.PLAN_VIEW)
def index() -> ResponseReturnValue:
    """List plans with their versions."""
    rows = queries.plan_rows(current_session())
    plans = [(code, list(group)) for code, group in groupby(rows, attrgetter("code"))]
    return page("incentives/index.html", plans=plans, today=now().date())


@bp.get("/plans/<uuid:version_id>")
@requires(Permission.PLAN_VIEW)
def show(version_id: UUID) -> ResponseReturnValue:
    """Show one version in words, with warnings, tables and its document."""
    session, actor = current_session(), the_actor()
    version = queries.one_version(session, version_id)
    read = queries.engine_version(version.document, version.effective_until)
    is_draft = version.state is PlanState.DRAFT
    versions = queries.versions_of_plan(session, version.plan_id)
    return page(
        "incentives/show.html",
        version=version,
        said=preview(read, queries.certifications(session)),
        versions=versions,
        people=queries.people(session, [version.drafted_by, version.published_by]),
        has_draft=any(row.state is PlanState.DRAFT for row in versions),
        may_edit=is_draft and actor.may(Permission.PLAN_EDIT),
        may_publish=is_draft and actor.may(Permission.PLAN_EDIT)
        and version.drafted_by != actor.user_id,
        is_mine=is_draft and version.drafted_by == actor.user_id,
    )  # fmt: skip


@bp.post("/plans/<uuid:version_id>/publication")
@requires(Permission.PLAN_EDIT, fresh=True)
def publish(version_id: UUID) -> ResponseReturnValue:
    """Put a draft in force; somebody else than its author does it."""
    made = services.publish(current_session(), version_id, actor=the_actor(), at=now())
    flash(f"Version {made.number} of {made.plan.name} is in force from {day(made.effective_from)}.")
    return see_other("incentives.show", version_id=version_id)
