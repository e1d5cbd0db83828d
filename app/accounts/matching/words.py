"""Words that carry little or special meaning in company names, and numbers in words."""

from itertools import chain

from app.accounts.matching.data import rows, words
from app.accounts.matching.east_asian import spoken_words

_WORDS = words("words.txt")

STOP_WORDS = _WORDS["stop"]
"""Left out of the comparison, kept only where a name is written as one word."""

HOLDING_WORDS = _WORDS["holding"]
"""Kept, but worth little: a holding and its operating company are one customer."""

REGION_WORDS = _WORDS["region"]
"""Parts of the world: said of one side alone they do not make another company."""

GENERIC_WORDS = _WORDS["generic"]
"""Common in names everywhere; worth less than a word of its own, whatever a table says."""

VEHICLE_WORDS = _WORDS["vehicle"]
"""Investment vehicles, which one sponsor opens in numbered series."""

WHOLE_WORDS = _WORDS["whole"]
"""Said of a whole company, not of a part: a name of its own is the same without them."""

WHOLE_OF_KNOWN = _WORDS["whole of a known name"]
"""The same, of well-known names only."""

NATIVE_WORDS = _WORDS["native"]
"""*German*, *Swedish* ... in front of a name, in their own language."""

HOUSE_WORDS = _WORDS["house"]
"""What follows *company* or *group* in front of a name: Compagnie Financière, Grupo Financiero."""

GIVEN_NAMES = _WORDS["given"]

BORNE_BY_MANY = _WORDS["borne by many"] | GIVEN_NAMES
"""Well-known names that are ordinary words: other companies bear them, too."""

KNOWN_WORDS = words("known.txt")["known"]
"""Names that are well known: two of them are two names, never one misspelt."""

ABBREVIATIONS = spoken_words() | {
    short: row["word"]
    for row in rows("abbreviations.csv")
    for short in row["written"].split("|")
    if short
}
"""Always read as the word: abbreviations, and translations of common words."""

PERHAPS: dict[str, set[str]] = {}
"""What may stand for these words, and is read so where the other name has one of them."""

for _row in rows("abbreviations.csv"):
    for _short in chain(_row["written"].split("|"), _row["perhaps"].split("|")):
        PERHAPS.setdefault(_short, set()).add(_row["word"])

BUSINESS_WORDS = GENERIC_WORDS | set(ABBREVIATIONS.values()) | set().union(*PERHAPS.values())
"""Words that may be cut short in a name."""

SHORT_NAMES = {row["short"]: row["name"] for row in rows("short_names.csv")}
"""Well-known short names that are neither initials nor a name cut short."""

_UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen"""
_TENS = """twenty thirty forty fifty sixty seventy eighty ninety"""
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth"
_ORDINAL_TENS = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"


def _counted(text: str, *, start: int = 0, step: int = 1) -> dict[str, int]:
    return {word: step * number for number, word in enumerate(text.split(), start=start)}


UNITS = _counted(_UNITS)
TENS = _counted(_TENS, start=2, step=10)
ORDINALS = _counted(_ORDINALS, start=1)
ORDINAL_TENS = _counted(_ORDINAL_TENS, start=2, step=10)
ROMAN = _counted(_ROMAN, start=1)
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}

ALIAS_MARKS = (
    "doing business as", "trading as", "formerly known as", "also known as", "previously known as",
    "now known as", "formerly", "previously", "formally known as", "fna", "d/b/a", "f/k/a", "a/k/a",
    "n/k/a", "t/a", "dba", "fka", "aka", "nka", "ehemals", "vormals", "anciennement", "antes",
    "voorheen", "tidligere",
)  # fmt: skip
"""What stands between two names of the same company."""
