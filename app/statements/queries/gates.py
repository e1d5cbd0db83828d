"""What is not paid yet, line by line, and the gate that blocks each: the one place that says so.

Issuing a statement, making a payment file and every page that names a gate ask here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, String, Subquery, and_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.incentives import engine
from app.incentives.models import Accrual
from app.statements.models import Statement
from app.statements.rules import BELOW_MINIMUM, SAID_OF_LINE

Account = tuple[UUID, str]
"""A partner and a currency: what a balance is kept for."""
COLUMNS = (
    Accrual.id, Accrual.partner_id, Accrual.currency, Accrual.plan_code, Accrual.component,
    Accrual.part, Accrual.title, Accrual.event_key, Accrual.order_number, Accrual.customer_name,
    Accrual.earned_on, Accrual.payable_on, Accrual.amount_minor, Accrual.gate,
    Accrual.period_start,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """A commission line that is not paid yet, and what it waits for (None: nothing of its own)."""

    row: Any  # an accrual, or the columns of one
    gate: engine.Gate | None


def unpaid_rows(session: Session, account: Account, start: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the lines up to the month from ``start`` that no earlier statement paid."""
    last = last_paying(account[0], before=start)
    return session.execute(
        select(*COLUMNS)
        .outerjoin(last, last.c.currency == Accrual.currency)
        .where(Accrual.partner_id == account[0], Accrual.currency == account[1])
        .where(Accrual.period_start <= start, is_left_by(last))
        .order_by(Accrual.period_start, Accrual.id)
    ).all()


def last_paying(partner_id: UUID, *, before: date = date.max) -> Subquery:
    """Return a partner's last statement that paid something, in each currency, as a subquery."""
    return (
        select(
            Statement.currency, Statement.period_start, Statement.period_until,
            Statement.snapshot["held"].label("held"),
        )
        .ext(distinct_on(Statement.currency))
        .where(Statement.partner_id == partner_id, Statement.period_start < before)
        .where(Statement.corrects_id.is_(None), Statement.paid_minor > 0)
        .order_by(Statement.currency, Statement.period_start.desc())
        .subquery()
    )  # fmt: skip


def is_left_by(last: Subquery) -> ColumnElement[bool]:
    """Return whether the statement that paid last, joined by its currency, left a line unpaid.

    A statement that pays anything pays all its balance but what it names as held; so those are the
    lines since then, and what it held.
    """
    it = func.jsonb_build_array(func.jsonb_build_object("line", cast(Accrual.id, String)))
    waited = or_(Accrual.payable_on.is_(None), Accrual.payable_on > last.c.period_until)
    return or_(
        last.c.currency.is_(None),
        Accrual.period_start > last.c.period_start,
        last.c.held.op("@>")(it),
        and_(last.c.held.is_(None), waited),  # issued before statements named what they hold
    )


def waiting(rows: Iterable[Any], blocks: Iterable[engine.Block], on: date) -> list[Waiting]:
    """Return lines with what blocks each on a day; what stands now blocks on any day."""
    of: dict[str, list[engine.Block]] = defaultdict(list)
    for block in blocks:
        of[block.partner_id].append(replace(block, start=min(block.start, on)))
    return [Waiting(row, _gate(row, of[str(row.partner_id)], on)) for row in rows]


def _gate(row: Any, own: Sequence[engine.Block], on: date) -> engine.Gate | None:
    line = engine.Line(
        plan=row.plan_code, version=0, component=row.component, title=row.title,
        partner_id=str(row.partner_id), event_key=row.event_key, order_id=row.order_number,
        base_minor=0, minor=row.amount_minor, currency=row.currency, earned_on=row.earned_on,
        payable_on=row.payable_on, gate=None, part=row.part, corrects=None, trace={},
    )  # fmt: skip
    gate = engine.gate_of(line, _minimum(row.gate), own, on)
    return None if gate is None else said(gate)


def said(gate: engine.Gate) -> engine.Gate:
    """Return a gate in the words of the portal, where it knows more than the engine."""
    return replace(gate, words=SAID_OF_LINE.get(gate.code, gate.words))


def _minimum(stored: Mapping[str, Any] | None) -> engine.Gate | None:
    """Return the gate of a plan's minimum, which the day of payment alone does not tell."""
    if stored is None or stored["code"] != BELOW_MINIMUM:
        return None
    until = stored["until"] and date.fromisoformat(stored["until"])
    return engine.Gate(BELOW_MINIMUM, until, stored["words"])
