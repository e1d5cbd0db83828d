"""Whether one word or name is another one cut short: abbreviations, initials, syllables."""

from collections.abc import Sequence

from app.accounts.matching.spelling import makes_a_name
from app.accounts.matching.words import (
    ABBREVIATIONS,
    BUSINESS_WORDS,
    GENERIC_WORDS,
    KNOWN_WORDS,
    PERHAPS,
)

_SHORTEST_CUT, _LEAST_CUT_OFF = 3, 2  # letters
_SHORTEST_SYLLABLE, _SHORTEST_OF_SYLLABLES = 2, 4  # letters
_NEVER_SHORT = BUSINESS_WORDS | KNOWN_WORDS
_WHOLE_FROM = 7  # letters
_FEWEST_SYLLABLES = 2
_VOWELS = frozenset("aeiouy")


def abbreviates(short: str, word: str, *, witnesses: bool) -> bool:
    """Return whether ``short``, as written, may stand for ``word``.

    Words of any business may be cut off or lose their vowels; a name of its own may be cut off
    only where ``witnesses``, other telling words, agree.
    """
    if short in PERHAPS and word in PERHAPS[short]:
        return True
    if short[0] != word[0] or not _SHORTEST_CUT <= len(short) <= len(word) - _LEAST_CUT_OFF:
        return False
    if not short.isalpha() or short in _NEVER_SHORT or _is_whole(short):
        return False
    if word.startswith(short):
        return word in BUSINESS_WORDS or (witnesses and not makes_a_name(short, word))
    return word in BUSINESS_WORDS and _is_skeleton(short, word)


def _is_whole(word: str) -> bool:
    """Return whether ``word`` is a common one of another language, and not cut short itself."""
    return len(word) >= _WHOLE_FROM and word in ABBREVIATIONS


def _is_skeleton(short: str, word: str) -> bool:
    """Return whether ``short`` is ``word`` with most vowels and some consonants left out."""
    is_tiny = len(short) == _SHORTEST_CUT and short[-1] != word[-1]
    if is_tiny or sum(letter in _VOWELS for letter in short[1:]) > 1:
        return False
    letters = iter(word)
    return all(letter in letters for letter in short)


def spells(short: str, tokens: Sequence[tuple[str, bool]]) -> bool:
    """Return whether ``short`` are the first letters of the words, some of which may be left out.

    ``tokens`` are words and whether each may be left out: articles, legal forms, countries. Short
    ones of these may stand whole: PDVSA of Petróleos de Venezuela SA.
    """
    reached = {0}
    for word, may_go in tokens:
        taken = {n + 1 for n in reached if short[n : n + 1] == word[0]}
        if may_go and len(word) <= _SHORTEST_CUT:
            taken |= {n + len(word) for n in reached if short.startswith(word, n)}
        reached = taken | reached if may_go else taken
        if not reached:
            return False
    return len(short) in reached


def is_of_syllables(short: str, tokens: Sequence[tuple[str, bool]]) -> bool:
    """Return whether ``short`` joins the beginnings of the words: FedEx of Federal Express.

    Words that may be left out, and common words behind the second, may be: NatWest of National
    Westminster Bank.
    """
    if len(short) < _SHORTEST_OF_SYLLABLES:
        return False
    reached = {(0, 0, False)}
    for word, may_go in tokens:
        taken = {
            (start + length, used + 1, is_cut or length < len(word))
            for start, used, is_cut in reached
            for length in range(_SHORTEST_SYLLABLE, len(word) + 1)
            if short.startswith(word[:length], start)
        }
        fewest = 0 if may_go else _FEWEST_SYLLABLES if word in GENERIC_WORDS else len(short)
        reached = taken | {one for one in reached if one[1] >= fewest}
    return any(
        done == len(short) and used >= _FEWEST_SYLLABLES and is_cut
        for done, used, is_cut in reached
    )
