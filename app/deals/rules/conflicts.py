"""Conflicts: what was found about a customer, and what of it a partner is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Claim(StrEnum):
    """The only answer about a customer that a partner is given."""

    FREE = "free"
    CONTESTED = "contested"
    PROTECTED = "protected"


class FindingKind(StrEnum):
    """What was found about the customer of a registration."""

    SAME_ACCOUNT = "same_account"
    POSSIBLE_ACCOUNT = "possible_account"
    RELATED_ACCOUNT = "related_account"
    NAMED_ACCOUNT = "named_account"
    RIVAL_REGISTRATION = "rival_registration"
    RIVAL_PROTECTION = "rival_protection"
    OPEN_OPPORTUNITY = "open_opportunity"
    INCUMBENT = "incumbent"


_CLAIMS = {
    FindingKind.NAMED_ACCOUNT: Claim.CONTESTED,
    FindingKind.RIVAL_REGISTRATION: Claim.CONTESTED,
    FindingKind.RIVAL_PROTECTION: Claim.PROTECTED,
    FindingKind.OPEN_OPPORTUNITY: Claim.CONTESTED,
    FindingKind.INCUMBENT: Claim.CONTESTED,
}
_ORDER = (Claim.FREE, Claim.CONTESTED, Claim.PROTECTED)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing found, with reasons that the vendor's people can read.

    ``subject_id`` names the rival registration or opportunity; ``score`` is the likeness of the
    account in ten-thousandths. ``is_certain`` is false where only a similar account is meant.
    """

    kind: FindingKind
    reasons: tuple[str, ...]
    account_id: UUID | None = None
    subject_id: UUID | None = None
    score: int | None = None
    is_certain: bool = True

    @property
    def claim(self) -> Claim:
        """What this alone says about the customer."""
        found = _CLAIMS.get(self.kind, Claim.FREE)
        return min(found, found if self.is_certain else Claim.CONTESTED, key=_ORDER.index)


def claim_of(found: Iterable[Evidence]) -> Claim:
    """Return the strongest claim in ``found``."""
    return max((one.claim for one in found), key=_ORDER.index, default=Claim.FREE)
