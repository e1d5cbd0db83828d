"""Finding legal forms at the end, the beginning and inside of a name."""

from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.accounts.matching.legal_forms import LEGAL_FORMS, LegalForm
from app.accounts.matching.text import latin, words_of

_UNMISTAKABLE = 3  # words: no name has them by chance
_WRITTEN_OUT_FROM = 13  # letters: two words of a form written out
_LONG_WORD, _LONG_TEXT = 7, 12  # letters from which a form may miss one, or two
_LONGEST_CUT, _SHORTEST_CUT = 3, 6  # letters of a word cut off at the end of a field
_COMPOUND_FROM = 9  # letters
_BEFORE_A_TOWN, _LONGEST_TOWN = {"doo", "dooel", "dd", "ead", "eood", "ood"}, 2  # words
_ROMANIAN, _IN_ROMANIA = "sc", "RO"  # “SC Acme SRL”; but S. C. Johnson

_SPELT: dict[tuple[str, ...], LegalForm] = {}
for _form in LEGAL_FORMS:
    for _spelling in _form.spellings:
        _SPELT.setdefault(tuple(words_of(latin(_spelling))), _form)

FORM_WORDS = frozenset(words[0] for words in _SPELT if len(words) == 1)
"""Legal forms of one word."""

_LONGEST = max(map(len, _SPELT))


def _is_unmistakable(words: tuple[str, ...]) -> bool:
    written_out = len(words) > 1 and len("".join(words)) >= _WRITTEN_OUT_FROM
    return len(words) >= _UNMISTAKABLE or written_out


_LEADING = {words: form for words, form in _SPELT.items() if form.leads or _is_unmistakable(words)}
_INSIDE = {
    words: form for words, form in _SPELT.items() if form.inside or len(words) >= _UNMISTAKABLE
}
_WRITTEN_OUT: dict[tuple[int, str], dict[tuple[str, ...], str]] = {}
for _words in _SPELT:
    if max(map(len, _words)) >= _LONG_WORD:
        _WRITTEN_OUT.setdefault((len(_words), _words[-1][0]), {})[_words] = " ".join(_words)


_IN_COMPOUNDS = {
    words[0]: form
    for words, form in _SPELT.items()
    if len(words) == 1 and len(words[0]) >= _COMPOUND_FROM
}
_ENDINGS = tuple(_IN_COMPOUNDS)
_CUT = {
    word[:-cut]: form
    for word, form in _IN_COMPOUNDS.items()
    for cut in range(1, _LONGEST_CUT + 1)
    if len(word) - cut >= _SHORTEST_CUT and (word[:-cut],) not in _SPELT
}


def strip(words: list[str]) -> tuple[list[str], set[LegalForm]]:
    """Return ``words`` without legal forms, and the forms found."""
    found: set[LegalForm] = set()
    rest = _without_compounds(tuple(words), found)
    while rest:
        shorter = _without_last(rest, found) or _without_first(rest, found)
        if shorter is None:
            break
        rest = shorter[0]
    if len(rest) > 1 and rest[0] == _ROMANIAN and any(_IN_ROMANIA in f.countries for f in found):
        rest = rest[1:]
    return list(_without_inner(rest, found)), found


def seat_after(words: list[str]) -> tuple[list[str], list[str]]:
    """Return the words as far as a form that a town may follow (*d.o.o. Beograd*), and the town."""
    for at in range(1, len(words) - 1):
        if words[at] in _BEFORE_A_TOWN and len(words) - at - 1 <= _LONGEST_TOWN:
            return words[: at + 1], words[at + 1 :]
    return words, []


def _without_compounds(words: tuple[str, ...], found: set[LegalForm]) -> tuple[str, ...]:
    """Cut a form written out off the end of a longer word: Telefonaktiebolaget."""
    if max(map(len, words), default=0) <= _COMPOUND_FROM:
        return words
    rest = list(words)
    for at, word in enumerate(words):
        may_be = len(word) > _COMPOUND_FROM + 1 and word.endswith(_ENDINGS)
        for form in _IN_COMPOUNDS if may_be and (word,) not in _SPELT else ():
            if word.endswith(form) and len(word) - len(form) > 1:
                found.add(_IN_COMPOUNDS[form])
                rest[at] = word.removesuffix(form)
                break
    return tuple(rest)


def _without_last(words: tuple[str, ...], found: set[LegalForm]) -> tuple[tuple[str, ...]] | None:
    for length in range(min(_LONGEST, len(words)), 0, -1):
        form = _SPELT.get(words[-length:]) or _misspelt(words[-length:])
        if not form and length == 1 and len(words) > 1:
            form = _CUT.get(words[-1])
        if form:
            found.add(form)
            return (words[:-length],)
    return None


def _without_first(words: tuple[str, ...], found: set[LegalForm]) -> tuple[tuple[str, ...]] | None:
    for length in range(min(_LONGEST, len(words) - 1), 0, -1):
        form = _LEADING.get(words[:length])
        if form:
            found.add(form)
            return (words[length:],)
    return None


def _without_inner(words: tuple[str, ...], found: set[LegalForm]) -> tuple[str, ...]:
    for at in range(1, len(words) - 1):
        for length in range(min(_LONGEST, len(words) - at - 1), 0, -1):
            form = _INSIDE.get(words[at : at + length])
            if form:
                found.add(form)
                return _without_inner(words[:at] + words[at + length :], found)
    return words


@lru_cache(maxsize=65_536)
def _misspelt(words: tuple[str, ...]) -> LegalForm | None:
    """Return the form written out in full that ``words`` miss by one letter, long ones by two.

    The first letter of the last word must be right: that keeps the search short.
    """
    near = _WRITTEN_OUT.get((len(words), words[-1][0]))
    text = " ".join(words)
    if not near or len(text) < _LONG_WORD - 1:
        return None
    most = 2 if len(text) >= _LONG_TEXT - 1 else 1
    best = process.extractOne(text, near, scorer=OSA.distance, score_cutoff=most)
    return _SPELT[best[2]] if best else None
