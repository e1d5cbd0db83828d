"""How alike two names are, and why."""

from dataclasses import dataclass

from app.accounts.matching.party import Relation


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are, from 0 to 1, and why."""

    score: float
    reasons: tuple[str, ...]
    relation: Relation = Relation.NONE


UNLIKE = Likeness(0.0, ("The names share no word.",))
