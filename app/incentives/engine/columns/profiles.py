"""Profiles: each fact's classes as one number, so that a condition is tested once for all alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.incentives.engine.columns.arrays import Bools, Ints
from app.incentives.engine.columns.chains import Chain, Place
from app.incentives.engine.columns.features import Feature, in_force
from app.incentives.engine.predicates import All, Not, Predicate
from app.incentives.engine.predicates import Any as AnyOf

DENSE = 1 << 14
"""Above this many combinations those that do not occur are left out."""
SPARSE = 1 << 24
"""Above this many they are found by sorting, as a table of them all would be too large."""


@dataclass(frozen=True, slots=True)
class Profiles:
    """The profile of each fact in order and, for each atom, the profiles of which it holds."""

    codes: Ints
    holds: dict[Any, Bools]
    count: int

    def places(self, chain: Chain) -> Ints:
        """Return for each profile which place of a chain looks at it: 0 for none, 1 for the first.

        A place looks at the kinds of event that it pays on and qualifies on.
        """
        found = np.zeros(self.count, np.uint8)
        for number, place in enumerate(chain.places, 1):
            found[self._looks(place)] = number
        return found

    def _looks(self, place: Place) -> Bools:
        component = place.component
        kinds = self.holds[component.basis.event]
        if place.table.qualify is not None:
            kinds = kinds | self.holds[place.table.qualify.event]
        held: Bools = self.holds[in_force(place)] & kinds & self._test(component.applies_to)
        if place.tier is not None:
            held = held & self.holds[place.tier]
        return held

    def _test(self, predicate: Predicate) -> Bools:
        if isinstance(predicate, Not):
            return ~self._test(predicate.part)
        if not isinstance(predicate, (All, AnyOf)):
            return self.holds[predicate]
        every = isinstance(predicate, All)
        found = np.full(self.count, every)
        for part in predicate.parts:
            found = found & self._test(part) if every else found | self._test(part)
        return found


def profiles_of(features: Iterable[Feature], size: int) -> Profiles:
    """Return the profiles of ``size`` facts."""
    codes: Ints = np.zeros(size, np.int32)
    holds: dict[Any, Bools] = {}
    count = 1
    for feature in features:
        codes, kept = _occurring(_joined(codes, count, feature), count * feature.count)
        holds = {atom: held.take(kept // feature.count) for atom, held in holds.items()}
        holds |= {atom: held.take(kept % feature.count) for atom, held in feature.holds.items()}
        count = len(kept)
    return Profiles(codes, holds, count)


def _joined(codes: Ints, count: int, feature: Feature) -> Ints:
    if feature.count == 1:
        return codes
    found: Ints = codes.astype(np.int32 if count * feature.count < 2**31 else np.int64)
    found *= feature.count
    found += feature.classes
    return found


def _occurring(codes: Ints, count: int) -> tuple[Ints, Ints]:
    """Return the codes numbered anew without those that no fact has, and which were kept."""
    if count <= DENSE:
        return codes, np.arange(count)
    if count > SPARSE:
        kept, numbered = np.unique(codes, return_inverse=True)
        return numbered.reshape(-1).astype(np.int32), kept
    seen = np.zeros(count, np.bool_)
    seen[codes] = True
    kept = np.flatnonzero(seen)
    numbers = np.zeros(count, np.int32)
    numbers[kept] = np.arange(len(kept))
    return numbers.take(codes), kept
