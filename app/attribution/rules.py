"""Kinds of touch and classes of credit."""

from enum import StrEnum


class TouchKind(StrEnum):
    """What a partner did."""

    REGISTRATION = "registration"
    INTRODUCTION = "introduction"
    DEMO = "demo"
    WORKSHOP = "workshop"
    PROOF_OF_CONCEPT = "proof_of_concept"
    PROPOSAL = "proposal"
    EVENT = "event"
    CONTENT = "content"
    IMPLEMENTATION = "implementation"
    RENEWAL_HELP = "renewal_help"


class CreditClass(StrEnum):
    """What a credit says: created it, helped to win it, or delivered it."""

    SOURCED = "sourced"
    INFLUENCED = "influenced"
    FULFILLED = "fulfilled"


SOURCING = frozenset({TouchKind.REGISTRATION})
"""Touches that create an opportunity; every other before the win influences it."""
