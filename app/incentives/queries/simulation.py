"""A version in place of the others of its plan, over all of history."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.incentives import engine
from app.incentives.models import PlanVersion
from app.incentives.queries.plans import engine_version
from app.incentives.queries.worked import today_of, worked
from app.partners import queries as partners


@dataclass(frozen=True, slots=True)
class Compared:
    """One partner in one currency: minor units now and under the other version."""

    partner_id: UUID
    name: str
    currency: str
    before: int
    after: int

    @property
    def change(self) -> int:
        """What the partner would gain, negative what it would lose."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a version would have cost over history, by partner and in all."""

    since: date | None
    rows: tuple[Compared, ...]
    totals: tuple[tuple[str, int, int], ...]

    @property
    def winners(self) -> int:
        """How many rows gain."""
        return sum(row.change > 0 for row in self.rows)

    @property
    def losers(self) -> int:
        """How many rows lose."""
        return sum(row.change < 0 for row in self.rows)


def simulate(session: Session, version: PlanVersion, *, at: datetime) -> Simulated:
    """Return what a version would have given had it been the plan all along, against what it was.

    All other plans stay as they are, because components of several plans may compete.
    """
    tried = engine_version(version.document, None)
    today = today_of(session, at=at, tried=[tried])
    since = min((event.on for event in today.facts.events), default=None)
    rest = tuple(plan for plan in today.plans if plan.code != tried.code)
    everywhere = replace(tried, start=min(since or tried.start, tried.start))
    before = _sums(today.result(), tried.code)
    after = _sums(worked(today.facts, (*rest, everywhere), today.as_of), tried.code)
    names = partners.names(session)
    rows = [
        Compared(UUID(partner), names.get(UUID(partner), ""), currency,
                 before.get((partner, currency), 0), after.get((partner, currency), 0))
        for partner, currency in {*before, *after}
    ]  # fmt: skip
    rows.sort(key=lambda row: (row.currency, -row.change, row.name))
    return Simulated(since, tuple(rows), tuple(_totals(rows)))


def _sums(result: engine.Result, code: str) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for line in result.lines:
        if line.plan == code:
            sums[line.partner_id, line.currency] += line.minor
    return dict(sums)


def _totals(rows: list[Compared]) -> list[tuple[str, int, int]]:
    currencies = sorted({row.currency for row in rows})
    return [
        (code, sum(row.before for row in rows if row.currency == code),
         sum(row.after for row in rows if row.currency == code))
        for code in currencies
    ]  # fmt: skip
