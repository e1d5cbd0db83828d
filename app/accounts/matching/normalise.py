"""From a company's name as written to its words, places and legal forms."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from app.accounts.matching import forms
from app.accounts.matching.legal_forms import Kind
from app.accounts.matching.places import LONGEST_PLACE, PLACES
from app.accounts.matching.text import latin, sound, words_of
from app.accounts.matching.words import (
    ABBREVIATIONS,
    ALIAS_MARKS,
    GENERIC_WORDS,
    HOLDING_WORDS,
    ORDINALS,
    REGION_WORDS,
    ROMAN,
    STOP_WORDS,
    TENS,
    UNITS,
)

_PARENTHESES = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_ALIAS = re.compile(
    r"\b(?:" + "|".join(map(re.escape, ALIAS_MARKS)) + r")\b|(?<=[a-z]{3})\s*/\s*(?=[a-z' ]{4})"
)
_MAY_JOIN = re.compile(
    r"[(/\[{]|trading|business|known|formerly|\bdba\b|\bfka\b|\baka\b", re.IGNORECASE
)
_SHORTEST_NAME, _LAST_DIGIT, _LONGEST_NUMBER = 3, 9, 15


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    ``words`` in the order written, without stop words, places and legal forms; ``qualifiers`` are
    places and remarks in parentheses; ``glued`` is the name written as one word.
    """

    raw: str
    words: tuple[str, ...]
    sounds: tuple[str, ...]
    places: frozenset[str]
    qualifiers: frozenset[str]
    forms: frozenset[str]
    kinds: frozenset[Kind]
    base: tuple[str, ...]
    glued: str

    @property
    def core(self) -> str:
        """The words that count, as text."""
        return " ".join(self.words)

    @property
    def initials(self) -> str:
        """The first letters of the words."""
        return "".join(word[0] for word in self.words)


@lru_cache(maxsize=65_536)
def normalise(name: str) -> Name:
    """Return ``name`` taken apart; a name of legal forms alone keeps them as its words."""
    plain = latin(name)
    remarks = [words_of(found) for found in _PARENTHESES.findall(plain)]
    words = words_of(_PARENTHESES.sub(" ", plain))
    base, found = forms.strip(words)
    qualifiers: set[str] = set()
    for remark in remarks:
        rest, more = forms.strip(remark)
        found |= more
        left, places = _take_places(rest)
        qualifiers |= places | set(left)
    left, inline = _take_places(_expanded(base))
    core = _telling(left)
    core, regions = _take_regions(core)
    if not core:
        given = [*words, *chain.from_iterable(remarks)]
        core, inline = _telling(base) or _telling(given)[:1] or tuple(given), frozenset()
    return Name(
        raw=name,
        words=core,
        sounds=tuple(map(sound, core)),
        places=inline,
        qualifiers=frozenset(qualifiers | regions),
        forms=frozenset(form.code for form in found),
        kinds=frozenset(form.kind for form in found),
        base=tuple(base),
        glued="".join(w for w in _expanded(base) or core if w not in ("the", "and")),
    )


def _telling(words: list[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in STOP_WORDS)


@lru_cache(maxsize=65_536)
def readings(name: str) -> tuple[Name, ...]:
    """Return the name, and each of the names that it joins ("A trading as B", "A / B")."""
    whole = normalise(name)
    if not _MAY_JOIN.search(name):
        return (whole,)
    parts = [part.strip(" ,;-()") for part in _ALIAS.split(latin(name))]
    if len(parts) == 1:
        return whole, *_initials_in_parentheses(name, whole)
    return (whole, *(normalise(part) for part in parts if len(part) >= _SHORTEST_NAME))


def _initials_in_parentheses(name: str, whole: Name) -> tuple[Name, ...]:
    remarks = [words_of(found) for found in _PARENTHESES.findall(latin(name))]
    return tuple(
        normalise(remark[0])
        for remark in remarks
        if len(remark) == 1 and len(remark[0]) > 1 and remark[0] == whole.initials
    )


def _expanded(words: list[str]) -> list[str]:
    """Return ``words`` with abbreviations written out and numbers in digits."""
    result: list[str] = []
    endings = {1: "st", 2: "nd", 3: "rd"}
    for position, word in enumerate(words):
        value = _number(word, first=position == 0, last=position == len(words) - 1)
        after_tens = position > 0 and words[position - 1] in TENS
        if after_tens and word in ORDINALS:
            digit = ORDINALS[word]
            result[-1] = f"{int(result[-1]) + digit}{endings.get(digit, 'th')}"
        elif value is None:
            result.append(ABBREVIATIONS.get(word, word))
        elif 0 < value <= _LAST_DIGIT and after_tens:
            result[-1] = str(int(result[-1]) + value)
        else:
            result.append(str(value))
    return result


def _number(word: str, *, first: bool, last: bool) -> int | None:
    if word.isdigit():
        return int(word) if len(word) <= _LONGEST_NUMBER else None
    value = UNITS.get(word, TENS.get(word))
    if value is None and not first and (last or len(word) > 1):
        value = ROMAN.get(word)
    return value


def _take_places(words: list[str]) -> tuple[list[str], frozenset[str]]:
    """Return the words that are no country, and the codes of the countries named."""
    rest: list[str] = []
    places: set[str] = set()
    at = 0
    while at < len(words):
        for length in range(min(LONGEST_PLACE, len(words) - at), 0, -1):
            code = PLACES.get(tuple(words[at : at + length]))
            if code:
                places.add(code)
                at += length
                break
        else:
            rest.append(words[at])
            at += 1
    return rest, frozenset(places)


def _take_regions(words: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the words without a trailing part of the world, where a word of its own remains."""
    end = len(words)
    while end > 1 and words[end - 1] in REGION_WORDS | HOLDING_WORDS:
        end -= 1
    regions = frozenset(words[end:]) & REGION_WORDS
    if not regions or not any(is_distinctive(word) for word in words[:end]):
        return words, frozenset()
    return words[:end] + tuple(w for w in words[end:] if w not in regions), regions


def is_distinctive(word: str) -> bool:
    """Return whether ``word`` is none of the words that many companies share."""
    return word not in GENERIC_WORDS and word not in HOLDING_WORDS and not word.isdigit()
