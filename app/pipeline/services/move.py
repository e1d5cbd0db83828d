"""Move an opportunity: forward with what each stage asks, back with a reason, to its end."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.kernel.errors import FieldError, Invalid
from app.pipeline import queries
from app.pipeline.models import Opportunity
from app.pipeline.rules import (
    CATEGORY_OF,
    FINAL_STAGES,
    LossReason,
    Move,
    Stage,
    Step,
    missing_on_the_way,
    move_between,
)
from app.pipeline.services.acts import keep_change, needed, note


class CriteriaNotMet(Invalid):
    """What the stage asks is not known yet."""

    code = "pipeline.criteria_not_met"


class NotThatWay(Invalid):
    """The stage asked for lies in the other direction."""

    code = "pipeline.not_that_way"


def advance(
    session: Session, opportunity_id: UUID, *, stage: Stage, actor: Actor, at: datetime
) -> Opportunity:
    """Move forward to ``stage``, over every stage between.

    :raises StageIsFinal: if it is launched or lost
    :raises CriteriaNotMet: if something that these stages ask is missing; its errors say what
    """
    opportunity = _find(session, opportunity_id, stage, Move.ADVANCE, actor=actor)
    _refuse_gaps(session, opportunity, stage, at)
    _move(session, opportunity, stage, actor=actor, at=at)
    return opportunity


def move_back(
    session: Session,
    opportunity_id: UUID,
    *,
    stage: Stage,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Opportunity:
    """Move back to an earlier stage, with a reason.

    :raises StageIsFinal: if it is launched or lost
    :raises Invalid: if no reason is given
    """
    opportunity = _find(session, opportunity_id, stage, Move.MOVE_BACK, actor=actor)
    why = needed(reason, "Say why it moves back.")
    _move(session, opportunity, stage, actor=actor, at=at, reason=why)
    return opportunity


def close_won(session: Session, opportunity_id: UUID, *, actor: Actor, at: datetime) -> Opportunity:
    """Launch an opportunity: it is won, and its order can be booked.

    :raises StageIsFinal: if it is launched or lost
    :raises CriteriaNotMet: if something asked on the way is missing
    """
    opportunity = _find(session, opportunity_id, Stage.LAUNCHED, Move.WIN, actor=actor)
    _refuse_gaps(session, opportunity, Stage.LAUNCHED, at)
    _move(session, opportunity, Stage.LAUNCHED, actor=actor, at=at)
    return opportunity


def close_lost(
    session: Session,
    opportunity_id: UUID,
    *,
    loss_reason: LossReason | None,
    actor: Actor,
    at: datetime,
    comment: str = "",
) -> Opportunity:
    """Close an opportunity as lost, with a reason from the list.

    :raises StageIsFinal: if it is launched or lost
    :raises Invalid: if no reason is given
    """
    opportunity = _find(session, opportunity_id, Stage.CLOSED_LOST, Move.LOSE, actor=actor)
    if loss_reason is None:
        sentence = "Choose why it was lost."
        raise Invalid.fields(FieldError("loss_reason", sentence, "pipeline.loss_reason_missing"))
    opportunity.loss_reason = loss_reason
    _move(session, opportunity, Stage.CLOSED_LOST, actor=actor, at=at, reason=comment)
    return opportunity


def move_to(
    session: Session, opportunity_id: UUID, step: Step, *, actor: Actor, at: datetime
) -> Opportunity:
    """Move to a stage, whichever way it lies: what the board and the stage form ask for.

    :raises StageIsFinal: if it is launched or lost
    :raises AlreadyThere: if it stands there already
    :raises Invalid: if something asked is missing
    """
    found = queries.one(session, opportunity_id, actor=actor, lock=True)
    match move_between(found.stage, step.stage):
        case Move.WIN:
            return close_won(session, opportunity_id, actor=actor, at=at)
        case Move.LOSE:
            return close_lost(session, opportunity_id, loss_reason=step.loss_reason, actor=actor,
                              at=at, comment=step.reason)  # fmt: skip
        case Move.MOVE_BACK:
            return move_back(session, opportunity_id, stage=step.stage, reason=step.reason,
                             actor=actor, at=at)  # fmt: skip
        case _:
            return advance(session, opportunity_id, stage=step.stage, actor=actor, at=at)


def _find(
    session: Session, opportunity_id: UUID, stage: Stage, wanted: Move, *, actor: Actor
) -> Opportunity:
    opportunity = queries.one(session, opportunity_id, actor=actor, lock=True)
    if move_between(opportunity.stage, stage) is not wanted:
        sentence = "This stage lies the other way."
        raise NotThatWay(sentence, errors=(FieldError("stage", sentence, NotThatWay.code),))
    return opportunity


def _refuse_gaps(session: Session, opportunity: Opportunity, stage: Stage, at: datetime) -> None:
    facts = queries.criteria_facts(session, opportunity, at.date())
    gaps = missing_on_the_way(opportunity.stage, stage, facts)
    if gaps:
        errors = [FieldError("stage", sentence, CriteriaNotMet.code) for sentence in gaps]
        raise CriteriaNotMet(gaps[0], errors=errors)


def _move(
    session: Session,
    opportunity: Opportunity,
    stage: Stage,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    before = opportunity.stage
    event = _EVENTS[move_between(before, stage)]
    opportunity.stage, opportunity.stage_since = stage, at
    opportunity.category, opportunity.category_reason = CATEGORY_OF[stage], ""
    opportunity.closed_at = at if stage in FINAL_STAGES else None
    keep_change(session, opportunity, before, actor=actor, at=at, reason=reason)
    lost = opportunity.loss_reason
    facts = {"loss_reason": lost.value} if lost is not None else {}
    note(session, event, opportunity, actor=actor, at=at, before=before.value, **facts)


_EVENTS = {
    Move.ADVANCE: "advanced",
    Move.MOVE_BACK: "moved_back",
    Move.WIN: "won",
    Move.LOSE: "lost",
}
