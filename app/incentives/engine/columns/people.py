"""Partners as columns: who they are by code, what is told of them, and the tiers they held."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.incentives.engine.columns.arrays import Bools, Ints
from app.incentives.engine.facts import PartnerFacts

DAY_BITS = 22  # date.max is day 3,652,059
FAR = (1 << DAY_BITS) - 1
OF_PARTNER: Mapping[str, Callable[[PartnerFacts], str]] = {
    "programme": lambda partner: partner.programme,
    "partner": lambda partner: partner.id,
    "country": lambda partner: partner.country,
    "region": lambda partner: partner.region,
}


@dataclass(frozen=True)
class People:
    """The partners by the code of their id, None where nothing is told of one."""

    ids: Sequence[str]
    by_code: Sequence[PartnerFacts | None]

    @cached_property
    def codes(self) -> dict[str, int]:
        """The code of each partner of whom something is told."""
        told = enumerate(self.by_code)
        return {each.id: code for code, each in told if each is not None}

    @cached_property
    def known(self) -> Bools:
        """Of which codes something is told."""
        return np.array([each is not None for each in self.by_code], np.bool_)

    @cached_property
    def words(self) -> Mapping[str, Sequence[str]]:
        """What is told of each partner, by what it is; an empty text where nothing is."""
        return {
            fact: ["" if each is None else read(each) for each in self.by_code]
            for fact, read in OF_PARTNER.items()
        }

    @cached_property
    def tiers(self) -> "Tiers":
        """The tiers that they held, and when."""
        words = {"": 0}
        spans = [
            (
                code << DAY_BITS | span.start.toordinal(),
                code << DAY_BITS | (FAR if span.until is None else span.until.toordinal()),
                words.setdefault(span.tier, len(words)),
            )
            for code, partner in enumerate(self.by_code)
            if partner is not None
            for span in partner.tiers
        ]
        return Tiers(list(words), *np.array(spans, np.int64).reshape(-1, 3).T)


@dataclass(frozen=True, slots=True)
class Tiers:
    """Spans of partner and day, from ``start`` to before ``until``, in which a tier was held."""

    words: Sequence[str]
    start: Ints
    until: Ints
    tier: Ints

    def at(self, moments: Ints) -> Ints:
        """Return the tier at moments of partner and day in rising order; 0 for none.

        Of spans that overlap the first one counts, as for the plain engine.
        """
        first, last = np.searchsorted(moments, np.stack((self.start, self.until)))
        if bool((last[:-1] <= first[1:]).all() & (first <= last).all()):
            return self._apart(first, last, len(moments))
        found = np.zeros(len(moments), np.int32)
        spans = zip(first.tolist(), last.tolist(), self.tier.tolist(), strict=True)
        for start, until, tier in reversed(list(spans)):
            found[start:until] = tier
        return found

    def _apart(self, first: Ints, last: Ints, size: int) -> Ints:
        """Return the same for spans that follow one another, with what lies between them."""
        ends = np.stack((first, last), axis=1).ravel()
        lengths = np.diff(ends, prepend=0, append=size)
        tiers = np.zeros(len(lengths), np.int32)
        tiers[1::2] = self.tier
        return np.repeat(tiers, lengths)


def people_of(ids: Sequence[str], partners: Sequence[PartnerFacts]) -> People:
    """Return partners by the codes of a dictionary of their ids."""
    told = {partner.id: partner for partner in partners}
    return People(ids, [told.get(each) for each in ids])
