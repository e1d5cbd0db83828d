"""Street and number as people write them, made equal."""

from dataclasses import dataclass
from functools import lru_cache

from app.accounts.matching.data import rows
from app.accounts.matching.spelling import slips
from app.accounts.matching.text import fold, latin, words_of

_WAYS = {
    fold(written): row["way"] for row in rows("ways.csv") for written in row["written"].split("|")
}
"""What kinds of streets are called -> one short name of each."""

_SUFFIXES = tuple(sorted((way for way in _WAYS if len(way) > 2), key=len, reverse=True))
"""Kinds that may end a longer word: *Hauptstrasse*."""


@dataclass(frozen=True, slots=True)
class Address:
    """The street in one word and the numbers at it."""

    street: str
    numbers: frozenset[str]


@lru_cache(maxsize=65_536)
def address_of(text: str | None) -> Address | None:
    """Return the street and number in ``text``; None where it does not say both."""
    words = words_of(latin(text or ""))
    numbers = frozenset(word.lstrip("0") for word in words if word[0].isdigit())
    street = "".join(_way(word) for word in words if not word[0].isdigit())
    return Address(street, numbers) if street and numbers else None


def is_same(left: Address, right: Address) -> bool:
    """Return whether the streets are equal but for a slip of the pen, and so are the numbers.

    One may say more of them: 12 is at 12-14.
    """
    if not (left.numbers <= right.numbers or right.numbers <= left.numbers):
        return False
    return left.street == right.street or slips(left.street, right.street) is not None


def _way(word: str) -> str:
    """Return a word with the kind of street in it, or behind it, in its short form."""
    word = fold(word)
    if word in _WAYS:
        return _WAYS[word]
    end = next((way for way in _SUFFIXES if word.endswith(way)), "")
    return word.removesuffix(end) + _WAYS[end] if end else word
