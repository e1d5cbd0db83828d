"""Pairing the words of two names, and what is left over on each side."""

from dataclasses import dataclass

from rapidfuzz import fuzz

from app.accounts.matching.hearing import EAST_ASIAN, Words, heard
from app.accounts.matching.normalise import Name, is_distinctive
from app.accounts.matching.party import Rarity
from app.accounts.matching.shortening import abbreviates
from app.accounts.matching.spelling import slips
from app.accounts.matching.text import fold, sound
from app.accounts.matching.words import GENERIC_WORDS, HOLDING_WORDS, KNOWN_WORDS

_FEWEST_INITIALS = 2
_SHORTEST_JOINED = 5  # letters
_INITIALS = 3  # letters


@dataclass(frozen=True, slots=True)
class Alignment:
    """Words that agree, words that agree but for a slip, and words of one side alone.

    A pair of 0 slips sounds alike: the spellings differ only as they do between languages.
    ``joined`` are one word here and two there; of a ``shortened`` pair one is the other cut short.
    """

    agreed: tuple[str, ...]
    joined: tuple[str, ...]
    slipped: tuple[tuple[str, str, int], ...]
    shortened: tuple[tuple[str, str], ...]
    left_over: tuple[str, ...]
    right_over: tuple[str, ...]
    in_order: bool

    @property
    def slips(self) -> int:
        """How many letters differ in the words that agree."""
        return sum(count for _, _, count in self.slipped)

    @property
    def shared(self) -> tuple[str, ...]:
        """All words that both names have."""
        longer = (max(pair, key=len) for pair in self.shortened)
        return (
            *self.agreed,
            *self.joined,
            *(_plainer(*pair[:2]) for pair in self.slipped),
            *longer,
        )

    @property
    def is_folded(self) -> bool:
        """Whether the spellings differ only in how umlauts are written."""
        return all(fold(left) == fold(right) for left, right, _ in self.slipped)


def _plainer(left: str, right: str) -> str:
    """Return the word of two that says less, so that either order of names gives one worth."""
    return min(left, right, key=lambda word: (is_distinctive(word), word))


def align(left: Name, right: Name, rarity: Rarity) -> Alignment:
    """Return the words of the two names in pairs, and those that have no pair."""
    if right.written < left.written:
        return _mirrored(_align(right, left, rarity))
    return _align(left, right, rarity)


def _mirrored(found: Alignment) -> Alignment:
    return Alignment(
        found.agreed,
        found.joined,
        tuple((right, left, count) for left, right, count in found.slipped),
        found.shortened,
        found.right_over,
        found.left_over,
        found.in_order,
    )


def _align(left: Name, right: Name, rarity: Rarity) -> Alignment:
    left_over, right_over = list(left.pairs), list(right.pairs)
    agreed = _agreed(left_over, right_over)
    kept = [word for word in right.words if word in agreed]
    in_order = kept == [word for word in left.words if word in kept]
    joined: list[str] = []
    slipped: list[tuple[str, str, int]] = []
    shortened: list[tuple[str, str]] = []
    if left_over and right_over:
        joined = _written_together(left_over, right_over)
        slipped = _alike(left_over, right_over, witnesses=bool(agreed or joined))
        scripts = left.script, right.script
        if left.script != right.script:
            slipped += heard(left_over, right_over, scripts, witnesses=bool(agreed))
        if EAST_ASIAN.isdisjoint(scripts):
            slipped += _slipped(left_over, right_over, len(agreed) + len(slipped), rarity)
        telling = (*agreed, *joined, *(one for one, _, _ in slipped))
        witnesses = any(map(is_distinctive, telling))
        shortened = _shortened(left_over, right_over, witnesses=witnesses)
        if telling or shortened:
            shortened += _initials(left_over, right_over)
    return Alignment(
        tuple(agreed),
        tuple(joined),
        tuple(slipped),
        tuple(shortened),
        tuple([word for word, _ in left_over]),
        tuple([word for word, _ in right_over]),
        in_order,
    )


def _agreed(left_over: Words, right_over: Words) -> list[str]:
    agreed: list[str] = []
    for left in tuple(left_over):
        for right in right_over:
            if right[0] == left[0]:
                agreed.append(left[0])
                left_over.remove(left)
                right_over.remove(right)
                break
    return agreed


