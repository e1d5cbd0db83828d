"""What is not calculated in columns: the plain engine calculates it from the same facts."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from app.incentives.engine.calculate import calculate
from app.incentives.engine.columns.chains import Chain
from app.incentives.engine.columns.facts import FactColumns
from app.incentives.engine.facts import PartnerFacts
from app.incentives.engine.lines import Line
from app.incentives.engine.plan import CapPer, PlanVersion

Key = tuple[str, str]
"""The codes of a plan and of a component."""
ACROSS = (CapPer.COMPONENT, CapPer.GROUP, CapPer.PLAN)


@dataclass(slots=True)
class Remainder:
    """What the plain engine is to calculate: components for all partners, and for some."""

    facts: FactColumns
    plans: Sequence[PlanVersion]
    as_of: datetime
    partners: Collection[str] | None
    whole: set[Key] = field(default_factory=set)
    apart: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))

    def leave(self, chains: Sequence[Chain], partner: str | None = None) -> None:
        """Leave chains to the plain engine, for one partner or for all."""
        keys = self.whole if partner is None else self.apart[partner]
        keys.update(chain.key for chain in chains)


def plain_lines(remainder: Remainder) -> tuple[Line, ...]:
    """Return the lines of all that remains."""
    found = [*_whole(remainder)]
    together: dict[frozenset[Key], list[str]] = defaultdict(list)
    for partner, keys in remainder.apart.items():
        together[frozenset(keys)].append(partner)
    for alike, partners in together.items():
        found += _calculated(remainder, alike, partners)
    return tuple(found)


def _whole(remainder: Remainder) -> Iterator[Line]:
    if not remainder.whole:
        return
    everyone = [partner.id for partner in remainder.facts.partners]
    asked = everyone if remainder.partners is None else remainder.partners
    across = any(
        cap.per in ACROSS
        for plan in remainder.plans
        for component in plan.components
        if (plan.code, component.code) in remainder.whole
        for cap in (*component.caps, *component.base_caps)
    )
    wanted = frozenset(asked)
    for line in _calculated(remainder, remainder.whole, everyone if across else asked):
        if line.partner_id in wanted:
            yield line


def _calculated(
    remainder: Remainder, keys: Collection[Key], partners: Collection[str]
) -> Sequence[Line]:
    """Return the lines of some components for some partners."""
    facts = remainder.facts
    plans = [
        _only(plan, keys) for plan in remainder.plans if any(plan.code == key[0] for key in keys)
    ]
    told: dict[str, PartnerFacts] = {partner.id: partner for partner in facts.partners}
    wanted = {each: told[each] for each in partners if each in told}
    column = facts.coded["partner_id"]
    counts = np.array([word in wanted for word in column.values] or [False])
    rows = np.flatnonzero(counts.take(column.codes)).tolist()
    return calculate(facts.facts(rows, wanted.values()), plans, remainder.as_of).lines


def _only(plan: PlanVersion, keys: Collection[Key]) -> PlanVersion:
    kept = tuple(each for each in plan.components if (plan.code, each.code) in keys)
    return replace(plan, components=kept)
