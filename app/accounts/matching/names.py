"""Comparing two names: a score, and the reasons for it in words."""

from rapidfuzz import fuzz

from app.accounts.matching.acronyms import standing_for
from app.accounts.matching.alignment import Alignment, align
from app.accounts.matching.forms import FORM_WORDS
from app.accounts.matching.legal_forms import Kind
from app.accounts.matching.likeness import UNLIKE, Likeness
from app.accounts.matching.normalise import Name, is_distinctive
from app.accounts.matching.parts import of_unequal, opposed
from app.accounts.matching.party import Rarity, Relation
from app.accounts.matching.spelling import slips
from app.accounts.matching.words import GENERIC_WORDS, HOLDING_WORDS, REGION_WORDS, ROMAN

EQUAL, REORDERED, GLUED, HOLDING, QUALIFIED = 1.0, 0.97, 0.96, 0.94, 0.9
ALIKE, SOUND, SLIP, INITIALS, UNSURE = 0.95, 0.93, 0.93, 0.87, 0.8
SHORTENED, INITIALS_OF_MANY, OTHER_FORM = 0.91, 0.75, 0.94
COUNTRY_UNIT, REMARK = 0.8, 0.6
_PER_SLIP = 0.03
_MANY_NAMES = 1000
_FAR_APART = 60  # of 100, letters of all words
_LONG_NAME = 16  # letters
_MOST_SLIPS = 2
_GLUED_FROM = 6  # letters
_CUT_FROM, _BEFORE_CUT = 18, 8  # letters: fields are seldom narrower
_COMMERCIAL = {Kind.LIMITED, Kind.PUBLIC, Kind.PARTNERSHIP}


def likeness(
    left: Name, right: Name, rarity: Rarity, *, countries: tuple[str | None, str | None]
) -> Likeness:
    """Return how alike the names are; ``countries`` are those of the parties, where known."""
    found = _by_words(left, right, rarity) if _may_share(left, right) else UNLIKE
    found = _with_places(found, left, right, countries)
    initials = _initials(left, right, rarity)
    if not found.score and left.raw == right.raw and any(map(str.isalnum, left.raw)):
        return Likeness(EQUAL, ("The names are written alike.",))
    others = (_glued(left, right), _cut_off(left, right), initials)
    found = max(found, *others, key=lambda one: one.score)
    return _with_forms(found, left, right)


def _may_share(left: Name, right: Name) -> bool:
    """Return whether a word of the names may be the same: cheap, for the many that are not."""
    if left.script != right.script or not set(left.sounds).isdisjoint(right.sounds):
        return True
    return fuzz.ratio(left.glued, right.glued) >= _FAR_APART


def _by_words(left: Name, right: Name, rarity: Rarity) -> Likeness:
    pairs = align(left, right, rarity)
    said_left, said_right = _said(pairs, left, right)
    if not pairs.shared:
        nearly = opposed(said_left, said_right, 0.0)
        return nearly if nearly.score else UNLIKE
    if said_left or said_right:
        return of_unequal(pairs, (said_left, said_right), (left, right), rarity)
    return _equal(pairs, left, right)


