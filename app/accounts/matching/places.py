"""Countries as they stand in company names: spellings, native and English, and their codes."""

from app.accounts.matching.data import rows
from app.accounts.matching.text import latin, words_of

PLACES = {
    tuple(spelling.split()): row["code"]
    for row in rows("places.csv")
    for spelling in row["spellings"].split("|")
}
"""Words of a country's name -> its ISO 3166 code."""

BEGIN_PLACES = frozenset(words[0] for words in PLACES)
LONGEST_PLACE = max(map(len, PLACES))


def country_named(text: str) -> str | None:
    """Return the ISO 3166 code of a country by one of its names, or None."""
    return PLACES.get(tuple(words_of(latin(text))))
