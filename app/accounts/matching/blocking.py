"""The keys under which a party is filed, so that its equals are found by a few index probes."""

from collections.abc import Iterable
from itertools import combinations

from app.accounts.matching.acronyms import letters_of, short_name
from app.accounts.matching.domains import domain_of
from app.accounts.matching.identifiers import duns_of, tax_number_of
from app.accounts.matching.normalise import Name, is_distinctive
from app.accounts.matching.readings import readings
from app.accounts.matching.text import sound

EXACT = ("domain:", "tax:", "duns:", "name:", "sort:")
SHORT, INITIALS = "short:", "initials:"
WORD = "word:"
_LONGEST_KEY = 120
_WORDS_FILED = 3
_SHORTEST_HALVED = 5
_SHORTEST_TELLING = 4


def keys(
    name: str,
    country: str | None = None,
    domain: str | None = None,
    tax_number: str | None = None,
    duns: str | None = None,
) -> frozenset[str]:
    """Return every key under which a party is filed."""
    found = {
        f"{kind}:{value}"
        for kind, value in (
            ("domain", domain_of(domain)),
            ("tax", tax_number_of(tax_number, country)),
            ("duns", duns_of(duns)),
        )
        if value
    }
    for reading in readings(name):
        found |= _name_keys(reading) if reading.words else set()
    return frozenset(key[:_LONGEST_KEY] for key in found)


def asked(keys: Iterable[str]) -> dict[str, bool]:
    """Return the keys under which those are filed that the party of ``keys`` may be.

    With each stands whether it tells enough for the names to read as they like: an identifier, the
    same name, or the initials of a long name and a short one. Two long names of the same initials
    may be one with its words cut short, but are so only where they read alike.
    """
    found = {key: key.startswith(EXACT) for key in keys}
    for key in tuple(found):
        if key.startswith(INITIALS):
            found[SHORT + key.removeprefix(INITIALS)] = True
        elif key.startswith(SHORT):
            found[key] = found[INITIALS + key.removeprefix(SHORT)] = True
    return found


def word_of(key: str) -> str | None:
    """Return the word that ``key`` files its party under, or None for a key of another kind."""
    return key.removeprefix(WORD) if key.startswith(WORD) else None


def _name_keys(name: Name) -> set[str]:
    telling = [s for w, s in zip(name.words, name.sounds, strict=True) if is_distinctive(w)]
    if not any(len(word) >= _SHORTEST_TELLING for word in telling):
        telling = list(name.sounds)
    whole = sound("".join(name.sounds))
    found = {f"name:{whole}", f"name:{sound(name.glued)}", *_halves(whole)}
    found |= _halves(sound("".join(telling)))
    if len(name.words) > 1:
        found.add(f"sort:{' '.join(sorted(telling))}")
    if len(telling) > 1 or len(name.words) > 1:
        found |= {f"{WORD}{word}" for word in _longest(telling)}
        found |= {f"pair:{' '.join(sorted(pair))}" for pair in combinations(_longest(telling), 2)}
    else:
        found.add(f"{WORD}{telling[0]}")
    short = short_name(name)
    found |= {f"{SHORT}{short}"} if short else set()
    return found | {f"{INITIALS}{letters}" for letters in letters_of(name)}


def _halves(whole: str) -> set[str]:
    """Return the first and second half: one wrong letter leaves one of them whole.

    Half lengths are rounded to even, and taken for this length and the next, so that a name that is
    one letter longer has one of them in common.
    """
    if len(whole) < _SHORTEST_HALVED:
        return set()
    lengths = {max(2, length // 2 // 2 * 2) for length in (len(whole), len(whole) + 1)}
    return {f"{end}:{part}" for n in lengths for end, part in (("a", whole[:n]), ("z", whole[-n:]))}


def _longest(words: list[str]) -> list[str]:
    return sorted(dict.fromkeys(words), key=lambda word: (-len(word), word))[:_WORDS_FILED]
