"""What is done with plans and commission lines."""

from app.incentives.services.adjust import adjust
from app.incentives.services.calculation import Calculated, calculate_partner, recalculate
from app.incentives.services.plans import (
    DraftedAlready,
    NotADraft,
    PublishedByItsAuthor,
    StartsTooEarly,
    draft_next,
    draft_plan,
    edit_draft,
    publish,
)

__all__ = [
    "Calculated",
    "DraftedAlready",
    "NotADraft",
    "PublishedByItsAuthor",
    "StartsTooEarly",
    "adjust",
    "calculate_partner",
    "draft_next",
    "draft_plan",
    "edit_draft",
    "publish",
    "recalculate",
]
