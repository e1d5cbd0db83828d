"""Finding legal forms at the end, the beginning and inside of a name."""

from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.accounts.matching.legal_forms import LEGAL_FORMS, LegalForm
from app.accounts.matching.text import latin, words_of

_UNMISTAKABLE = 3  # words: no name has them by chance
_LONG_TEXT = 12  # letters from which a form may be misspelt

_SPELT: dict[tuple[str, ...], LegalForm] = {}
for _form in LEGAL_FORMS:
    for _spelling in _form.spellings:
        _SPELT.setdefault(tuple(words_of(latin(_spelling))), _form)

_LONGEST = max(map(len, _SPELT))
_LEADING = {
    words: form for words, form in _SPELT.items() if form.leads or len(words) >= _UNMISTAKABLE
}
_INSIDE = {
    words: form for words, form in _SPELT.items() if form.inside or len(words) >= _UNMISTAKABLE
}
_WRITTEN_OUT: dict[tuple[int, str], dict[tuple[str, ...], str]] = {}
for _words in _SPELT:
    if len(" ".join(_words)) >= _LONG_TEXT:
        _WRITTEN_OUT.setdefault((len(_words), _words[-1][0]), {})[_words] = " ".join(_words)


def strip(words: list[str]) -> tuple[list[str], set[LegalForm]]:
    """Return ``words`` without legal forms, and the forms found."""
    found: set[LegalForm] = set()
    rest = tuple(words)
    while rest:
        shorter = _without_last(rest, found) or _without_first(rest, found)
        if shorter is None:
            break
        rest = shorter[0]
    return list(_without_inner(rest, found)), found


def _without_last(words: tuple[str, ...], found: set[LegalForm]) -> tuple[tuple[str, ...]] | None:
    for length in range(min(_LONGEST, len(words)), 0, -1):
        form = _SPELT.get(words[-length:]) or _misspelt(words[-length:])
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
    """Return the form written out in full that ``words`` miss by two letters at most.

    The first letter of the last word must be right: that keeps the search short.
    """
    near = _WRITTEN_OUT.get((len(words), words[-1][0]))
    text = " ".join(words)
    if not near or len(text) < _LONG_TEXT - 1:
        return None
    best = process.extractOne(text, near, scorer=OSA.distance, score_cutoff=2)
    return _SPELT[best[2]] if best else None
