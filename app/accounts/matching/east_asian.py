"""Chinese, Japanese and Korean names in Latin letters, set apart into words."""

import re

from text_unidecode import unidecode

from app.accounts.matching.data import rows

FIRST_LETTER = "\u3041"
"""No letter of these scripts comes before it."""

_KANA, _HAN, _HANGUL = "\u3041-\u30ff", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff", "\uac00-\ud7a3"
_RUN = re.compile(f"[{_KANA}]+|[{_HAN}]+|[{_HANGUL}]+")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}

_SYLLABLES = (
    "アイウエオカキクケコガギグゲゴサシスセソザジズゼゾタチツテトダヂヅデドナニヌネノハヒフヘホ"
    "バビブベボパピプペポマミムメモラリルレロ"
)
_CONSONANTS = ("", *"kgsztdnhbpmr")
_OTHER_KANA = "シチツフジヂヅヤユヨワヲンヴャュョァィゥェォッー・"
_OTHERS_READ = "shi chi tsu fu ji ji zu ya yu yo wa o n vu ^ya ^yu ^yo ^a ^i ^u ^e ^o * - -"
_KANA_LETTERS = {
    **{kana: _CONSONANTS[at // 5] + "aiueo"[at % 5] for at, kana in enumerate(_SYLLABLES)},
    **dict(zip(_OTHER_KANA, _OTHERS_READ.split(), strict=True)),
}
"""A small letter is marked ^: it takes the place of the vowel before it; * doubles what follows."""

_SMALL_Y, _SMALL = re.compile(r"(?<=[^aeiou])i\^y"), re.compile(r"[aeiou]?\^")
_HUSHED = re.compile(r"(sh|ch|j)y")
_DOUBLED = re.compile(r"\*([a-z])")

_FIRST_HANGUL, _VOWELS, _FINALS = 0xAC00, 21, 28
_INITIALS = "g kk n d tt r m b pp s ss - j jj ch k t p h"
_INITIAL = tuple(_INITIALS.replace("-", "").split(" "))
_SPOKEN_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i"
_VOWEL = tuple(_SPOKEN_VOWELS.split())
_SPOKEN_FINALS = "k k k n n n t l k m l l l p l m p p t t ng t t k t p t"
_FINAL = ("", *_SPOKEN_FINALS.split())

_LAST_KANA, _SHORTEST_SPOKEN = "\u30ff", 4  # letters
_MANDARIN = {row["letter"]: row["latin"] for row in rows("han.csv")}
_COMMON = {w: row["read_as"] for row in rows("east_asian.csv") for w in row["written"].split("|")}
_NAMES = {
    w: row["read_as"] for row in rows("east_asian_names.csv") for w in row["written"].split("|")
}
_WORDS = _COMMON | _NAMES
_KNOWN = re.compile("|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True)))


def romanised(text: str) -> str:
    """Return ``text`` with common words in English and all others as they are read.

    Kana by Hepburn, Hangul by the Revised Romanisation letter by letter, Chinese characters by
    their Mandarin readings, whoever wrote them. What stands between two known words is one word.
    """
    text = _KNOWN.sub(lambda found: f" {_WORDS[found[0]]} ", text)
    return _RUN.sub(lambda found: f" {_read(found[0])} ", text)


def spoken_words() -> dict[str, str]:
    """Return the known words as a Latin spelling of their sounds has them: keji, jeonja."""
    return {
        spoken: english
        for word, english in _COMMON.items()
        if word[0] > _LAST_KANA and " " not in english
        if len(spoken := _read(word)) >= _SHORTEST_SPOKEN
    }


def _read(run: str) -> str:
    if run[0] >= chr(_FIRST_HANGUL) and run[0] <= "\ud7a3":
        return "".join(map(_hangul, run))
    if run[0] <= _LAST_KANA:
        return _kana(run)
    return "".join(_MANDARIN.get(letter) or unidecode(letter).strip().lower() for letter in run)


def _kana(run: str) -> str:
    letters = "".join(_KANA_LETTERS.get(letter, "") for letter in run.translate(_HIRAGANA))
    letters = _HUSHED.sub(r"\1", _SMALL.sub("", _SMALL_Y.sub("y", letters)))
    return _DOUBLED.sub(r"\1\1", letters.replace("-", "")).replace("*", "")


def _hangul(letter: str) -> str:
    rest, final = divmod(ord(letter) - _FIRST_HANGUL, _FINALS)
    initial, vowel = divmod(rest, _VOWELS)
    return _INITIAL[initial] + _VOWEL[vowel] + _FINAL[final]
