"""A list of parties in memory, filed under their keys: one name, or a list, against it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from app.accounts.matching.blocking import EXACT, asked, keys
from app.accounts.matching.decide import rank
from app.accounts.matching.normalise import normalise
from app.accounts.matching.party import UNKNOWN_RARITY, Candidate, Party, Rarity, Verdict
from app.accounts.matching.screen import Screen, sounds_of, words_as_written
from app.accounts.matching.text import latin

MOST_EXACT, MOST_NEAR, MOST_FOUND = 100, 30, 60
"""How many parties of one exact key, of one near key, and of all keys together are looked at."""

MOST_TELLING, MOST_ALIKE = 40, 12
"""How many are judged for a telling key that they share, and how many for reading alike."""

_FEWEST_TO_LEARN_FROM = 1000  # names: fewer say nothing of how common a word is

Found = list[tuple[Candidate, Verdict]]


@dataclass(slots=True)
class Index:
    """Parties by their keys, and how common each word of their names is.

    The cost of a look-up depends on the number of keys of a name, not on the length of the list.
    """

    parties: list[Candidate] = field(default_factory=list)
    _filed: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _words: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, candidates: Iterable[Candidate]) -> "Index":
        """Return an index of all ``candidates``."""
        index = cls()
        for candidate in candidates:
            index.add(candidate)
        return index

    def add(self, candidate: Candidate) -> None:
        """File one party under its keys."""
        number = len(self.parties)
        self.parties.append(candidate)
        for key in keys_of(candidate.party):
            self._filed[key].append(number)
        self._words.update(set(normalise(candidate.party.name).sounds))

    @property
    def rarity(self) -> Rarity:
        """How common each word is here; unknown where the list is short."""
        total = len(self.parties)
        return Rarity(self._words, total) if total >= _FEWEST_TO_LEARN_FROM else UNKNOWN_RARITY

    def near(self, party: Party) -> list[Candidate]:
        """Return the parties that share a key with ``party``, the nearest first.

        Those that share an exact key come first, then those that share most keys, then the shortest
        names, among which a parent would be. Keys of very many parties are read in part.
        """
        exact: set[int] = set()
        telling: set[int] = set()
        shared: Counter[int] = Counter()
        for key, is_telling in asked(keys_of(party)).items():
            filed = self._filed.get(key)
            if filed is None:
                continue
            is_exact = key.startswith(EXACT)
            some = filed[: MOST_EXACT if is_exact else MOST_NEAR]
            shared.update(some)
            exact.update(some if is_exact else ())
            telling.update(some if is_telling else ())
        nearest = sorted(
            shared,
            key=lambda one: (one not in exact, -shared[one], len(self.parties[one].party.name)),
        )
        found = ((self.parties[one], one in telling) for one in nearest[:MOST_FOUND])
        return to_judge(party, found)

    def matches(self, party: Party) -> Found:
        """Return the parties that may be ``party``, the likeliest first, with verdicts."""
        return rank(party, self.near(party), self.rarity)


def to_judge(party: Party, found: Iterable[tuple[Candidate, bool]]) -> list[Candidate]:
    """Return which of the candidates found, the nearest first, are worth a full comparison.

    Those marked as sharing a telling key may be called anything. The others share words or letters
    alone: of them, those whose names read most alike as they are written.
    """
    telling: list[Candidate] = []
    others: list[Candidate] = []
    for candidate, is_telling in found:
        (telling if is_telling else others).append(candidate)
    name = latin(party.name)
    alike = sorted(others, key=lambda one: -fuzz.token_ratio(name, latin(one.party.name)))
    return telling[:MOST_TELLING] + alike[:MOST_ALIKE]


def keys_of(party: Party) -> frozenset[str]:
    """Return every key under which ``party`` is filed."""
    return keys(party.name, party.country, party.domain, party.tax_number, party.duns)


def match_lists(left: Iterable[Candidate], right: Index) -> Iterator[tuple[Candidate, Found]]:
    """Yield each party of ``left`` and those of ``right`` that it may be, as they are read."""
    for candidate in left:
        yield candidate, right.matches(candidate.party)


def look_up(party: Party, parties: Iterable[Candidate]) -> Found:
    """Return those of ``parties`` that may be ``party``, read once and never held together."""
    wanted = asked(keys_of(party)).keys()
    screen = Screen(party)
    near: list[Candidate] = []
    words: Counter[str] = Counter()
    total = 0
    for total, candidate in enumerate(parties, start=1):  # noqa: B007  # the last number counts them
        written = words_as_written(candidate.party.name)
        words.update(sounds_of(written))
        is_near = screen.passes(candidate.party, written)
        if is_near and not wanted.isdisjoint(keys_of(candidate.party)):
            near.append(candidate)
    is_long = total >= _FEWEST_TO_LEARN_FROM
    return rank(party, near, Rarity(words, total) if is_long else UNKNOWN_RARITY)
