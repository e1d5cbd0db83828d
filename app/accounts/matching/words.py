"""Words that carry little or special meaning in company names, and numbers in words."""

from app.accounts.matching.data import rows, words

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

ABBREVIATIONS = {
    short: row["word"] for row in rows("abbreviations.csv") for short in row["written"].split("|")
}

_UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen"""
_TENS = """twenty thirty forty fifty sixty seventy eighty ninety"""
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth"
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"


def _counted(text: str, *, start: int = 0, step: int = 1) -> dict[str, int]:
    return {word: step * number for number, word in enumerate(text.split(), start=start)}


UNITS = _counted(_UNITS)
TENS = _counted(_TENS, start=2, step=10)
ORDINALS = _counted(_ORDINALS, start=1)
ROMAN = _counted(_ROMAN, start=1)

ALIAS_MARKS = (
    "doing business as", "trading as", "formerly known as", "also known as", "formerly",
    "d/b/a", "f/k/a", "a/k/a", "t/a", "dba", "fka", "aka",
)  # fmt: skip
"""What stands between two names of the same company."""
