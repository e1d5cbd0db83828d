"""What is done with opportunities: start, change, move, join; each with its ledger entry."""

from app.pipeline.services.acts import NotTakingPart, OpportunityClosed, refuse_onlookers
from app.pipeline.services.change import edit, override_category, set_lines, set_next_step
from app.pipeline.services.join import (
    InvitedBefore,
    accept,
    add_internal_note,
    add_shared_note,
    decline,
    invite,
)
from app.pipeline.services.move import (
    CriteriaNotMet,
    NotThatWay,
    advance,
    close_lost,
    close_won,
    move_back,
    move_to,
)
from app.pipeline.services.rivals import open_opportunities
from app.pipeline.services.start import (
    ReopenedBefore,
    StillOpen,
    reopen,
    start,
    start_from_registration,
)

__all__ = [
    "CriteriaNotMet",
    "InvitedBefore",
    "NotTakingPart",
    "NotThatWay",
    "OpportunityClosed",
    "ReopenedBefore",
    "StillOpen",
    "accept",
    "add_internal_note",
    "add_shared_note",
    "advance",
    "close_lost",
    "close_won",
    "decline",
    "edit",
    "invite",
    "move_back",
    "move_to",
    "open_opportunities",
    "override_category",
    "refuse_onlookers",
    "reopen",
    "set_lines",
    "set_next_step",
    "start",
    "start_from_registration",
]