def _written_together(left_over: Words, right_over: Words) -> list[str]:
    """Take out the words of one name that are two words of the other."""
    agreed: list[str] = []
    for one, other in ((left_over, right_over), (right_over, left_over)):
        for at in range(len(one) - 1, 0, -1):
            joined = one[at - 1][1] + one[at][1]
            whole = next((word for word in other if word[1] == joined), None)
            if whole is not None and len(joined) >= _SHORTEST_JOINED:
                agreed.append(joined)
                other.remove(whole)
                del one[at - 1 : at + 1]
                break
    return agreed


def _alike(left_over: Words, right_over: Words, *, witnesses: bool) -> list[tuple[str, str, int]]:
    """Take out the words that only other habits of spelling tell apart.

    Two or three letters are initials: another letter makes others, where no other word agrees.
    """
    pairs: list[tuple[str, str, int]] = []
    sounds = {sound(right[0]): right for right in right_over}
    for left in tuple(left_over):
        right = sounds.get(sound(left[0])) if witnesses or len(left[0]) > _INITIALS else None
        if right is not None and not _are_known(left[0], right[0]):
            pairs.append((left[0], right[0], 0))
            del sounds[sound(left[0])]
            left_over.remove(left)
            right_over.remove(right)
    return pairs


def _slipped(
    left_over: Words, right_over: Words, witnesses: int, rarity: Rarity
) -> list[tuple[str, str, int]]:
    pairs: list[tuple[str, str, int]] = []
    for left in tuple(left_over):
        if not right_over or any(c.isdigit() for c in left[0]):
            continue
        right = max(right_over, key=lambda one: fuzz.ratio(left[0], one[0]))
        if any(c.isdigit() for c in right[0]):
            continue
        count = slips(left[0], right[0], witnesses=witnesses)
        if count is not None and not _two_words(left[0], right[0], rarity):
            pairs.append((left[0], right[0], count))
            left_over.remove(left)
            right_over.remove(right)
    return pairs


def _shortened(left_over: Words, right_over: Words, *, witnesses: bool) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for left in tuple(left_over) if right_over else ():
        right = next(
            (one for one in right_over if _is_one_short(left, one, witnesses=witnesses)), None
        )
        if right is not None:
            pairs.append((left[1], right[1]))
            left_over.remove(left)
            right_over.remove(right)
    return pairs


def _is_one_short(left: tuple[str, str], right: tuple[str, str], *, witnesses: bool) -> bool:
    return (
        abbreviates(left[1], right[0], witnesses=witnesses)
        or abbreviates(right[1], left[0], witnesses=witnesses)
        or (left[0] != left[1] and abbreviates(right[1], left[1], witnesses=witnesses))
        or (right[0] != right[1] and abbreviates(left[1], right[1], witnesses=witnesses))
    )


def _initials(left_over: Words, right_over: Words) -> list[tuple[str, str]]:
    """Take out one word that is the initials of all that is left over of the other name."""
    for short, long in ((left_over, right_over), (right_over, left_over)):
        if len(short) != 1 or len(long) < _FEWEST_INITIALS:
            continue
        letters = "".join(written[0] for _, written in long)
        if short[0][1] == letters:
            pair = (letters, " ".join(written for _, written in long))
            short.clear()
            long.clear()
            return [pair]
    return []


def _two_words(left: str, right: str, rarity: Rarity) -> bool:
    """Return whether both are words in their own right, not one misspelt."""
    if (left in GENERIC_WORDS and right in GENERIC_WORDS) or _are_known(left, right):
        return True
    return rarity.is_established(left) and rarity.is_established(right) if rarity.total else False


def _are_known(left: str, right: str) -> bool:
    ours, theirs = _known(left), _known(right)
    return bool(ours and theirs and fold(ours) != fold(theirs))


def _known(word: str) -> str | None:
    """Return the well-known name that ``word`` is, if it is one; with an s too."""
    bare = word.removesuffix("s")
    return word if word in KNOWN_WORDS else bare if bare in KNOWN_WORDS else None


def worth(word: str, rarity: Rarity) -> float:
    """Return how much ``word`` says about whose name it is in, from 0.1 to 1."""
    if word in HOLDING_WORDS:
        return 0.1
    learned = rarity.weight(word)
    if is_distinctive(word):
        return learned or 1.0
    return min(learned or 1.0, 0.6 if word.isdigit() else 0.35)
