"""Calculate what partners earned in a period, writing only what differs from what is known."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.accounts.models import Account
from app.incentives import queries
from app.incentives.models import Accrual
from app.incentives.services.changes import Asked, changes
from app.incentives.services.lines import (
    Wanted,
    apply,
    certification_of,
    differs,
    identity,
    move_day,
    move_days,
    wanted_lines,
)
from app.kernel.errors import NotFound
from app.kernel.period import Days
from app.ledger.rules.canonical import canonical
from app.ledger.services import record
from app.partners.models import Partner
from app.revenue.models import Order


@dataclass(frozen=True, slots=True)
class Calculated:
    """What a calculation changed, and the sum of all lines of the period by currency."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    totals: dict[str, int] = field(default_factory=dict)

    @property
    def is_unchanged(self) -> bool:
        """Whether every line was known already."""
        return not (self.added or self.changed or self.removed)


def calculate_partner(
    session: Session, partner_id: UUID, period: Days, *, actor: Actor, at: datetime
) -> Calculated:
    """Bring a partner's lines of one period to what its facts and the plans give as of ``at``.

    Lines earned in the period are written as they are; what has changed about earlier periods
    becomes adjustments in this one. The caller sees to it that the period may still change.

    :raises NotFound: if there is no such partner
    """
    partner = session.get(Partner, partner_id)
    if partner is None:
        raise NotFound
    versions = queries.versions_in_force(session)
    plans = [version for _, version in versions.values()]
    whose = None if queries.caps_across(plans) else {partner_id}
    facts = queries.facts(session, whose, period.until, at, plans=plans)
    issued = queries.accruals_before(session, partner_id, period.start)
    lines, issued = changes(facts, plans, at, Asked(str(partner_id), period, issued))
    move_days(issued, lines)
    wanted = wanted_lines(lines, issued, period)
    ids = {key: version_id for key, (version_id, _) in versions.items()}
    return _write(session, _Run(partner, period, actor, at, ids), wanted)


def recalculate(
    session: Session,
    period: Days,
    *,
    actor: Actor,
    at: datetime,
    partner_ids: Collection[UUID] | None = None,
) -> dict[UUID, Calculated]:
    """Calculate a period for some partners, or for all that earn; a second run changes nothing."""
    whose = queries.partners_to_calculate(session) if partner_ids is None else partner_ids
    return {
        partner_id: calculate_partner(session, partner_id, period, actor=actor, at=at)
        for partner_id in whose
    }


@dataclass(frozen=True, slots=True)
class _Run:
    """One partner's calculation of one period: who asked for it, and when."""

    partner: Partner
    period: Days
    actor: Actor
    at: datetime
    version_ids: dict[tuple[str, int], UUID]


def _write(session: Session, run: _Run, wanted: list[Wanted]) -> Calculated:
    start = run.period.start
    stored = {identity(row): row for row in queries.accruals_in(session, run.partner.id, start)}
    names = _customers(session, {each.line.order_id for each in wanted})
    added = changed = 0
    for each in wanted:
        row = stored.pop(each.identity, None)
        if row is not None and not differs(row, each):
            move_day(row, each.line)
            continue
        added, changed = (added + 1, changed) if row is None else (added, changed + 1)
        row = row or Accrual(partner_id=run.partner.id, period_start=start)
        apply(row, each, customer=_concerning(session, each, names), at=run.at)
        row.plan_version_id = run.version_ids[each.line.plan, each.line.version]
        session.add(row)
    for row in stored.values():
        session.delete(row)
    session.flush()
    found = Calculated(added, changed, len(stored), _totals(wanted))
    if not found.is_unchanged:
        _tell(session, run, wanted, found)
    return found


def _customers(session: Session, numbers: set[str]) -> dict[str, str]:
    rows = session.execute(
        select(Order.number, Account.name)
        .join(Account, Account.id == Order.account_id)
        .where(Order.number.in_(numbers))
    )
    return {row.number: row.name for row in rows}


def _concerning(session: Session, wanted: Wanted, names: Mapping[str, str]) -> str:
    """Return the customer of a line's order; without one, the certification that lapsed."""
    line, lapsed = wanted.line, certification_of(wanted.line)
    if line.order_id or lapsed:
        return names.get(line.order_id, "") or lapsed
    earlier = None if wanted.corrects_id is None else session.get(Accrual, wanted.corrects_id)
    return "" if earlier is None else earlier.customer_name


def _totals(wanted: list[Wanted]) -> dict[str, int]:
    totals: dict[str, int] = defaultdict(int)
    for each in wanted:
        totals[each.line.currency] += each.line.minor
    return dict(sorted(totals.items()))


def _tell(session: Session, run: _Run, wanted: list[Wanted], found: Calculated) -> None:
    """Record the whole set at once: how many lines, their sums, and a digest of each amount."""
    lines = [[*each.identity, each.line.currency, each.line.minor] for each in wanted]
    digest = hashlib.sha256(canonical(sorted(lines, key=canonical)).encode()).hexdigest()
    record(session, "incentives.accrual.earned", subject=run.partner, actor=run.actor, at=run.at,
           partner_id=run.partner.id, period_start=run.period.start.isoformat(),
           lines=len(wanted), added=found.added, changed=found.changed, removed=found.removed,
           totals_minor=found.totals, digest=digest)  # fmt: skip
