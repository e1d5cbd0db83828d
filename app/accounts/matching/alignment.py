"""Pairing the words of two names, and what is left over on each side."""

from dataclasses import dataclass

from rapidfuzz import fuzz

from app.accounts.matching.normalise import Name, is_distinctive
from app.accounts.matching.party import Rarity
from app.accounts.matching.spelling import slips
from app.accounts.matching.text import sound
from app.accounts.matching.words import GENERIC_WORDS, HOLDING_WORDS


@dataclass(frozen=True, slots=True)
class Alignment:
    """Words that agree, words that agree but for a slip, and words of one side alone.

    A pair of 0 slips sounds alike: the spellings differ only as they do between languages.
    """

    agreed: tuple[str, ...]
    slipped: tuple[tuple[str, str, int], ...]
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
        return self.agreed + tuple(left for left, _, _ in self.slipped)


def align(left: Name, right: Name, rarity: Rarity) -> Alignment:
    """Return the words of the two names in pairs: equal, sounding alike, or a slip apart."""
    left_over, right_over = list(left.words), list(right.words)
    agreed: list[str] = []
    for word in left.words:
        if word in right_over:
            agreed.append(word)
            left_over.remove(word)
            right_over.remove(word)
    kept = [word for word in right.words if word in agreed]
    slipped = _alike(left_over, right_over)
    slipped += _slipped(left_over, right_over, len(agreed) + len(slipped), rarity)
    in_order = kept == [word for word in left.words if word in kept]
    return Alignment(tuple(agreed), tuple(slipped), tuple(left_over), tuple(right_over), in_order)


def _alike(left_over: list[str], right_over: list[str]) -> list[tuple[str, str, int]]:
    """Take out the words that only other habits of spelling tell apart."""
    pairs: list[tuple[str, str, int]] = []
    sounds = {sound(word): word for word in right_over}
    for left in tuple(left_over):
        right = sounds.pop(sound(left), None)
        if right is not None:
            pairs.append((left, right, 0))
            left_over.remove(left)
            right_over.remove(right)
    return pairs


def _slipped(
    left_over: list[str], right_over: list[str], witnesses: int, rarity: Rarity
) -> list[tuple[str, str, int]]:
    pairs: list[tuple[str, str, int]] = []
    for left in tuple(left_over):
        if any(c.isdigit() for c in left):
            continue
        near = sorted(right_over, key=lambda word: -fuzz.ratio(left, word))[:1]
        for right in near:
            count = slips(left, right, witnesses=witnesses)
            if count is not None and not _two_words(left, right, rarity):
                pairs.append((left, right, count))
                left_over.remove(left)
                right_over.remove(right)
    return pairs


def _two_words(left: str, right: str, rarity: Rarity) -> bool:
    """Return whether both are words in their own right, not one misspelt."""
    if left in GENERIC_WORDS and right in GENERIC_WORDS:
        return True
    return rarity.is_established(left) and rarity.is_established(right) if rarity.total else False


def worth(word: str, rarity: Rarity) -> float:
    """Return how much ``word`` says about whose name it is in, from 0.1 to 1."""
    if word in HOLDING_WORDS:
        return 0.1
    learned = rarity.weight(word)
    if is_distinctive(word):
        return learned or 1.0
    return min(learned or 1.0, 0.6 if word.isdigit() else 0.35)
