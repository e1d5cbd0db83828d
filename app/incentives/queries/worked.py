"""Today's calculation of some partners, kept while nothing that it looks at changes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import Session

from app.incentives import engine
from app.incentives.queries.facts import facts
from app.incentives.queries.plans import caps_across, versions_in_force

Plans = tuple[engine.PlanVersion, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """What is known today: facts, the plans in force, and the end of the day."""

    facts: engine.Facts
    plans: Plans
    as_of: datetime

    def result(self) -> engine.Result:
        """Return what the plans make of the facts."""
        return worked(self.facts, self.plans, self.as_of)


def today_of(
    session: Session,
    partner_ids: Collection[UUID] | None = None,
    *,
    at: datetime,
    blocks: Iterable[engine.Block] = (),
    tried: Iterable[engine.PlanVersion] = (),
) -> Today:
    """Return what is known at ``at`` about some partners, or all; all where plans cap across.

    ``tried`` are versions that are not in force, and will be held against the facts too.
    """
    plans = tuple(plan for _, plan in versions_in_force(session).values())
    whose = None if caps_across(plans) else partner_ids
    tomorrow = at.date() + timedelta(days=1)
    known = facts(session, whose, tomorrow, at, blocks=blocks, plans=[*plans, *tried])
    return Today(known, plans, datetime.combine(at.date(), time.max, UTC))


@lru_cache(maxsize=16)
def worked(known: engine.Facts, plans: Plans, as_of: datetime) -> engine.Result:
    """Calculate; equal facts, plans and moments give the result of before."""
    return engine.calculate(known, plans, as_of)
