"""From any script and spelling to plain Latin words."""

import re
import unicodedata
from functools import lru_cache

from text_unidecode import unidecode

from app.accounts.matching import east_asian
from app.accounts.matching.data import rows

_SYMBOLS = str.maketrans(
    {"&": " and ", "+": " and ", "%": " percent", "€": "e", "@": "a", "ß": "ss", "ø": "o", "№": " "}
)
PARENTHESES = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_APOSTROPHES = re.compile("['`\\u00b4\\u2018\\u2019\\u02bc\\u02b9\\u2032]")
_DOTTED = re.compile(r"\b(?:[a-z]\.)+[a-z]\b(?!\.)|\b(?:[a-z]\.){2,}")
_LETTERS_AND = re.compile(r"\b([a-z])\s+and\s+(?=[a-z]\b)")
_SLASHED = re.compile(r"\b([a-z])/([a-z])\b")
_WORD = re.compile(r"[a-z0-9]+")
_N_FOR_AND = re.compile(r"(?<=\w\w) n (?=\w\w\w)")
_DOUBLED = re.compile(r"(.)\1+")
_BROTHERS = re.compile(r"\bf\.?lli\b")
_NET_NAME = re.compile(r"\b([a-z0-9-]{3,})\.(?:com|net|org|io|de|fr|nl|co\.uk)\b")
_GREEK_LETTERS = {row["letter"]: row["latin"] for row in rows("greek.csv")}
_GREEK = re.compile("[" + "".join(_GREEK_LETTERS) + "]")
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_SOUNDS = (
    *_UMLAUTS, ("ph", "f"), ("ou", "u"), ("ck", "k"), ("shch", "sh"), ("sch", "sh"),
    ("kh", "h"), ("tz", "s"), ("ts", "s"), ("isation", "ization"), ("y", "i"), ("j", "i"),
    ("z", "s"), ("w", "v"),
)  # fmt: skip
_HARD_C = re.compile("c(?![ehiy])")


_LONG_WORD = 5
_WRITTEN_TOGETHER = tuple((row["written"], row["read_as"]) for row in rows("written_together.csv"))
_LAST_TS = re.compile(r"ц\b")
_SPOKEN_HARD_SIGN = re.compile("(?<=[бвгджзклмнпрстфхцчш])ъ(?=[бвгджзклмнпрстфхцчшщ])")
_IO, _GHE = {0x451: "\u0435"}, {0x433: "h"}
_UKRAINIAN = re.compile("[іїєґ]")
_CYRILLIC_FORMS = {row["written"]: row["read_as"] for row in rows("cyrillic.csv")}
_CYRILLIC = re.compile(r"\b(?:" + "|".join(_CYRILLIC_FORMS) + r")\b")
"""Short forms that would read as Latin words once transliterated."""


def latin(text: str) -> str:
    """Return ``text`` in lower-case Latin letters, forms of scripts without spaces set apart."""
    plain = unicodedata.normalize("NFKC", text).lower()
    if not plain.isascii():
        for form, words in _WRITTEN_TOGETHER:
            plain = plain.replace(form, f" {words} ")
        if max(plain) >= east_asian.FIRST_LETTER:
            plain = east_asian.romanised(plain).lower()
        plain = _CYRILLIC.sub(lambda found: _CYRILLIC_FORMS[found[0]], plain)
        plain = _as_spoken(plain)
        plain = _GREEK.sub(lambda found: _GREEK_LETTERS[found[0]], _unaccented(plain))
    plain = _APOSTROPHES.sub("", plain.translate(_SYMBOLS))
    plain = plain.replace("co-op", "coop") if "co-op" in plain else plain
    plain = _N_FOR_AND.sub(" and ", plain) if " n " in plain else plain
    if not plain.isascii():
        plain = _APOSTROPHES.sub("", unidecode(plain).lower())
    return plain


def _as_spoken(plain: str) -> str:
    """Return Cyrillic letters that sound otherwise than most transliterations have it.

    IO is written as IE; a Bulgarian hard sign between consonants is a vowel; a Ukrainian GHE an H.
    """
    plain = _LAST_TS.sub("tz", _SPOKEN_HARD_SIGN.sub("a", plain.translate(_IO)))
    return plain.translate(_GHE) if _UKRAINIAN.search(plain) else plain


def _unaccented(text: str) -> str:
    """Return ``text`` with Greek accents taken off, other letters as they are."""
    split = unicodedata.normalize("NFD", text)
    bare = (c for c in split if c not in "\u0301\u0308")
    return "".join(bare) if any("\u0370" <= c <= "\u03ff" for c in text) else text


def words_of(plain: str) -> list[str]:
    """Return the words of an already plain text, initials written as one word."""
    if " and " in plain:
        plain = _LETTERS_AND.sub(r"\1 ", plain)
    if "." in plain:
        plain = _NET_NAME.sub(r"\1", plain)
    plain = _BROTHERS.sub("fratelli", plain) if "lli" in plain else plain
    plain = _SLASHED.sub(r"\1\2", plain) if "/" in plain else plain
    if "." in plain:
        plain = _DOTTED.sub(lambda found: found[0].replace(".", "").replace(" ", "") + " ", plain)
    words: list[str] = []
    run: list[str] = []
    for word in _WORD.findall(plain):
        if len(word) == 1 and word.isalpha():
            run.append(word)
            continue
        words += _joined(run)
        run = []
        words.append(word)
    return words + _joined(run)


def _joined(letters: list[str]) -> list[str]:
    return ["".join(letters)] if letters else []


def fold(word: str) -> str:
    """Return ``word`` with umlauts written as one letter, in every language's way."""
    for written, said in _UMLAUTS:
        word = word.replace(written, said)
    return word


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """Return ``word`` with spellings that vary between languages made equal."""
    if not word.isalpha() and any(c.isdigit() for c in word):
        return word
    word = word.replace("x", "ks")
    word = _HARD_C.sub("k", word) if "c" in word else word
    if len(word) >= _LONG_WORD and word[-1] == "s" and word[-2] not in "su":
        word = word[:-1]
    for written, said in _SOUNDS:
        word = word.replace(written, said)
    return _DOUBLED.sub(r"\1", word) if len(word) >= _LONG_WORD else word
