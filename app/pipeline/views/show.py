"""One opportunity: facts, what the next stage asks, lines, who takes part, notes, history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, current_app, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Actor, Permission
from app.kernel import format as text
from app.kernel.clock import now
from app.kernel.money import Money
from app.pipeline import queries
from app.pipeline.forms import NoteForm
from app.pipeline.models import Opportunity, Participant
from app.pipeline.rules import (
    FINAL_STAGES,
    ParticipantState,
    Stage,
    checklist,
    days_since,
    marks,
    next_stage,
)
from app.pipeline.views import bp
from app.web.respond import page

_BOOKING = "revenue.book"


@bp.get("/pipeline/<uuid:opportunity_id>")
@requires(Permission.PIPELINE_VIEW)
def show(opportunity_id: UUID) -> ResponseReturnValue:
    """Show one opportunity; an invited partner sees the invitation until it accepts."""
    session, actor = current_session(), the_actor()
    opportunity = queries.one(session, opportunity_id, actor=actor)
    return opportunity_page(session, opportunity, actor)


def opportunity_page(
    session: Session, opportunity: Opportunity, actor: Actor, form: NoteForm | None = None
) -> Response:
    """Return the page of an opportunity, with what was refused of a note in ``form``."""
    parts = _parts(session, opportunity, actor)
    if not actor.is_vendor and not any(_accepted(part) for part in parts):
        is_open = opportunity.stage not in FINAL_STAGES
        asked = {"opportunity": opportunity, "parts": parts, "is_open": is_open}
        return page("pipeline/invitation.html", **asked)
    at = now()
    changes = queries.stage_changes(session, opportunity.id)
    context = {
        "opportunity": opportunity,
        "parts": parts,
        "lines": queries.lines(session, opportunity.id),
        "shared": queries.shared_notes(session, opportunity.id, actor=actor),
        "internal": queries.internal_notes(session, opportunity.id) if actor.is_vendor else [],
        "steps": queries.next_steps(session, opportunity.id, actor=actor),
        "history": timeline(changes, parts, actor),
        "reopened_as": queries.reopened_as(session, opportunity.id) if actor.is_vendor else None,
        "is_open": opportunity.stage not in FINAL_STAGES,
        "age": days_since(opportunity.stage_since, at),
        "marks": marks(opportunity.stage, opportunity.active_at or opportunity.stage_since,
                       opportunity.close_on, at),
        "form": form or NoteForm(),
        "known": current_app.view_functions,
        "booking_url": _booking_url(opportunity, actor),
    }  # fmt: skip
    answer = page("pipeline/show.html", **context, **_way_on(opportunity, context, at))
    answer.status_code = 422 if form is not None and form.errors else 200
    return answer


def _parts(session: Session, opportunity: Opportunity, actor: Actor) -> list[Participant]:
    found = queries.participants(session, opportunity.id)
    if actor.is_vendor:
        return list(found)
    return [part for part in found if part.partner_id in actor.partner_ids]


def _accepted(part: Participant) -> bool:
    return part.state is ParticipantState.ACCEPTED


def _way_on(opportunity: Opportunity, context: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Return the next stage and its criteria held against what is known."""
    following = next_stage(opportunity.stage)
    lines = context["lines"]
    total = sum(line.amount_minor for line in lines)
    facts = queries.facts_of(
        opportunity,
        at.date(),
        lines=(len(lines), total),
        states=[part.state for part in context["parts"]],
    )
    checks = checklist(following, facts) if following is not None else []
    return {"following": following, "checks": checks, "lines_minor": total}


def _booking_url(opportunity: Opportunity, actor: Actor) -> str:
    """Return where the order of a launched opportunity is booked, for those who may."""
    may = actor.may(Permission.ORDER_EDIT) and opportunity.stage is Stage.LAUNCHED
    if not may or _BOOKING not in current_app.view_functions:
        return ""
    return url_for(_BOOKING, opportunity_id=opportunity.id)


def timeline(
    changes: Sequence[Any], parts: Sequence[Participant], actor: Actor
) -> list[dict[str, Any]]:
    """Return what happened, newest first; reasons are for the vendor's people."""
    items = [_change_item(row, actor) for row in changes]
    for part in parts:
        who, role = part.partner.name, text.label(part.role).lower()
        if part.answered_at is not None:
            said = f"{who} {text.label(part.state).lower()} the part {role}"
            items.append({"at": part.answered_at, "what": said, "who": ""})
        if part.answered_at != part.invited_at:
            said = f"{who} invited for the part {role}"
            items.append({"at": part.invited_at, "what": said, "who": ""})
    return sorted(items, key=lambda item: item["at"], reverse=True)


def _change_item(row: Any, actor: Actor) -> dict[str, Any]:
    stage = text.label(row.to_stage)
    if row.from_stage is None:
        what = f"Started as {stage.lower()}"
    elif row.from_stage is row.to_stage:
        what = "Amount or close date changed"
    else:
        what = f"{text.label(row.from_stage)} to {stage.lower()}"
    amount = text.money(Money(row.amount_minor, row.currency), actor.locale)
    close = f", close {text.day(row.close_on, actor.locale)}" if row.close_on else ""
    why = f" – {row.reason}" if row.reason and actor.is_vendor else ""
    return {"at": row.at, "who": row.who or "", "what": what, "why": f"{amount}{close}{why}"}
