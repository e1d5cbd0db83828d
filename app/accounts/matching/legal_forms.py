"""Legal forms of companies: how each is written, where, and of what kind it is."""

from enum import StrEnum
from typing import NamedTuple

from app.accounts.matching.data import rows


class Kind(StrEnum):
    """What a legal form says about its owner, as far as matching cares."""

    LIMITED = "limited"
    PUBLIC = "public"
    PARTNERSHIP = "partnership"
    COOPERATIVE = "cooperative"
    NONPROFIT = "nonprofit"
    STATE = "state"
    OTHER = "other"


class LegalForm(NamedTuple):
    """One legal form; ``leads``: it may stand before the name, ``inside``: within it."""

    code: str
    kind: Kind
    countries: str
    spellings: tuple[str, ...]
    leads: bool
    inside: bool


LEGAL_FORMS = tuple(
    LegalForm(
        row["code"],
        Kind(row["kind"]),
        row["countries"],
        tuple(row["spellings"].split("|")),
        "leads" in row["place"],
        "inside" in row["place"],
    )
    for row in rows("legal_forms.csv")
)
