"""What every act on an opportunity shares: is it open, what it was, who did what."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.kernel.errors import Conflict, FieldError, Forbidden, Invalid
from app.ledger.services import record
from app.pipeline import queries
from app.pipeline.models import NextStep, Opportunity, OpportunityLine, StageChange
from app.pipeline.rules import FINAL_STAGES, Line, Stage


class OpportunityClosed(Conflict):
    """The opportunity is launched or lost; nothing about it changes any more."""

    code = "pipeline.closed"


class NotTakingPart(Forbidden):
    """Only who takes part may do this: the vendor's sellers, and partners that accepted."""

    code = "pipeline.not_taking_part"


def find_open(session: Session, opportunity_id: UUID, *, actor: Actor) -> Opportunity:
    """Return an open opportunity, locked.

    :raises NotFound: where there is none that ``actor`` may see
    :raises OpportunityClosed: if it is launched or lost
    """
    opportunity = queries.one(session, opportunity_id, actor=actor, lock=True)
    if opportunity.stage in FINAL_STAGES:
        raise OpportunityClosed("This opportunity is closed; reopen it as a new one.")
    return opportunity


def refuse_onlookers(session: Session, opportunity: Opportunity, *, actor: Actor) -> None:
    """Refuse a partner that was asked but has not accepted.

    :raises NotTakingPart: if so
    """
    if not actor.is_vendor and not queries.has_accepted(session, opportunity.id, actor=actor):
        raise NotTakingPart("Accept the invitation first.")


def keep_change(
    session: Session,
    opportunity: Opportunity,
    before: Stage | None,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Keep what the opportunity is from now on, so that any past day can be rebuilt."""
    opportunity.active_at = at  # here already, so that the row is written once
    session.flush()
    session.add(
        StageChange(
            opportunity_id=opportunity.id,
            from_stage=before,
            to_stage=opportunity.stage,
            by_id=actor.user_id,
            at=at,
            currency=opportunity.currency,
            amount_minor=opportunity.amount_minor,
            close_on=opportunity.close_on,
            reason=reason,
        )
    )


def keep_step(
    session: Session, opportunity: Opportunity, text: str, *, actor: Actor, at: datetime
) -> None:
    """Set the next step and keep that it was named."""
    opportunity.next_step, opportunity.next_step_at = text, at
    if text:
        step = NextStep(opportunity_id=opportunity.id, by_id=actor.user_id, at=at, text=text,
                        partner_id=actor.partner_id)  # fmt: skip
        session.add(step)


def add_lines(session: Session, opportunity: Opportunity, lines: Sequence[Line]) -> None:
    """Add product lines in their order."""
    for position, line in enumerate(lines, 1):
        session.add(
            OpportunityLine(
                opportunity_id=opportunity.id,
                product_id=line.product_id,
                position=position,
                quantity=line.quantity,
                amount_minor=line.amount_minor,
            )
        )


def touch(session: Session, opportunity_id: UUID, at: datetime) -> None:
    """Note that somebody did something, without making open forms stale."""
    session.execute(
        update(Opportunity).where(Opportunity.id == opportunity_id).values(active_at=at)
    )


def note(
    session: Session,
    name: str,
    opportunity: Opportunity,
    *,
    actor: Actor,
    at: datetime,
    **facts: Any,
) -> None:
    """Record ``name`` with what the opportunity now is, and that it is active."""
    opportunity.active_at = at
    session.flush()
    record(
        session, f"pipeline.opportunity.{name}", subject=opportunity, actor=actor, at=at,
        number=opportunity.number, stage=opportunity.stage.value, currency=opportunity.currency,
        amount_minor=opportunity.amount_minor, **facts,
    )  # fmt: skip


def needed(text: str, sentence: str, field: str = "reason") -> str:
    """Return ``text`` if it says anything.

    :raises Invalid: if it does not
    """
    if not text.strip():
        raise Invalid.fields(FieldError(field, sentence, f"pipeline.{field}_missing"))
    return text.strip()
