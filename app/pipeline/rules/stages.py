"""Stages of an opportunity and the moves between them, forecast categories, roles of partners."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from app.kernel.errors import Conflict
from app.kernel.transitions import Machine


class Stage(StrEnum):
    """Where an opportunity stands in the sale."""

    PROSPECT = "prospect"
    QUALIFIED = "qualified"
    TECHNICAL_VALIDATION = "technical_validation"
    BUSINESS_VALIDATION = "business_validation"
    COMMITTED = "committed"
    LAUNCHED = "launched"
    CLOSED_LOST = "closed_lost"


OPEN_STAGES = (
    Stage.PROSPECT,
    Stage.QUALIFIED,
    Stage.TECHNICAL_VALIDATION,
    Stage.BUSINESS_VALIDATION,
    Stage.COMMITTED,
)
FINAL_STAGES = (Stage.LAUNCHED, Stage.CLOSED_LOST)


class Move(StrEnum):
    """What changes the stage of an opportunity."""

    ADVANCE = "advance"
    MOVE_BACK = "move_back"
    WIN = "win"
    LOSE = "lose"


class StageIsFinal(Conflict):
    """The opportunity is launched or lost, and stays so."""

    code = "pipeline.stage_is_final"


class AlreadyThere(Conflict):
    """The opportunity stands in this stage already."""

    code = "pipeline.already_there"


def move_between(before: Stage, after: Stage) -> Move:
    """Return what leads from ``before`` to ``after``.

    :raises StageIsFinal: if nothing leads on from ``before``
    :raises AlreadyThere: if the two are the same
    """
    if before in FINAL_STAGES:
        sentence = "A launched or lost opportunity stays so; reopen it as a new one."
        raise StageIsFinal(sentence)
    if before is after:
        raise AlreadyThere("The opportunity stands in this stage already.")
    if after in _ENDS:
        return _ENDS[after]
    forward = OPEN_STAGES.index(after) > OPEN_STAGES.index(before)
    return Move.ADVANCE if forward else Move.MOVE_BACK


_ENDS = {Stage.LAUNCHED: Move.WIN, Stage.CLOSED_LOST: Move.LOSE}


def next_stage(stage: Stage) -> Stage | None:
    """Return the stage that follows ``stage`` on the way to the win; None at the end."""
    if stage in FINAL_STAGES:
        return None
    return PATH[PATH.index(stage) + 1]


def stages_between(before: Stage, after: Stage) -> tuple[Stage, ...]:
    """Return the stages entered on the way forward from ``before`` to ``after``, that one too."""
    return PATH[PATH.index(before) + 1 : PATH.index(after) + 1]


PATH = (*OPEN_STAGES, Stage.LAUNCHED)
"""The way to the win."""


class ForecastCategory(StrEnum):
    """How surely an opportunity is expected to close in its period."""

    PIPELINE = "pipeline"
    BEST_CASE = "best_case"
    COMMIT = "commit"
    CLOSED = "closed"
    OMITTED = "omitted"


CATEGORY_OF: Mapping[Stage, ForecastCategory] = {
    Stage.PROSPECT: ForecastCategory.PIPELINE,
    Stage.QUALIFIED: ForecastCategory.PIPELINE,
    Stage.TECHNICAL_VALIDATION: ForecastCategory.BEST_CASE,
    Stage.BUSINESS_VALIDATION: ForecastCategory.BEST_CASE,
    Stage.COMMITTED: ForecastCategory.COMMIT,
    Stage.LAUNCHED: ForecastCategory.CLOSED,
    Stage.CLOSED_LOST: ForecastCategory.OMITTED,
}


OVERRIDES = (
    ForecastCategory.PIPELINE,
    ForecastCategory.BEST_CASE,
    ForecastCategory.COMMIT,
    ForecastCategory.OMITTED,
)
"""What the category of an open opportunity may be set to by hand."""


def is_push(before: date | None, after: date | None) -> bool:
    """Return whether the close date has moved later."""
    return before is not None and after is not None and after > before


class ParticipantRole(StrEnum):
    """What a partner does on an opportunity."""

    SOURCE = "source"
    CO_SELL = "co_sell"
    TECHNICAL = "technical"
    FULFILMENT = "fulfilment"
    INFLUENCE = "influence"


class ParticipantState(StrEnum):
    """Whether an invited partner takes part."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class ParticipantAct(StrEnum):
    """What is done about a partner's part."""

    INVITE = "invite"
    ACCEPT = "accept"
    DECLINE = "decline"


PARTICIPATION = Machine(
    "invitation",
    {
        (ParticipantState.INVITED, ParticipantAct.ACCEPT): ParticipantState.ACCEPTED,
        (ParticipantState.INVITED, ParticipantAct.DECLINE): ParticipantState.DECLINED,
        (ParticipantState.DECLINED, ParticipantAct.INVITE): ParticipantState.INVITED,
    },
)


class LossReason(StrEnum):
    """Why an opportunity was lost."""

    PRICE = "price"
    COMPETITOR = "competitor"
    NO_DECISION = "no_decision"
    TIMING = "timing"
    PRODUCT_GAP = "product_gap"
    LOST_CONTACT = "lost_contact"
    OTHER = "other"
