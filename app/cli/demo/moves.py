"""Moves of an opportunity: the terms, criteria, rows and entries of the services, in fewer reads.

The services load the opportunity anew with all that pages show of it; here one row is enough. The
win and the loss are left to them.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.kernel.errors import Broken, Invalid
from app.pipeline.models import Opportunity
from app.pipeline.rules import (
    CATEGORY_OF,
    Facts,
    Stage,
    Terms,
    complaints,
    is_push,
    missing_on_the_way,
)
from app.pipeline.services.acts import keep_change, keep_step, note


def say(
    session: Session, opportunity: Opportunity, terms: Terms, *, actor: Actor, at: datetime
) -> None:
    """Bring next step, close date and day of the decision up to date, as an edit does."""
    wrong = complaints(terms, at.date(), close_before=opportunity.close_on)
    if wrong:
        raise Invalid.fields(*wrong)
    moved = opportunity.close_on != terms.close_on
    opportunity.pushes += is_push(opportunity.close_on, terms.close_on)
    opportunity.close_on, opportunity.decision_on = terms.close_on, terms.decision_on
    keep_step(session, opportunity, terms.next_step, actor=actor, at=at)
    if moved:
        keep_change(session, opportunity, opportunity.stage, actor=actor, at=at)
    fields = ["close_on", "decision_on", "next_step"]
    note(session, "edited", opportunity, actor=actor, at=at, fields=fields)


def advance(
    session: Session, opportunity: Opportunity, stage: Stage, *, actor: Actor, at: datetime
) -> None:
    """Move forward to ``stage``; the caller sees to it that somebody asked to help said yes.

    :raises Broken: if something that the stages on the way ask is missing
    """
    total = opportunity.amount_minor
    facts = Facts(
        today=at.date(),
        amount_minor=total,
        close_on=opportunity.close_on,
        decision_on=opportunity.decision_on,
        next_step=opportunity.next_step,
        problem=opportunity.problem,
        lines=1,
        lines_minor=total,
        accepted=1,
        engaged=1,
    )
    before = opportunity.stage
    if gaps := missing_on_the_way(before, stage, facts):
        raise Broken(f"{opportunity.number} cannot move on: {gaps[0]}")
    opportunity.stage, opportunity.stage_since = stage, at
    opportunity.category, opportunity.category_reason = CATEGORY_OF[stage], ""
    keep_change(session, opportunity, before, actor=actor, at=at)
    note(session, "advanced", opportunity, actor=actor, at=at, before=before.value)
