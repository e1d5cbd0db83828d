"""Stages of an opportunity, forecast categories, exit criteria and roles of partners."""

from collections.abc import Mapping
from enum import StrEnum


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


class LossReason(StrEnum):
    """Why an opportunity was lost."""

    PRICE = "price"
    COMPETITOR = "competitor"
    NO_DECISION = "no_decision"
    TIMING = "timing"
    PRODUCT_GAP = "product_gap"
    LOST_CONTACT = "lost_contact"
    OTHER = "other"
