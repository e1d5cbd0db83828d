"""Names that share words and have others: parent and subsidiary, siblings, or the same."""

from app.accounts.matching.alignment import Alignment, worth
from app.accounts.matching.likeness import Likeness
from app.accounts.matching.normalise import Name, is_distinctive
from app.accounts.matching.party import Rarity, Relation
from app.accounts.matching.spelling import MANY_WITNESSES, slips
from app.accounts.matching.words import (
    BORNE_BY_MANY,
    GIVEN_NAMES,
    HOLDING_WORDS,
    HOUSE_WORDS,
    KNOWN_WORDS,
    NATIVE_WORDS,
    VEHICLE_WORDS,
    WHOLE_OF_KNOWN,
    WHOLE_WORDS,
)

SERIES, WHOLE, PART, NEARLY = 0.87, 0.87, 0.62, 0.7
_TELLING = 0.5  # worth of the shared words below which they tell nothing
_UNIQUE_FROM, _NATIVE_FROM = 7, 5  # letters of one word
_HOUSES = {
    "compagnie", "compagnia", "compania", "companhia", "company", "group", "groupe", "gruppo",
    "grupo", "societe",
}  # fmt: skip

Said = tuple[str, ...]
"""Words that only one of the names has, and that say something."""


def of_unequal(
    pairs: Alignment, said: tuple[Said, Said], names: tuple[Name, Name], rarity: Rarity
) -> Likeness:
    """Return how alike the names are, of which one or both have words of their own."""
    left, right = said
    shared = sum(worth(word, rarity) for word in pairs.shared)
    over = sum(worth(word, rarity) for word in left + right)
    share = shared / (shared + over)
    if _is_series(pairs, left, right):
        reason = "Another series of the same investment vehicle."
        return Likeness(SERIES, (reason,), Relation.SISTER)
    if left and right:
        return opposed(left, right, share, is_telling=shared >= _TELLING)
    extra = " ".join(left or right)
    if _is_whole(pairs, left or right, names[0] if left else names[1], rarity):
        return Likeness(WHOLE, (f"Only one name has “{extra}”, said of a whole company.",))
    if shared < _TELLING or any(word.isdigit() for word in left + right):
        return Likeness(0.75 * share, (f"Only one name has “{extra}”.",))
    relation = Relation.SUBSIDIARY if left else Relation.PARENT
    return Likeness(
        PART + 0.2 * share,
        (f"One name contains the other; only one has “{extra}”: perhaps parent and subsidiary.",),
        relation,
    )


def _is_series(pairs: Alignment, left: Said, right: Said) -> bool:
    numbered = all(any(c.isdigit() for c in word) for word in left + right)
    agreed = len(pairs.agreed) > 1 and not pairs.slipped
    return numbered and agreed and bool(VEHICLE_WORDS.intersection(pairs.agreed))


def _is_whole(pairs: Alignment, extra: Said, longer: Name, rarity: Rarity) -> bool:
    """Return whether the words of the longer name alone say no more than its name does."""
    own = [word for word in pairs.shared if is_distinctive(word)]
    if not own or pairs.slipped or any(map(rarity.is_established, own if rarity.total else ())):
        return False
    words = tuple(word for word in longer.words if word not in HOLDING_WORDS)
    if words[: len(extra)] == extra:
        return _is_prelude(extra, longer, own)
    is_known = _is_known(own)
    if is_known and WHOLE_OF_KNOWN.issuperset(extra):
        return True
    is_unique = is_known or len(own) > 1 or len(own[0]) >= _UNIQUE_FROM
    return is_unique and not BORNE_BY_MANY.issuperset(own) and WHOLE_WORDS.issuperset(extra)


def _is_prelude(extra: Said, longer: Name, own: list[str]) -> bool:
    """Return whether ``extra`` stands in front: *Deutsche*, *Compagnie Financière*, *Robert*."""
    first, _ = longer.letters[0]
    if HOUSE_WORDS.issuperset(extra) and first in _HOUSES:
        return True
    if GIVEN_NAMES.issuperset(extra):
        return _is_known(own)
    is_own = len(own) == 1 and len(own[0]) >= _NATIVE_FROM
    return NATIVE_WORDS.issuperset(extra) and is_own


def _is_known(own: list[str]) -> bool:
    """Return whether the one telling word is a well-known name and no ordinary word."""
    return len(own) == 1 and own[0] in KNOWN_WORDS and own[0] not in BORNE_BY_MANY


def opposed(left: Said, right: Said, share: float, *, is_telling: bool = False) -> Likeness:
    """Judge names that have words on both sides; two names a letter apart may still be a slip.

    Names of three or four letters may be one where what they share ``is_telling``.
    """
    ours, theirs = " ".join(left), " ".join(right)
    score = 0.85 * share
    witnesses = MANY_WITNESSES if is_telling else 0
    is_pair = len(left) == len(right) == 1 and ours.isalpha() and theirs.isalpha()
    if is_pair and slips(ours, theirs, witnesses=witnesses) is not None:
        reason = f"“{ours}” and “{theirs}” are nearly alike, yet each is a name of its own."
        return Likeness(max(score, NEARLY), (reason,))
    return Likeness(score, (f"“{ours}” stands against “{theirs}”.",))
