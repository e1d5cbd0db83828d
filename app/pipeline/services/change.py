"""Change what an opportunity says: its terms, lines, next step and forecast category."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.kernel.errors import FieldError, Invalid
from app.pipeline import queries
from app.pipeline.models import Opportunity, OpportunityLine
from app.pipeline.rules import (
    CATEGORY_OF,
    LONGEST_STEP,
    OVERRIDES,
    ForecastCategory,
    Line,
    Terms,
    complaints,
    is_push,
    line_complaints,
)
from app.pipeline.services.acts import (
    add_lines,
    find_open,
    keep_change,
    keep_step,
    needed,
    note,
    refuse_onlookers,
)

_PLAIN = ("title", "close_on", "decision_on", "problem", "family_id", "owner_id")


def edit(
    session: Session, opportunity_id: UUID, *, terms: Terms, actor: Actor, at: datetime
) -> Opportunity:
    """Replace what an opportunity says; a close date moved later counts as a push.

    :raises OpportunityClosed: if it is launched or lost
    :raises Invalid: if something said cannot be
    """
    opportunity = find_open(session, opportunity_id, actor=actor)
    wrong = complaints(terms, at.date(), close_before=opportunity.close_on)
    if terms.amount.currency != opportunity.currency:
        wrong.append(FieldError("amount", "The currency stays as it is.", "pipeline.currency"))
    if wrong:
        raise Invalid.fields(*wrong)
    said = {name: getattr(terms, name) for name in _PLAIN}
    said["amount_minor"] = terms.amount.minor
    changed = sorted(name for name, value in said.items() if getattr(opportunity, name) != value)
    opportunity.pushes += is_push(opportunity.close_on, terms.close_on)
    for name in changed:
        setattr(opportunity, name, said[name])
    if terms.next_step != opportunity.next_step:
        keep_step(session, opportunity, terms.next_step, actor=actor, at=at)
        changed.append("next_step")
    if {"amount_minor", "close_on"} & set(changed):
        keep_change(session, opportunity, opportunity.stage, actor=actor, at=at)
    if changed:
        note(session, "edited", opportunity, actor=actor, at=at, fields=changed)
    return opportunity


def set_lines(
    session: Session,
    opportunity_id: UUID,
    *,
    lines: Sequence[Line],
    actor: Actor,
    at: datetime,
) -> Opportunity:
    """Replace the product lines; the amount becomes their sum, the family that of the first.

    :raises OpportunityClosed: if it is launched or lost
    :raises Invalid: if a line cannot be
    """
    opportunity = find_open(session, opportunity_id, actor=actor)
    wrong = line_complaints(list(lines))
    if wrong:
        raise Invalid.fields(*wrong)
    gone = OpportunityLine.opportunity_id == opportunity.id
    session.execute(delete(OpportunityLine).where(gone))
    add_lines(session, opportunity, lines)
    if lines:
        total = sum(line.amount_minor for line in lines)
        opportunity.family_id = queries.family_of(session, lines[0].product_id)
        if total != opportunity.amount_minor:
            opportunity.amount_minor = total
            keep_change(session, opportunity, opportunity.stage, actor=actor, at=at)
    note(session, "edited", opportunity, actor=actor, at=at, fields=["lines"])
    return opportunity


def set_next_step(
    session: Session, opportunity_id: UUID, *, text: str, actor: Actor, at: datetime
) -> Opportunity:
    """Name the next step; partners that take part may do so too.

    :raises NotTakingPart: if the actor's partner has not accepted
    :raises Invalid: if nothing is said, or too much
    """
    opportunity = find_open(session, opportunity_id, actor=actor)
    refuse_onlookers(session, opportunity, actor=actor)
    step = needed(text, "Name the next step.", "next_step")
    if len(step) > LONGEST_STEP:
        sentence = f"At most {LONGEST_STEP} characters."
        raise Invalid.fields(FieldError("next_step", sentence, "pipeline.next_step"))
    keep_step(session, opportunity, step, actor=actor, at=at)
    note(session, "edited", opportunity, actor=actor, at=at, fields=["next_step"])
    return opportunity


def override_category(
    session: Session,
    opportunity_id: UUID,
    *,
    category: ForecastCategory,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Opportunity:
    """Forecast an opportunity otherwise than its stage says, with a reason, until it moves on.

    Choosing the category of its stage ends an override.

    :raises OpportunityClosed: if it is launched or lost
    :raises Invalid: if no reason is given, or the category cannot be chosen
    """
    opportunity = find_open(session, opportunity_id, actor=actor)
    if category not in OVERRIDES:
        error = FieldError("category", "Choose one of the list.", "pipeline.category")
        raise Invalid.fields(error)
    follows = category is CATEGORY_OF[opportunity.stage]
    opportunity.category_reason = "" if follows else needed(reason, "Say why.")[:LONGEST_STEP]
    opportunity.category = category
    note(session, "forecast", opportunity, actor=actor, at=at, category=category.value)
    return opportunity
