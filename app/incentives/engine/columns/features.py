"""What conditions look at, as classes: facts that no condition tells apart share a class."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from app.incentives.engine.columns.arrays import (
    NONE,
    Bools,
    Ints,
    need_room,
    reach,
    rounded,
)
from app.incentives.engine.columns.chains import Place
from app.incentives.engine.columns.conversion import conversion
from app.incentives.engine.columns.facts import Coded
from app.incentives.engine.columns.ordered import KINDS, Ordered
from app.incentives.engine.columns.orders import order_days, order_sizes
from app.incentives.engine.columns.people import DAY_BITS, OF_PARTNER
from app.incentives.engine.facts import EventKind
from app.incentives.engine.predicates import Among, Dates, OrderSize, Predicate

Condition = Among | Dates | OrderSize
Atom = Condition | EventKind
"""What holds of a fact or does not."""

OF_EVENT = {
    "product": "product", "family": "family", "deal_type": "deal_type", "route": "routes",
    "role": "roles", "customer": "customer_id",
}  # fmt: skip
_NO_OR_YES = np.array([False, True])


@dataclass(frozen=True, slots=True)
class Feature:
    """A class for each fact in order and, for each atom, the classes of which it holds."""

    classes: Ints
    holds: dict[Any, Bools]

    @property
    def count(self) -> int:
        """The number of classes."""
        return max((len(classes) for classes in self.holds.values()), default=1)


def atoms_of(places: Iterable[Place]) -> list[Atom]:
    """Return everything that decides whether a place looks at an event, each once."""
    found: dict[Atom, None] = {}
    for place in places:
        component = place.component
        qualify = place.table.qualify
        found[in_force(place)] = found[component.basis.event] = None
        found |= {} if qualify is None else {qualify.event: None}
        found |= dict.fromkeys(_conditions(component.applies_to))
        found |= {} if place.tier is None else {place.tier: None}
    return list(found)


def in_force(place: Place) -> Dates:
    """Return the condition that a place's plan version is in force on the day of the event."""
    return Dates("event_date", place.plan.start, place.plan.until)


def features_of(ordered: Ordered, atoms: Sequence[Atom]) -> Iterator[Feature]:
    """Yield the features that tell the atoms."""
    if kinds := [atom for atom in atoms if isinstance(atom, EventKind)]:
        ranks = np.arange(len(KINDS))
        yield _coded(ordered.kinds, {kind: ranks == KINDS.index(kind) for kind in kinds})
    yield _days(ordered, atoms)
    yield from _worded(ordered, [atom for atom in atoms if isinstance(atom, Among)])
    for atom in atoms:
        if isinstance(atom, OrderSize):
            yield Feature(_sizes(ordered, atom).view(np.uint8), {atom: _NO_OR_YES})
        elif isinstance(atom, Dates) and atom.fact == "order_date":
            held = _within(order_days(ordered), atom.start, atom.until)
            yield Feature(held.view(np.uint8), {atom: _NO_OR_YES})


def _worded(ordered: Ordered, among: Sequence[Among]) -> Iterator[Feature]:
    if told := [atom for atom in among if atom.fact in OF_PARTNER]:
        yield _partners(ordered, told)
    if told := [atom for atom in among if atom.fact == "tier"]:
        yield _tiers(ordered, told)
    for fact, name in OF_EVENT.items():
        if told := [atom for atom in among if atom.fact == fact]:
            yield _words(ordered, name, told)


def _conditions(predicate: Predicate) -> Iterator[Condition]:
    if isinstance(predicate, (Among, Dates, OrderSize)):
        yield predicate
        return
    for part in getattr(predicate, "parts", None) or ():
        yield from _conditions(part)
    if (inner := getattr(predicate, "part", None)) is not None:
        yield from _conditions(inner)


def _coded(codes: Ints, held: Mapping[Any, Bools]) -> Feature:
    """Return the feature of a dictionary: words of which the same atoms hold make a class."""
    matrix = np.stack(list(held.values()), axis=1)
    classes, inverse = np.unique(matrix, axis=0, return_inverse=True)
    table = inverse.reshape(-1).astype(np.int32)
    return Feature(table.take(codes), dict(zip(held, classes.T, strict=True)))


def _words(ordered: Ordered, name: str, told: Sequence[Among]) -> Feature:
    column = ordered.facts.coded.get(name)
    if column is None:
        column = Coded(np.zeros(len(ordered), np.int32), [""])
        return _coded(column.codes, _among(told, column.values))
    return _coded(ordered.codes(name), _among(told, column.values))


def _among(told: Sequence[Among], words: Sequence[Any]) -> dict[Among, Bools]:
    """Return of which words each condition holds; of no word none does, of a set any word's."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(words):
        for each in word if isinstance(word, frozenset) else (word,):
            places[each].append(place)
    held: dict[Among, Bools] = {}
    for atom in told:
        held[atom] = np.zeros(len(words), np.bool_)
        for value in filter(None, atom.values):
            held[atom][places.get(value, [])] = True
    return held


def _partners(ordered: Ordered, told: Sequence[Among]) -> Feature:
    """Return the feature of partners: those of the same programme, country and so on are alike."""
    facts = sorted({atom.fact for atom in told})
    people = ordered.facts.people
    alike = Coded.of(list(zip(*(people.words[fact] for fact in facts), strict=True)))
    held: dict[Among, Bools] = {}
    for number, fact in enumerate(facts):
        own = [atom for atom in told if atom.fact == fact]
        held |= _among(own, [word[number] for word in alike.values])
    found = _coded(alike.codes, held)
    return Feature(found.classes.take(ordered.partner), found.holds)


def _tiers(ordered: Ordered, told: Sequence[Among]) -> Feature:
    tiers = ordered.facts.people.tiers
    moments = ordered.partner << DAY_BITS | ordered.number("on")
    return _coded(tiers.at(moments), _among(told, tiers.words))


def _days(ordered: Ordered, atoms: Iterable[Atom]) -> Feature:
    """Return the feature of days: between two edges of any window they are all alike."""
    windows = [atom for atom in atoms if isinstance(atom, Dates) and atom.fact == "event_date"]
    ends = {day.toordinal() for atom in windows for day in (atom.start, atom.until) if day}
    edges = np.array([0, *sorted(ends)], np.int64)
    holds = {atom: _within(edges, atom.start, atom.until) for atom in windows}
    on = ordered.number("on")
    first = int(on.min()) if on.size else 0
    table = np.searchsorted(edges, np.arange(first, int(on.max(initial=first)) + 1), "right") - 1
    return Feature(table.astype(np.int32).take(on - first), holds)


def _within(days: Ints, start: date | None, until: date | None) -> Bools:
    held: Bools = days != NONE
    if start is not None:
        held &= days >= start.toordinal()
    if until is not None:
        held &= days < until.toordinal()
    return held


def _sizes(ordered: Ordered, atom: OrderSize) -> Bools:
    """Return for which facts the order's size, in the plan's currency, lies in a range."""
    size = order_sizes(ordered)
    held: Bools = size != NONE
    found = conversion(ordered.facts, atom.currency)
    if found.listed:
        factors = found.factors(ordered.codes("currency"), ordered.number("on"))
        held &= factors > 0
        size = np.where(held, size, 0)
        need_room(reach(size) * reach(factors))
        size = rounded(size * factors, found.scale)
    if atom.at_least is not None:
        held &= size >= atom.at_least
    if atom.below is not None:
        held &= size < atom.below
    return held
