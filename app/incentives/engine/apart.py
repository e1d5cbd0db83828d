"""Partners one after another: nobody's lines depend on another's facts, but for shared limits."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from app.incentives.engine.facts import Block, CreditedEvent, Facts
from app.incentives.engine.plan import CapPer, PlanVersion

SHARED = frozenset({CapPer.COMPONENT, CapPer.GROUP, CapPer.PLAN})
"""Limits that all partners use up together."""


def shares_limits(plans: Sequence[PlanVersion]) -> bool:
    """Return whether any limit is shared between partners, so that all must be looked at."""
    return any(
        cap.per in SHARED
        for plan in plans
        for component in plan.components
        for cap in (*component.caps, *component.base_caps)
    )


def apart(facts: Facts, plans: Sequence[PlanVersion]) -> Iterator[Facts]:
    """Yield the facts of each partner by itself; all at once where plans share limits."""
    if shares_limits(plans):
        yield facts
        return
    events: dict[str, list[CreditedEvent]] = defaultdict(list)
    for event in facts.events:
        events[event.partner_id].append(event)
    blocks: dict[str, list[Block]] = defaultdict(list)
    for block in facts.blocks:
        blocks[block.partner_id].append(block)
    for partner in sorted(facts.partners, key=lambda each: each.id):
        own = events.pop(partner.id, []), facts.rates, blocks[partner.id]
        yield Facts.of((partner,), *own)
    for strangers in events.values():
        yield Facts.of((), strangers, facts.rates)
