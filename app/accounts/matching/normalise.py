"""From a company's name as written to its words, places and legal forms."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.accounts.matching import forms
from app.accounts.matching.clean import cleaned
from app.accounts.matching.hearing import script_of
from app.accounts.matching.legal_forms import Kind, LegalForm
from app.accounts.matching.numbers import Tokens, in_digits
from app.accounts.matching.places import BEGIN_PLACES, LONGEST_PLACE, PLACES
from app.accounts.matching.text import PARENTHESES, latin, sound, words_of
from app.accounts.matching.words import (
    ABBREVIATIONS,
    GENERIC_WORDS,
    HOLDING_WORDS,
    REGION_WORDS,
    STOP_WORDS,
)

_COMPANY = "company"
_SOCIETIES = {"societe", "societa", "sociedad", "sociedade", "soc", "ste"}
_WORD = re.compile(r"\w+")
_AMPERSAND_LETTERS = re.compile(r"\W*[A-Z]{1,3}(?:\s?&\s?[A-Z]{1,3}\b)+(?!\s+[A-Z][a-z]{4})")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    ``words`` in the order written, without stop words, places and legal forms, and the same as
    ``written``; ``qualifiers`` are places and remarks in parentheses; ``glued`` is the name written
    as one word, ``joined`` the same with its legal form; ``letters`` are all its words, and whether
    initials may leave them out; ``short`` is what may be initials of another name, ``capitals`` are
    those of its words; ``pairs`` are words and what is written for them; ``script`` is the other
    script that it is written in.
    """

    raw: str
    words: tuple[str, ...]
    written: tuple[str, ...]
    sounds: tuple[str, ...]
    places: frozenset[str]
    qualifiers: frozenset[str]
    forms: frozenset[str]
    kinds: frozenset[Kind]
    base: tuple[str, ...]
    glued: str
    joined: str
    letters: tuple[tuple[str, bool], ...]
    short: str | None
    capitals: str
    pairs: tuple[tuple[str, str], ...]
    script: str

    @property
    def core(self) -> str:
        """The words that count, as text."""
        return " ".join(self.words)

    @property
    def initials(self) -> str:
        """The first letters of the words."""
        return "".join(word[0] for word in self.written)


@lru_cache(maxsize=65_536)
def normalise(name: str) -> Name:
    """Return ``name`` taken apart; a name of legal forms alone keeps them as its words."""
    plain = latin(cleaned(name))
    remarks = [words_of(found) for found in PARENTHESES.findall(plain)]
    words = words_of(PARENTHESES.sub(" ", plain))
    named, seat = forms.seat_after(words)
    base, found = forms.strip(named)
    qualifiers, more = _qualifiers([*remarks, seat])
    expanded = _expanded(base)
    left, inline = _take_places(expanded)
    core, regions = _take_regions(_without_company(_telling(left)))
    if not core:
        given = in_digits([*words, *(word for remark in remarks for word in remark)])
        core, inline = _telling(expanded) or _telling(given)[:1] or given, frozenset()
    return Name(
        raw=name,
        words=tuple(word for word, _ in core),
        written=tuple(written for _, written in core),
        sounds=tuple(sound(word) for word, _ in core),
        places=inline,
        qualifiers=qualifiers | regions,
        forms=frozenset(form.code for form in found | more),
        kinds=frozenset(form.kind for form in found | more),
        base=tuple(base),
        glued=_glued(expanded) or _glued(core),
        joined="".join(words),
        letters=_letters(words, core),
        short=_short(name, core),
        capitals=_capitals(name, core),
        pairs=tuple(core),
        script=script_of(name),
    )


def _glued(words: Tokens) -> str:
    telling = [word for word, _ in words if word not in HOLDING_WORDS]
    kept = telling or [word for word, _ in words]
    return "".join(word for word in kept if word not in ("the", "and"))


def _short(name: str, core: Tokens) -> str | None:
    """Return the one word of a name, or its single letters (AT&T) as one word."""
    words = [written for _, written in core if written not in HOLDING_WORDS]
    letters = _AMPERSAND_LETTERS.match(name) if "&" in name else None
    short = "".join(filter(str.isalpha, letters[0])).lower() if letters else ""
    if short and all(word in short for word in words):
        return short
    return words[0] if len(words) == 1 else None


def _capitals(name: str, core: Tokens) -> str:
    """Return the capitals of the telling words: GSK of GlaxoSmithKline."""
    written = {written for _, written in core}
    words = (word for word in _WORD.findall(name) if word.lower() in written)
    return "".join(letter for word in words for letter in word if letter.isupper())


def _qualifiers(remarks: list[list[str]]) -> tuple[frozenset[str], set[LegalForm]]:
    """Return the words and places in parentheses, and the legal forms found there."""
    qualifiers: set[str] = set()
    found: set[LegalForm] = set()
    for remark in filter(None, remarks):
        rest, more = forms.strip(remark)
        found |= more
        left, places = _take_places(_expanded(rest))
        qualifiers |= places | {word for word, _ in _telling(left)}
    return frozenset(qualifiers), found


def _letters(words: list[str], core: Tokens) -> tuple[tuple[str, bool], ...]:
    """Return all words, and whether initials may leave them out: those that are not telling."""
    left = [written for _, written in core]
    letters: list[tuple[str, bool]] = []
    for word in words:
        may_go = word not in left or word in HOLDING_WORDS
        letters.append((word, may_go))
        if word in left:
            left.remove(word)
    return tuple(letters)


def _telling(words: Tokens) -> Tokens:
    return [token for token in words if token[0] not in STOP_WORDS]


def _without_company(words: Tokens) -> Tokens:
    """Return the words without *company* in any other language, where telling ones remain."""
    rest = [one for one in words if one[0] != _COMPANY or one[1] == _COMPANY]
    own = [one for one in rest if one[1] not in _SOCIETIES]
    return own if any(is_distinctive(word) for word, _ in own) else rest or words


def _expanded(words: list[str]) -> Tokens:
    """Return ``words`` with abbreviations written out and numbers in digits."""
    return [(ABBREVIATIONS.get(word, word), written) for word, written in in_digits(words)]


def _take_places(words: Tokens) -> tuple[Tokens, frozenset[str]]:
    """Return the words that are no country, and the codes of the countries named."""
    rest: Tokens = []
    places: set[str] = set()
    at = 0
    while at < len(words):
        longest = LONGEST_PLACE if words[at][0] in BEGIN_PLACES else 0
        for length in range(min(longest, len(words) - at), 0, -1):
            code = PLACES.get(tuple(word for word, _ in words[at : at + length]))
            if code:
                places.add(code)
                at += length
                break
        else:
            rest.append(words[at])
            at += 1
    return rest, frozenset(places)


def _take_regions(words: Tokens) -> tuple[Tokens, frozenset[str]]:
    """Return the words without a trailing part of the world, where a word of its own remains."""
    end = len(words)
    while end > 1 and words[end - 1][0] in REGION_WORDS | HOLDING_WORDS:
        end -= 1
    regions = frozenset(word for word, _ in words[end:]) & REGION_WORDS
    if not regions or not any(is_distinctive(word) for word, _ in words[:end]):
        return words, frozenset()
    return words[:end] + [one for one in words[end:] if one[0] not in regions], regions


def is_distinctive(word: str) -> bool:
    """Return whether ``word`` is none of the words that many companies share."""
    return word not in GENERIC_WORDS and word not in HOLDING_WORDS and not word.isdigit()
