"""The names that one text joins: "A trading as B", "A / B", "Long Name (LN)", "Name (First) Co"."""

import re
from collections.abc import Iterator
from functools import lru_cache

from app.accounts.matching import forms
from app.accounts.matching.clean import cleaned
from app.accounts.matching.normalise import Name, normalise
from app.accounts.matching.places import PLACES
from app.accounts.matching.shortening import is_of_syllables, spells
from app.accounts.matching.text import PARENTHESES, latin, words_of
from app.accounts.matching.words import ALIAS_MARKS, BUSINESS_WORDS, SHORT_NAMES

_ALIAS = re.compile(
    r"(?<![a-z])(?:" + "|".join(map(re.escape, sorted(ALIAS_MARKS, key=len, reverse=True))) + r")"
    r"(?![a-z])|(?<=[a-z]{3})\s*/\s*(?=[a-z' ]{4})"
)
_ELIDED = re.compile("\\b[ld]['\u2019](?=\\w{3})", re.IGNORECASE)
_MISREAD = re.compile(r"\b(?:[a-z]+[015]{1,2}[a-z]{2,}|[a-z]{3,}[015]{1,2}[a-z]*|0[a-z]{4,})\b")
"""A digit within a word, as a scanner reads O, I, L and S."""
_DIGITS = re.compile("[015]")
_SHORTEST_MISREAD = 5  # letters
_TITLES = re.compile(
    r"^(?:(?:dr|prof|dipl|mag)\b[. -]*)(?:(?:dr|prof|dipl|ing|med|dent|vet|jur|rer|nat|pol|oec|"
    r"phil|techn|kfm|h\.? ?c)\b[. -]*)+"
)
"""Two titles or more in front of a name: Dr. Ing. h.c."""
_TITLED = ("dr", "prof", "dipl", "mag")
_FORMERLY = re.compile(r"\((?:ex|once|prev)[. -]+([^()]+)\)")
_JOINS = re.compile(r"[(\[/,'\u2019]| [-\u2013\u2014] ")
_BEFORE_SEAT = re.compile(r",| -+ ")
_FEWEST_INITIALS = 2
_SHORTEST_NAME, _LONGEST_SEAT = 3, 3


@lru_cache(maxsize=65_536)
def readings(name: str) -> tuple[Name, ...]:
    """Return the name, and each of the names that it joins."""
    whole = normalise(name)
    plain = latin(cleaned(name))
    spelt_out = SHORT_NAMES.get("".join(whole.written))
    if spelt_out:
        return whole, normalise(spelt_out)
    other = tuple(_of_letters(plain))
    if not _JOINS.search(name) and not _ALIAS.search(plain):
        return (whole, *_without_own_initials(whole), *other)
    parts = [part.strip(" ,;-()[]") for part in _ALIAS.split(plain)]
    if len(parts) > 1:
        joined = (normalise(part) for part in parts if len(part) >= _SHORTEST_NAME)
        return (whole, *(one for one in joined if one.words))
    elided = _ELIDED.sub(" ", name)
    without = (normalise(elided),) if elided != name else ()
    own = _without_own_initials(whole)
    return (whole, *own, *without, *other, *_of_remarks(plain, whole), *_without_seat(plain))


def _of_letters(plain: str) -> Iterator[Name]:
    """Yield the name with misread letters put right, and without the titles in front of it."""
    found = _MISREAD.search(plain) if _DIGITS.search(plain) else None
    if found and len(found[0]) >= _SHORTEST_MISREAD:
        yield normalise(_MISREAD.sub(_put_right, plain))
    if plain.startswith(_TITLED):
        bare = _TITLES.sub("", plain)
        if bare != plain:
            yield normalise(bare)


def _put_right(word: re.Match[str]) -> str:
    """Return a word with letters for its digits; 1 is an I between consonants, else an L."""
    text = word[0].replace("0", "o").replace("5", "s")
    text = re.sub("(?<=[bcdfghjkmnpqrstvwxz])1(?=[bcdfghjkmnpqrstvwxz])", "i", text)
    return text.replace("1", "l")


def _of_remarks(plain: str, whole: Name) -> Iterator[Name]:
    """Yield the initials in parentheses, or the name with the first name that stands there."""
    for former in _FORMERLY.findall(plain):
        yield normalise(former)
    remarks = [words_of(found) for found in PARENTHESES.findall(plain)]
    for remark in remarks:
        if len(remark) == 1 and _is_short_name(remark[0], whole):
            yield normalise(remark[0])
            return
    inline = normalise(re.sub(r"[()\[\]{}]", " ", plain)) if remarks else whole
    if len(inline.words) > len(whole.words):
        yield inline


def _is_short_name(word: str, whole: Name) -> bool:
    """Return whether a remark is the short name of what it stands behind."""
    if len(word) < _FEWEST_INITIALS or (word,) in PLACES:
        return False
    if word == whole.initials:
        return True
    return len(word) > _FEWEST_INITIALS and (
        spells(word, whole.letters) or is_of_syllables(word, whole.letters)
    )


def _without_own_initials(whole: Name) -> Iterator[Name]:
    """Yield the name without its own initials in front or behind: "H & M Hennes & Mauritz"."""
    words = whole.written
    for size in range(1, len(words) - 1):
        front, rest = words[:size], words[size:]
        if "".join(front) == "".join(word[0] for word in rest):
            yield normalise(" ".join(rest))
        back, rest = words[-size:], words[:-size]
        if "".join(back) == "".join(word[0] for word in rest):
            yield normalise(" ".join(rest))


def _without_seat(plain: str) -> Iterator[Name]:
    """Yield the name without the town after its legal form: "Acme GmbH, Berlin"."""
    before, _, after = _BEFORE_SEAT.sub("\n", plain).rpartition("\n")
    seat = words_of(after)
    if not before or not 0 < len(seat) <= _LONGEST_SEAT or BUSINESS_WORDS.intersection(seat):
        return
    if forms.strip(seat)[1]:
        return
    before = before.replace("\n", ", ")
    if forms.strip(words_of(PARENTHESES.sub(" ", before)))[1]:
        yield normalise(before)
