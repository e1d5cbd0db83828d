"""What a statement freezes beside its sums: parties, months, gates, plans."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.incentives.rules import AccrualKind
from app.partners import queries as partners
from app.partners.models import Partner
from app.revenue.models import LegalEntity
from app.statements.models import Statement
from app.statements.queries import Waiting
from app.statements.rules import Settlement

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What a statement is made of: its lines, those that are held, the months before."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    held: Sequence[Waiting]
    months: Sequence[Row[*tuple[Any, ...]]]


def snapshot(
    session: Session,
    statement: Statement,
    parties: tuple[Partner, LegalEntity],
    settled: Settlement,
    found: Found,
) -> Data:
    """Return everything a statement shows beside its sums and lines, as JSON-able data."""
    net = statement.earned_minor + statement.adjustments_minor - statement.clawbacks_minor
    this = {"month": statement.period_start.isoformat(), "net_minor": net}
    return {
        **parties_of(session, *parties),
        "stops": [{**asdict(stop), "until": stop.until and stop.until.isoformat()}
                  for stop in settled.stops],
        "held": [_held(each) for each in found.held],
        "plans": _plans(found.rows),
        "months": [*map(_month, found.months), {**this, "paid_minor": statement.paid_minor}],
    }  # fmt: skip


def parties_of(session: Session, partner: Partner, entity: LegalEntity) -> Data:
    """Return who pays, who is paid, and whom to ask."""
    manager = partners.manager_of(session, partner)
    contact = None if manager is None else {"name": manager.name, "email": manager.email}
    return {
        "vendor": {"name": entity.name, **_address(entity)},
        "partner": {"number": partner.number, "name": partner.name,
                    "legal_name": partner.legal_name, **_address(partner)},
        "contact": contact,
    }  # fmt: skip


def _held(waiting: Waiting) -> Data:
    """Return an unpaid line, of this month or an earlier one, and the gate that blocks it."""
    row, gate = waiting.row, waiting.gate
    until = gate.until if gate is not None else None
    return {
        "line": str(row.id), "earned_on": row.earned_on.isoformat(), "order": row.order_number,
        "customer": row.customer_name, "title": row.title, "minor": row.amount_minor,
        "code": gate.code if gate is not None else "", "until": until and until.isoformat(),
        "words": gate.words if gate is not None else "",
    }  # fmt: skip


def _address(party: Partner | LegalEntity) -> Data:
    names = ("street", "postcode", "city", "country", "tax_number")
    return {name: getattr(party, name) for name in names}


def _plans(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Data]:
    plans: dict[str, Data] = {}
    for row in rows:
        empty = {"plan": row.plan_name, "lines": 0, **{f"{kind}_minor": 0 for kind in AccrualKind}}
        sums = plans.setdefault(row.plan_name, empty)
        sums["lines"] += 1
        sums[f"{row.Accrual.kind}_minor"] += row.Accrual.amount_minor
    return list(plans.values())


def _month(row: Row[*tuple[Any, ...]]) -> Data:
    start = row.period_start.isoformat()
    return {"month": start, "net_minor": row.net_minor, "paid_minor": row.paid_minor}
