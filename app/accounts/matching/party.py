"""What goes into the matcher and what comes out of it."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from math import log

from app.accounts.matching.text import sound


class Decision(StrEnum):
    """What the matcher says of two parties."""

    SAME = "same"
    POSSIBLE = "possible"
    DIFFERENT = "different"


class Relation(StrEnum):
    """How the left party seems to stand to the right one, as a warning."""

    NONE = ""
    PARENT = "parent"
    SUBSIDIARY = "subsidiary"
    SISTER = "sister"


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation as somebody wrote it down; only the name is needed.

    ``address`` is street and number.
    """

    name: str
    country: str | None = None
    domain: str | None = None
    tax_number: str | None = None
    duns: str | None = None
    city: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known party that may be the one asked about, with its owner's identifier."""

    id: Hashable
    party: Party


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision, its score from 0 to 1, and the reasons in words."""

    decision: Decision
    score: float
    reasons: tuple[str, ...]
    relation: Relation = Relation.NONE


@dataclass(frozen=True, slots=True)
class Rarity:
    """How often each word, as it sounds, occurs in a table of ``total`` names."""

    counts: Mapping[str, int] = field(default_factory=dict)
    total: int = 0

    def weight(self, word: str) -> float | None:
        """Return the worth of ``word`` from 0.1 (everywhere) to 1; None where nothing is known."""
        if not self.total:
            return None
        return _weight(self.counts.get(sound(word), 0), self.total)

    def is_established(self, word: str) -> bool:
        """Return whether ``word`` is frequent enough not to be a slip of the pen."""
        return self.counts.get(sound(word), 0) >= max(5, self.total // 50_000)


@lru_cache(maxsize=4096)
def _weight(seen: int, total: int) -> float:
    return max(0.1, log(1 + total / (1 + seen)) / log(1 + total))


UNKNOWN_RARITY = Rarity()
