"""What is not paid yet, line by line, and the gate that blocks each: the one place that says so.

Issuing a statement, making a payment file and every page that names a gate ask here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.incentives import engine
from app.incentives.models import Accrual
from app.incentives.queries import payee_blocks
from app.statements.models import Dispute, Statement, StatementLine
from app.statements.rules import BELOW_MINIMUM, OPEN_DISPUTES

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


def disputed(session: Session, partner_ids: Collection[UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the open disputes of some partners: id, number, when due, and order and event."""
    return session.execute(
        select(
            Dispute.id, Dispute.number, Dispute.partner_id, Dispute.raised_at,
            Dispute.answer_due_at, Accrual.order_number, Accrual.event_key,
        )
        .join(StatementLine, StatementLine.id == Dispute.line_id)
        .join(Accrual, Accrual.id == StatementLine.accrual_id)
        .where(Dispute.partner_id.in_(partner_ids), Dispute.state.in_(OPEN_DISPUTES))
        .order_by(Dispute.raised_at, Dispute.id)
    ).all()  # fmt: skip


def dispute_blocks(found: Iterable[Row[*tuple[Any, ...]]]) -> list[engine.Block]:
    """Return a block for what each open dispute is about: an event of an order."""
    return [
        engine.Block(
            engine.BlockCode.DISPUTE,
            str(row.partner_id),
            row.raised_at.date(),
            order_id=row.order_number,
            event_key=row.event_key,
        )
        for row in found
    ]


def blocks(session: Session, partner_ids: Collection[UUID]) -> list[engine.Block]:
    """Return everything but time that keeps what partners earned from being paid now."""
    found = disputed(session, partner_ids)
    return [*payee_blocks(session, partner_ids), *dispute_blocks(found)]


def unpaid_rows(session: Session, account: Account, start: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the lines up to the month from ``start`` that no earlier statement paid.

    A statement that pays anything pays all its balance but what it names as held; so these are the
    lines since the last one that paid, and what that one held.
    """
    last = session.execute(
        select(*_PAYING)
        .where(Statement.partner_id == account[0], Statement.currency == account[1])
        .where(Statement.period_start < start, *_PAYS)
        .order_by(Statement.period_start.desc())
        .limit(1)
    ).one_or_none()
    mine = (Accrual.partner_id == account[0], Accrual.currency == account[1])
    found = select(*COLUMNS).where(*mine, Accrual.period_start <= start)
    if last is not None:
        found = found.where(left_by(last))
    return session.execute(found.order_by(Accrual.period_start, Accrual.id)).all()


_PAYING = (
    Statement.currency, Statement.period_start, Statement.period_until,
    Statement.snapshot["held"].label("held"),
)  # fmt: skip
_PAYS = (Statement.corrects_id.is_(None), Statement.paid_minor > 0)


def left_by(last: Row[*tuple[Any, ...]]) -> ColumnElement[bool]:
    """Return whether the statement that paid last did not pay a line."""
    is_later = Accrual.period_start > last.period_start
    if last.held is None:  # issued before statements named what they hold
        return or_(is_later, Accrual.payable_on.is_(None), Accrual.payable_on > last.period_until)
    return or_(is_later, Accrual.id.in_([UUID(each["line"]) for each in last.held]))


def is_left_by(last: Row[*tuple[Any, ...]] | None, accrual: Accrual) -> bool:
    """Return the same of a line at hand; before the first payment every line is left."""
    if last is None or accrual.period_start > last.period_start:
        return True
    if last.held is None:
        return accrual.payable_on is None or accrual.payable_on > last.period_until
    return str(accrual.id) in {each["line"] for each in last.held}


def last_paying(session: Session, partner_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return a partner's last statement that paid something, in each currency."""
    return session.execute(
        select(*_PAYING)
        .ext(distinct_on(Statement.currency))
        .where(Statement.partner_id == partner_id, *_PAYS)
        .order_by(Statement.currency, Statement.period_start.desc())
    ).all()


def waiting(rows: Iterable[Any], standing: Iterable[engine.Block], on: date) -> list[Waiting]:
    """Return lines with what blocks each on a day; what stands now blocks on any day."""
    of: dict[str, list[engine.Block]] = defaultdict(list)
    for block in standing:
        of[block.partner_id].append(replace(block, start=min(block.start, on)))
    return [Waiting(row, _gate(row, of[str(row.partner_id)], on)) for row in rows]


def _gate(row: Any, own: Sequence[engine.Block], on: date) -> engine.Gate | None:
    line = engine.Line(
        plan=row.plan_code, version=0, component=row.component, title=row.title,
        partner_id=str(row.partner_id), event_key=row.event_key, order_id=row.order_number,
        base_minor=0, minor=row.amount_minor, currency=row.currency, earned_on=row.earned_on,
        payable_on=row.payable_on, gate=None, part=row.part, corrects=None, trace={},
    )  # fmt: skip
    return engine.gate_of(line, _minimum(row.gate), own, on)


def _minimum(stored: Mapping[str, Any] | None) -> engine.Gate | None:
    """Return the gate of a plan's minimum, which the day of payment alone does not tell."""
    if stored is None or stored["code"] != BELOW_MINIMUM:
        return None
    until = stored["until"] and date.fromisoformat(stored["until"])
    return engine.Gate(BELOW_MINIMUM, until, stored["words"])