def _said(pairs: Alignment, left: Name, right: Name) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words left over on each side that say something.

    *Group* does not, nor an initial of a first name that one of the names does without.
    """
    ours, theirs = _initial(left), _initial(right)
    if ours in pairs.left_over and theirs in pairs.right_over:
        ours = theirs = None
    return (
        tuple(w for w in pairs.left_over if w not in HOLDING_WORDS and w != ours),
        tuple(w for w in pairs.right_over if w not in HOLDING_WORDS and w != theirs),
    )


def _initial(name: Name) -> str | None:
    first = next((word for word in name.words if word not in HOLDING_WORDS), "")
    return first if len(first) == 1 and first.isalpha() else None


def _equal(pairs: Alignment, left: Name, right: Name) -> Likeness:
    if pairs.slips:
        return _with_slips(pairs, left, right)
    if pairs.shortened:
        reasons = (f"“{short}” is read as “{long}” cut short." for short, long in _by_length(pairs))
        return Likeness(SHORTENED, tuple(reasons))
    if pairs.left_over or pairs.right_over:
        extra = " ".join(pairs.left_over + pairs.right_over)
        if not (any(map(is_distinctive, pairs.shared)) or left.places & right.places):
            return Likeness(UNSURE, (f"Only one name has “{extra}”, and the rest is common.",))
        return Likeness(HOLDING, (f"The names are equal but for “{extra}”, which says little.",))
    return _of_equal_words(pairs, left, right)


def _of_equal_words(pairs: Alignment, left: Name, right: Name) -> Likeness:
    if pairs.slipped:
        score = ALIKE if pairs.is_folded else SOUND
        return Likeness(score, ("The names sound alike and are spelt differently.",))
    if pairs.joined:
        reason = f"“{pairs.joined[0]}” is written as one word and as two."
        return Likeness(GLUED, (reason,))
    if not pairs.in_order:
        return Likeness(REORDERED, ("The same words in another order.",))
    if left.raw.casefold() == right.raw.casefold():
        return Likeness(EQUAL, ("The names are written alike.",))
    return Likeness(EQUAL, ("The names are equal apart from legal form and spelling.",))


def _by_length(pairs: Alignment) -> list[list[str]]:
    return [sorted(pair, key=len) for pair in pairs.shortened]


def _with_slips(pairs: Alignment, left: Name, right: Name) -> Likeness:
    differing = list(dict.fromkeys(pair for pair in pairs.slipped if pair[2]))
    reasons = tuple(f"“{a}” and “{b}” differ by {_letters(n)}." for a, b, n in differing)
    bearable = len(differing) == 1 or (_are_long(left, right) and pairs.slips <= _MOST_SLIPS)
    return Likeness(SLIP - _PER_SLIP * pairs.slips if bearable else UNSURE, reasons)


def _are_long(left: Name, right: Name) -> bool:
    return min(len(left.glued), len(right.glued)) >= _LONG_NAME


def _with_places(
    found: Likeness, left: Name, right: Name, countries: tuple[str | None, str | None]
) -> Likeness:
    if left.places == right.places and left.qualifiers == right.qualifiers:
        return found
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
    if not inline and not _have_other_forms(left, right):
        return Likeness(min(found.score, QUALIFIED), (*found.reasons, reason), found.relation)
    relation = Relation.SUBSIDIARY if only_ours else Relation.PARENT
    reason += " Perhaps a national company of the other."
    return Likeness(COUNTRY_UNIT * found.score, (*found.reasons, reason), relation)


def _initials(left: Name, right: Name, rarity: Rarity) -> Likeness:
    if not (left.short or right.short):
        return UNLIKE
    score = INITIALS if rarity.total < _MANY_NAMES else INITIALS_OF_MANY
    for short, long in ((left, right), (right, left)):
        reason = standing_for(short, long)
        if reason:
            return Likeness(score, (reason,))
    return UNLIKE


def _have_other_forms(left: Name, right: Name) -> bool:
    return bool(left.forms and right.forms and not left.forms & right.forms)


def _glued(left: Name, right: Name) -> Likeness:
    """Compare the names written as one word: for names split differently."""
    if left.qualifiers ^ right.qualifiers or not (left.glued and right.glued):
        return UNLIKE
    ours, theirs = set(left.base), set(right.base)
    if ours <= theirs or theirs <= ours:
        return UNLIKE
    is_split = _count(left) != _count(right)
    if right.glued in (left.joined, left.glued if is_split else "") or left.glued == right.joined:
        return Likeness(GLUED, ("The names are equal when written as one word.",))
    if not is_split:
        return UNLIKE
    return _glued_with_slips(left, right)


def _cut_off(left: Name, right: Name) -> Likeness:
    """Compare a name that a narrow field cut off within its last word with the whole of it."""
    short, long = (left, right) if len(left.joined) < len(right.joined) else (right, left)
    if len(short.joined) < _CUT_FROM:
        return UNLIKE
    cut, rest = short.joined.removeprefix("the"), long.joined.removeprefix("the")
    if not rest.startswith(cut) or sum(map(len, short.written[:-1])) < _BEFORE_CUT:
        return UNLIKE
    last, _ = short.letters[-1]
    whole = _word_at(len(long.joined) - len(rest) + len(cut), long)
    if whole is None or not whole.startswith(last) or not whole.isalpha() or whole in ROMAN:
        return UNLIKE
    is_word = last in GENERIC_WORDS and whole not in FORM_WORDS
    if is_word or short.places - long.places or long.qualifiers - short.qualifiers:
        return UNLIKE
    return Likeness(SHORTENED, (f"“{last}” is “{whole}” cut off at the end of the name.",))


def _word_at(length: int, name: Name) -> str | None:
    """Return the word within which the first ``length`` letters of a name end, if in one."""
    end = 0
    for word, _ in name.letters:
        end += len(word)
        if end >= length:
            return word if end > length else None
    return None


def _count(name: Name) -> int:
    return sum(word not in HOLDING_WORDS for word in name.base)


def _glued_with_slips(left: Name, right: Name) -> Likeness:
    if abs(len(left.glued) - len(right.glued)) > _MOST_SLIPS:
        return UNLIKE
    if any(c.isdigit() for c in left.glued + right.glued):
        return UNLIKE
    is_long = min(len(left.glued), len(right.glued)) > _GLUED_FROM
    count = slips(left.glued, right.glued) if is_long else None
    if count is None or (count > 1 and not _are_long(left, right)):
        return UNLIKE
    reason = f"Written as one word, the names differ by {_letters(count)}."
    return Likeness(SLIP - _PER_SLIP * count, (reason,))


def _with_forms(found: Likeness, left: Name, right: Name) -> Likeness:
    if not _have_other_forms(left, right) or not found.score:
        return found
    for one, other in ((left.kinds, right.kinds), (right.kinds, left.kinds)):
        if Kind.NONPROFIT in one and other & _COMMERCIAL:
            reason = "One is a non-profit body, the other a company."
            return Likeness(0.75 * found.score, (*found.reasons, reason))
    if found.score <= OTHER_FORM:
        return found
    return Likeness(OTHER_FORM, (*found.reasons, "The legal forms differ."), found.relation)


def _letters(count: int) -> str:
    return "one letter" if count == 1 else f"{count} letters"


def _listed(words: frozenset[str]) -> str:
    shown = sorted(word if word in REGION_WORDS else word.upper() for word in words)
    return " and ".join(f"“{word}”" for word in shown)
