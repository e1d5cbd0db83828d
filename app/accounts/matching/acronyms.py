"""Short names made of the letters of a long one: initials, capitals, first syllables."""

from collections.abc import Iterable

from app.accounts.matching.forms import FORM_WORDS
from app.accounts.matching.normalise import Name
from app.accounts.matching.shortening import is_of_syllables, spells
from app.accounts.matching.words import ABBREVIATIONS, BUSINESS_WORDS, STOP_WORDS

_FORM_KEPT = 2  # letters of a form that stands whole: ARCO of Atlantic Richfield Co
_FEWEST_INITIALS, _MOST_INITIALS = 2, 6  # letters


def standing_for(short: Name, long: Name) -> str | None:
    """Return in words how ``short`` stands for ``long``, or None where it does not."""
    word = short.short
    if word is None or word in long.written or word in ABBREVIATIONS or word in BUSINESS_WORDS:
        return None
    if _has_initials(word, long) and _may_be_initials(word, short) and spells(word, long.letters):
        return f"“{word}” are the initials of the other name."
    if len(word) > _FEWEST_INITIALS and word.upper() == long.capitals:
        return f"“{word}” are the capitals of the other name."
    if is_of_syllables(word, long.letters):
        return f"“{word}” joins the beginnings of the other name’s words."
    return None


def short_name(name: Name) -> str | None:
    """Return what ``name`` is where that may stand for a longer one."""
    return name.short if name.short and _may_be_short(name.short) else None


def letters_of(name: Name) -> set[str]:
    """Return the short names that ``name`` may have."""
    found = {name.capitals.lower()}
    if len(name.words) > 1 or name.places:
        telling = [word for word in name.letters if not word[1]]
        spoken = [word for word in name.letters if word[0] not in STOP_WORDS]
        shorter = [word for word in spoken if word in telling or word[0] not in FORM_WORDS]
        named = [word for word in name.letters if word in telling or word[0] not in FORM_WORDS]
        ways = (telling, spoken, spoken[:-1], shorter, named)
        found |= {_first_letters(words) for words in ways}
        last, may_go = name.letters[-1]
        if may_go and len(last) == _FORM_KEPT:
            found.add(_first_letters(named) + last)
    return set(filter(_may_be_short, found))


def _may_be_short(letters: str) -> bool:
    return _FEWEST_INITIALS <= len(letters) <= _MOST_INITIALS


def _first_letters(words: Iterable[tuple[str, bool]]) -> str:
    return "".join(word[0] for word, _ in words)


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
