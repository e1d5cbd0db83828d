"""What an account must be: its facts, and when a known one is taken for a new one."""

from dataclasses import dataclass
from uuid import UUID

from app.accounts.matching import Decision, Relation, Verdict

LONGEST_NAME = 120
CERTAIN_FROM = 0.95
"""From this score a customer that a partner names is taken for the known account unasked."""


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of an account beside who it is."""

    industry: str = ""
    parent_id: UUID | None = None
    is_named: bool = False
    source: str | None = None
    source_id: str | None = None


NO_DETAILS = Details()


def is_certain(verdict: Verdict) -> bool:
    """Return whether ``verdict`` is sure enough to act on without a person."""
    sure = verdict.decision is Decision.SAME and verdict.score >= CERTAIN_FROM
    return sure and verdict.relation is Relation.NONE
