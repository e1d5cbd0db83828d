"""Short names made of the letters of a long one: initials, capitals, first syllables."""

import re
from collections.abc import Iterable

from app.accounts.matching.forms import FORM_WORDS
from app.accounts.matching.normalise import Name
from app.accounts.matching.shortening import is_of_syllables, spells
from app.accounts.matching.words import HOLDING_WORDS, STOP_WORDS

_FEWEST_INITIALS, _MOST_INITIALS = 2, 6  # letters
_AMPERSAND_LETTERS = re.compile(r"\W*[A-Z]{1,3}(?:\s?&\s?[A-Z]{1,3}\b)+(?!\s+[A-Z][a-z]{4})")


def standing_for(short: Name, long: Name) -> str | None:
    """Return in words how ``short`` stands for ``long``, or None where it does not."""
    word = _short_form(short)
    if word is None or word in long.written:
        return None
    if _has_initials(word, long) and _may_be_initials(word, short) and spells(word, long.letters):
        return f"“{word}” are the initials of the other name."
    if len(word) > _FEWEST_INITIALS and word.upper() == _inner_capitals(long):
        return f"“{word}” are the capitals of the other name."
    if is_of_syllables(word, long.written):
        return f"“{word}” joins the beginnings of the other name’s words."
    return None


def letters_of(name: Name) -> set[str]:
    """Return the short names that ``name`` may have or be, for filing."""
    found = {_short_form(name) or "", _inner_capitals(name).lower()}
    if len(name.words) > 1 or name.places:
        telling = [word for word in name.letters if not word[1]]
        spoken = [word for word in name.letters if word[0] not in STOP_WORDS]
        shorter = [word for word in spoken if word in telling or word[0] not in FORM_WORDS]
        named = [word for word in name.letters if word in telling or word[0] not in FORM_WORDS]
        ways = (telling, spoken, spoken[:-1], shorter, named)
        found |= {_first_letters(words) for words in ways}
    return {one for one in found if _FEWEST_INITIALS <= len(one) <= _MOST_INITIALS}


def _first_letters(words: Iterable[tuple[str, bool]]) -> str:
    return "".join(word[0] for word, _ in words)


def _short_form(name: Name) -> str | None:
    """Return the one word of a name, or its single letters (AT&T) as one word."""
    letters = _AMPERSAND_LETTERS.match(name.raw)
    if letters:
        return "".join(filter(str.isalpha, letters[0])).lower()
    words = [word for word in name.written if word not in HOLDING_WORDS]
    return words[0] if len(words) == 1 else None


def _inner_capitals(name: Name) -> str:
    """Return the capitals of the telling words: GSK of GlaxoSmithKline."""
    words = (word for word in re.findall(r"\w+", name.raw) if word.lower() in name.written)
    return "".join(letter for word in words for letter in word if letter.isupper())


def _has_initials(word: str, long: Name) -> bool:
    """Return whether the long name has words enough beside its articles and legal forms."""
    telling = len(long.words)
    return telling + len(long.places) >= _FEWEST_INITIALS <= max(telling, len(word) - 1)


def _may_be_initials(word: str, name: Name) -> bool:
    """Return whether the word is short enough, and in capitals where it has two letters."""
    if not _FEWEST_INITIALS <= len(word) <= _MOST_INITIALS or not word.isalpha():
        return False
    return len(word) > _FEWEST_INITIALS or word.upper() in _capitals(name)


def _capitals(name: Name) -> str:
    return "".join(filter(str.isupper, name.raw))
