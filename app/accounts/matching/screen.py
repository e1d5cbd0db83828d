"""A cheap look at names as written, before they are taken apart: for one name against a file."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from app.accounts.matching.acronyms import letters_of, short_name
from app.accounts.matching.party import Party
from app.accounts.matching.readings import readings
from app.accounts.matching.text import latin, sound, words_of
from app.accounts.matching.words import ABBREVIATIONS, ORDINALS, SHORT_NAMES, TENS, UNITS

_NUMBERS = frozenset({*UNITS, *TENS, *ORDINALS})
_AND = "and"
_ALIKE = 70  # of 100: letters of the shorter name within the longer


class Screen:
    """Whether a party may share a key with the one asked about.

    It lets through what need not be, and nothing is lost that a comparison would keep: names that
    share a word, are written alike, are initials of each other, are known under a short name, or
    have an identifier that the one asked about has, too.
    """

    def __init__(self, party: Party) -> None:
        names = readings(party.name)
        self._words = frozenset(word for name in names for word in name.sounds)
        self._written = tuple({name.glued for name in names})
        self._short = tuple(filter(None, map(short_name, names)))
        self._letters = frozenset[str]().union(*map(letters_of, names))
        self._is_numbered = any(map(str.isdigit, party.name)) or any(
            not _NUMBERS.isdisjoint(name.written) for name in names
        )
        self._has_identifiers = _has_identifiers(party)

    def passes(self, party: Party, words: Sequence[str]) -> bool:
        """Return whether ``party``, with these words in its name, is worth a closer look."""
        return (
            not self._words.isdisjoint(map(_sound, words))
            or any(word in self._letters or word in SHORT_NAMES for word in words)
            or (self._has_identifiers and _has_identifiers(party))
            or self._is_alike("".join(words))
            or self._has_initials("".join(word[0] for word in words if word != _AND))
            or (self._is_numbered and not _NUMBERS.isdisjoint(words))
        )

    def _is_alike(self, written: str) -> bool:
        return any(fuzz.partial_ratio(one, written, score_cutoff=_ALIKE) for one in self._written)

    def _has_initials(self, letters: str) -> bool:
        return letters in self._letters or any(_is_within(one, letters) for one in self._short)


def words_as_written(name: str) -> list[str]:
    """Return the words of a name without taking it apart."""
    return words_of(latin(name))


def sounds_of(words: Iterable[str]) -> set[str]:
    """Return the words as they sound, abbreviations read."""
    return set(map(_sound, words))


@lru_cache(maxsize=65_536)
def _sound(word: str) -> str:
    return sound(ABBREVIATIONS.get(word, word))


def _is_within(short: str, letters: str) -> bool:
    rest = iter(letters)
    return all(letter in rest for letter in short)


def _has_identifiers(party: Party) -> bool:
    return bool(party.domain or party.tax_number or party.duns)
