"""Whether two parties are the same organisation: a pure engine without a database."""

from app.accounts.matching.blocking import asked, keys, word_of
from app.accounts.matching.decide import compare, rank
from app.accounts.matching.domains import domain_of
from app.accounts.matching.identifiers import duns_of, tax_number_of
from app.accounts.matching.index import Index, look_up, match_lists
from app.accounts.matching.normalise import Name, normalise
from app.accounts.matching.party import (
    UNKNOWN_RARITY,
    Candidate,
    Decision,
    Party,
    Rarity,
    Relation,
    Verdict,
)
from app.accounts.matching.places import country_named

__all__ = [
    "UNKNOWN_RARITY",
    "Candidate",
    "Decision",
    "Index",
    "Name",
    "Party",
    "Rarity",
    "Relation",
    "Verdict",
    "asked",
    "compare",
    "country_named",
    "domain_of",
    "duns_of",
    "keys",
    "look_up",
    "match_lists",
    "normalise",
    "rank",
    "tax_number_of",
    "word_of",
]
