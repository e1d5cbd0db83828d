"""A plan's components over its versions, and which of them depend on one another."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.incentives.engine.plan import Cap, CapPer, Component, PlanVersion, RateTable
from app.incentives.engine.predicates import Among

SHARED = {CapPer.PARTNER: "partner", CapPer.PLAN: "plan"}


@dataclass(frozen=True, slots=True)
class Place:
    """A component of a plan version and one table of it, for one tier where they go by tier.

    ``number`` is its own among all places.
    """

    number: int
    plan: PlanVersion
    component: Component
    table: RateTable
    tier: Among | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """A component over all versions of its plan, which share its running totals."""

    places: tuple[Place, ...]

    @property
    def first(self) -> Component:
        """The component in the earliest version; what must not differ is read from it."""
        return self.places[0].component

    @property
    def key(self) -> tuple[str, str]:
        """The codes of plan and component."""
        return self.places[0].plan.code, self.first.code

    @property
    def group(self) -> str:
        """What the components compete for of which only one pays; empty where none do."""
        stacking = self.first.stacking
        if stacking is None or stacking.rule == "add":
            return ""
        return f"{stacking.rule} {self.places[0].plan.currency} {stacking.group}"


def chains_of(plans: Iterable[PlanVersion]) -> tuple[Chain, ...]:
    """Return every component over the versions of its plan, in the plans' order."""
    found: dict[tuple[str, str], list[Place]] = defaultdict(list)
    number = 0
    for plan in plans:
        for component in plan.components:
            for tier, table in _tables(component):
                place = Place(number, plan, component, table, tier)
                found[plan.code, component.code].append(place)
                number += 1
    return tuple(Chain(tuple(places)) for places in found.values())


def _tables(component: Component) -> Iterator[tuple[Among | None, RateTable]]:
    if not component.table.by_tier:
        yield None, component.table
    for tier, table in component.table.by_tier:
        yield Among("tier", (tier,)), table


def islands_of(chains: Sequence[Chain]) -> list[tuple[Chain, ...]]:
    """Return the chains in sets that know nothing of each other: no group or limit joins two."""
    owner: dict[tuple[str, ...], int] = {}
    leader = list(range(len(chains)))
    plans = [place.plan for chain in chains for place in chain.places]
    paying = {plan.code for plan in plans if plan.minimum_payout or plan.draw is not None}
    for index, chain in enumerate(chains):
        for tie in _ties(chain) | {("plan", code) for code in paying & {chain.key[0]}}:
            leader[_lead(leader, index)] = _lead(leader, owner.setdefault(tie, index))
    found: dict[int, list[Chain]] = defaultdict(list)
    for index, chain in enumerate(chains):
        found[_lead(leader, index)].append(chain)
    return [tuple(each) for each in found.values()]


def _lead(leader: list[int], index: int) -> int:
    while leader[index] != index:
        index = leader[index]
    return index


def _ties(chain: Chain) -> set[tuple[str, ...]]:
    """Return what a chain shares with others: groups and limits."""
    ties: set[tuple[str, ...]] = set()
    for place in chain.places:
        plan, component = place.plan, place.component
        if component.stacking is not None:
            ties.add(("group", component.stacking.group))
        for what, caps in (("amount", component.caps), ("base", component.base_caps)):
            ties |= {(what, SHARED[cap.per], plan.code) for cap in caps if cap.per in SHARED}
    return ties


def counting_over(caps: Iterable[Cap]) -> list[Cap]:
    """Return the caps that count over several events."""
    return [cap for cap in caps if cap.per is not CapPer.EVENT]
