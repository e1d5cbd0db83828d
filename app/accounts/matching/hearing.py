"""Whether a word of another script is a Latin word as heard there: パナソニック is Panasonic."""

import re
from functools import lru_cache

from rapidfuzz import fuzz

LATIN, CYRILLIC, KANA, HANGUL, HAN, ABJAD = "", "cyrillic", "kana", "hangul", "han", "abjad"
EAST_ASIAN = frozenset({KANA, HANGUL, HAN})
"""Scripts that are read letter by letter alike by all: nobody slips in them."""
_SCRIPTS = (
    (KANA, re.compile("[\u3041-\u30ff\uff66-\uff9f]")),
    (HANGUL, re.compile("[\uac00-\ud7a3]")),
    (HAN, re.compile("[\u3400-\u9fff]")),
    (CYRILLIC, re.compile("[\u0370-\u052f]")),
    (ABJAD, re.compile("[\u0590-\u06ff]")),
)

Spellings = tuple[tuple[str, str], ...]

_SPELLINGS: Spellings = (
    ("sch", "s"), ("dzh", "j"), ("dge", "je"), ("tch", "C"), ("tz", "s"), ("ts", "s"), ("sh", "s"),
    ("ch", "C"), ("kh", "h"), ("ph", "f"), ("th", "t"), ("zh", "j"), ("ck", "k"), ("ce", "se"),
    ("ci", "si"), ("cy", "si"), ("c", "k"), ("C", "c"), ("x", "ks"), ("q", "k"), ("w", "v"),
    ("z", "s"),
)  # fmt: skip
"""Letters that languages write in many ways. C is a placeholder for what is written ch."""

_HEARD: dict[str, tuple[Spellings, Spellings]] = {
    CYRILLIC: ((), ()),
    KANA: (
        (("ts", "t"), ("tch", "t"), ("ch", "t"), ("th", "s"), ("mp", "np"), ("mb", "nb")),
        (("j", "s"), ("l", "r"), ("v", "b"), ("f", "h")),
    ),
    HANGUL: (
        (("th", "s"), ("ch", "j"), ("z", "j"), ("oo", "u"), ("w", ""), ("eo", "u"), ("ai", "ae")),
        (("l", "r"), ("f", "p"), ("v", "p"), ("g", "k"), ("d", "t"), ("b", "p")),
    ),
    ABJAD: ((("dh", "d"), ("gh", "g")), (("j", "g"), ("f", "p"), ("v", "b"))),
}  # fmt: skip
"""What each script writes with one letter, before and after the spellings of all."""

_UNSPOKEN_R = re.compile("r(?![aeiouy])")
_VOWELS, _ABJAD_VOWELS = re.compile("[aeiouyv']"), re.compile("[aeiouyvw']")
_DOUBLED = re.compile(r"(.)\1+")
_FEW, _ENOUGH = 2, 3  # consonants
_ALIKE, _VERY_ALIKE = {CYRILLIC: 55, KANA: 55, HANGUL: 70}, 75  # of 100
_LONGER = {CYRILLIC: 1}
"""How many more consonants it takes where the script has letters for all sounds."""


def script_of(text: str) -> str:
    """Return the first of the other scripts that ``text`` is written in, or LATIN."""
    if text.isascii():
        return LATIN
    return next((script for script, letters in _SCRIPTS if letters.search(text)), LATIN)


Words = list[tuple[str, str]]
"""Words as read and as written."""


def heard(
    left: Words, right: Words, scripts: tuple[str, str], *, witnesses: bool
) -> list[tuple[str, str, int]]:
    """Take out the words of one script that are Latin words as they are heard there.

    ``witnesses``: whether other words of the names agree.
    """
    pairs: list[tuple[str, str, int]] = []
    if all(scripts):
        return pairs
    script, foreign, latin = (scripts[0], left, right) if scripts[0] else (scripts[1], right, left)
    for one in sorted(foreign, key=lambda pair: (-len(pair[0]), pair)):
        agree = witnesses or bool(pairs)
        other = next((two for two in latin if _is_heard(one, two, script, witnesses=agree)), None)
        if other is not None:
            pairs.append((one[0], other[0], 0) if foreign is left else (other[0], one[0], 0))
            foreign.remove(one)
            latin.remove(other)
    return pairs + _heard_as_one(left, right, script, witnesses=witnesses)


def _heard_as_one(
    left: Words, right: Words, script: str, *, witnesses: bool
) -> list[tuple[str, str, int]]:
    """Take out all words, where they are written as one on one side: ソフト バンク, SoftBank."""
    ours, theirs = ("".join(word for word, _ in words) for words in (left, right))
    if len(left) == len(right) or not (ours and theirs):
        return []
    if not _hears(ours, theirs, script, witnesses=witnesses):
        return []
    left.clear()
    right.clear()
    return [(ours, theirs, 0)]


def _is_heard(one: tuple[str, str], two: tuple[str, str], script: str, *, witnesses: bool) -> bool:
    return any(_hears(one[0], word, script, witnesses=witnesses) for word in set(two))


@lru_cache(maxsize=65_536)
def _hears(word: str, latin: str, script: str, *, witnesses: bool) -> bool:
    """Return whether ``word``, transliterated from ``script``, may be the Latin word ``latin``.

    Consonants decide, as far as the script can tell them apart; few need more alike vowels, or
    ``witnesses``: other words that agree.
    """
    if script not in _HEARD:
        return False
    ours, theirs = _heard(word, script), _heard(latin, script, is_latin=True)
    if ours == theirs:
        return True
    vowels = _ABJAD_VOWELS if script == ABJAD else _VOWELS
    bones, others = (_DOUBLED.sub(r"\1", vowels.sub("", one)) for one in (ours, theirs))
    if bones != others or len(bones) < _FEW:
        return False
    if script == ABJAD:
        return len(bones) >= _ENOUGH or witnesses
    enough = len(bones) >= _ENOUGH + _LONGER.get(script, 0)
    return fuzz.ratio(ours, theirs) >= (_ALIKE[script] if enough else _VERY_ALIKE)


def _heard(word: str, script: str, *, is_latin: bool = False) -> str:
    """Return ``word`` with one letter for all that ``script`` writes alike."""
    if is_latin and script in (KANA, HANGUL):
        word = _UNSPOKEN_R.sub("", word).removesuffix("h")
    elif script == ABJAD:
        word = word.replace("v", "")
    first, then = _HEARD[script]
    for written, said in (*first, *_SPELLINGS, *then):
        word = word.replace(written, said)
    return _DOUBLED.sub(r"\1", word)
