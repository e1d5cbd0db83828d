"""Comparing two names: a score, and the reasons for it in words."""

from dataclasses import dataclass

from app.accounts.matching.alignment import Alignment, align, worth
from app.accounts.matching.legal_forms import Kind
from app.accounts.matching.normalise import Name
from app.accounts.matching.party import Rarity, Relation
from app.accounts.matching.spelling import slips
from app.accounts.matching.words import HOLDING_WORDS, REGION_WORDS, VEHICLE_WORDS

EQUAL, REORDERED, GLUED, HOLDING, QUALIFIED = 1.0, 0.97, 0.96, 0.94, 0.9
ALIKE, SLIP, SERIES, INITIALS, UNSURE = 0.95, 0.93, 0.87, 0.87, 0.8
COUNTRY_UNIT, PART, REMARK = 0.8, 0.62, 0.6
_PER_SLIP = 0.03
_MANY_NAMES = 1000
_LONG_NAME = 16  # letters
_MOST_SLIPS = 2
_TELLING = 0.5  # worth of the shared words below which they tell nothing
_GLUED_FROM = 6  # letters
_INITIALS_FROM = 3  # words
_COMMERCIAL = {Kind.LIMITED, Kind.PUBLIC, Kind.PARTNERSHIP}


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are, from 0 to 1, and why."""

    score: float
    reasons: tuple[str, ...]
    relation: Relation = Relation.NONE


def likeness(
    left: Name, right: Name, rarity: Rarity, *, countries: tuple[str | None, str | None]
) -> Likeness:
    """Return how alike the names are; ``countries`` are those of the parties, where known."""
    found = _by_words(left, right, rarity)
    found = _with_places(found, left, right, countries)
    found = max(found, _glued(left, right), _initials(left, right, rarity), key=lambda x: x.score)
    return _with_forms(found, left, right)


def _by_words(left: Name, right: Name, rarity: Rarity) -> Likeness:
    pairs = align(left, right, rarity)
    if not pairs.shared:
        return Likeness(0.0, ("The names share no word.",))
    said_left = tuple(word for word in pairs.left_over if word not in HOLDING_WORDS)
    said_right = tuple(word for word in pairs.right_over if word not in HOLDING_WORDS)
    if said_left or said_right:
        return _unequal(pairs, said_left, said_right, rarity)
    return _equal(pairs, left, right)


def _equal(pairs: Alignment, left: Name, right: Name) -> Likeness:
    if pairs.slips:
        return _with_slips(pairs, left)
    if pairs.left_over or pairs.right_over:
        extra = " ".join(pairs.left_over + pairs.right_over)
        return Likeness(HOLDING, (f"The names are equal but for “{extra}”, which says little.",))
    if pairs.slipped:
        return Likeness(ALIKE, ("The names sound alike and are spelt differently.",))
    if not pairs.in_order:
        return Likeness(REORDERED, ("The same words in another order.",))
    if left.raw.casefold() == right.raw.casefold():
        return Likeness(EQUAL, ("The names are written alike.",))
    return Likeness(EQUAL, ("The names are equal apart from legal form and spelling.",))


def _with_slips(pairs: Alignment, left: Name) -> Likeness:
    differing = [pair for pair in pairs.slipped if pair[2]]
    reasons = tuple(f"“{a}” and “{b}” differ by {_letters(n)}." for a, b, n in differing)
    bearable = len(differing) == 1 or (len(left.glued) >= _LONG_NAME and pairs.slips <= _MOST_SLIPS)
    return Likeness(SLIP - _PER_SLIP * pairs.slips if bearable else UNSURE, reasons)


def _unequal(
    pairs: Alignment, left: tuple[str, ...], right: tuple[str, ...], rarity: Rarity
) -> Likeness:
    shared = sum(worth(word, rarity) for word in pairs.shared)
    over = sum(worth(word, rarity) for word in left + right)
    share = shared / (shared + over)
    if _is_series(pairs, left, right):
        return Likeness(SERIES, ("Another series of the same investment vehicle.",))
    if left and right:
        reason = f"“{' '.join(left)}” stands against “{' '.join(right)}”."
        return Likeness(0.85 * share, (reason,))
    extra = " ".join(left or right)
    if shared < _TELLING or any(word.isdigit() for word in left + right):
        return Likeness(0.75 * share, (f"Only one name has “{extra}”.",))
    relation = Relation.SUBSIDIARY if left else Relation.PARENT
    return Likeness(
        PART + 0.2 * share,
        (f"One name contains the other; only one has “{extra}”: perhaps parent and subsidiary.",),
        relation,
    )


def _is_series(pairs: Alignment, left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    numbered = all(any(c.isdigit() for c in word) for word in left + right)
    agreed = len(pairs.agreed) > 1 and not pairs.slipped
    return numbered and agreed and bool(VEHICLE_WORDS.intersection(pairs.agreed))


def _with_places(
    found: Likeness, left: Name, right: Name, countries: tuple[str | None, str | None]
) -> Likeness:
    ours, theirs = left.places | left.qualifiers, right.places | right.qualifiers
    only_ours, only_theirs = ours - theirs, theirs - ours
    if not (only_ours or only_theirs) or not found.score:
        return found
    if only_ours and only_theirs:
        reason = f"One name says {_listed(only_ours)}, the other {_listed(only_theirs)}."
        return Likeness(min(found.score, 1) * REMARK, (*found.reasons, reason), Relation.SISTER)
    extra, country = (only_ours, countries[1]) if only_ours else (only_theirs, countries[0])
    if country and extra == {country}:
        return Likeness(found.score, (*found.reasons, f"{country} is in the name and the address."))
    inline = extra & (left.places | right.places)
    reason = f"Only one name says {_listed(extra)}."
    if not inline:
        return Likeness(min(found.score, QUALIFIED), (*found.reasons, reason), found.relation)
    relation = Relation.SUBSIDIARY if only_ours else Relation.PARENT
    reason += " Perhaps a national company of the other."
    return Likeness(COUNTRY_UNIT * found.score, (*found.reasons, reason), relation)


def _glued(left: Name, right: Name) -> Likeness:
    """Compare the names written as one word: for names split differently."""
    if len(left.base) == len(right.base) or left.qualifiers ^ right.qualifiers:
        return Likeness(0.0, ())
    if left.glued == right.glued:
        return Likeness(GLUED, ("The names are equal when written as one word.",))
    count = (
        slips(left.glued, right.glued)
        if min(len(left.glued), len(right.glued)) > _GLUED_FROM
        else None
    )
    if count is None or any(c.isdigit() for c in left.glued + right.glued):
        return Likeness(0.0, ())
    reason = f"Written as one word, the names differ by {_letters(count)}."
    return Likeness(SLIP - _PER_SLIP * count, (reason,))


def _initials(left: Name, right: Name, rarity: Rarity) -> Likeness:
    for short, long in ((left, right), (right, left)):
        if (
            len(short.words) == 1
            and len(long.words) >= _INITIALS_FROM
            and short.words[0] == long.initials
        ):
            score = INITIALS if rarity.total < _MANY_NAMES else 0.75
            return Likeness(score, (f"“{short.words[0]}” are the initials of the other name.",))
    return Likeness(0.0, ())


def _with_forms(found: Likeness, left: Name, right: Name) -> Likeness:
    if not left.forms or not right.forms or left.forms & right.forms or not found.score:
        return found
    for one, other in ((left.kinds, right.kinds), (right.kinds, left.kinds)):
        if Kind.NONPROFIT in one and other & _COMMERCIAL:
            reason = "One is a non-profit body, the other a company."
            return Likeness(0.75 * found.score, (*found.reasons, reason))
    return found


def _letters(count: int) -> str:
    return "one letter" if count == 1 else f"{count} letters"


def _listed(words: frozenset[str]) -> str:
    shown = sorted(word if word in REGION_WORDS else word.upper() for word in words)
    return " and ".join(f"“{word}”" for word in shown)
