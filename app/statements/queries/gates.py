"""What is not paid yet, line by line, and the gate that blocks each: the one place that says so.

Issuing a statement, making a payment file and every page that names a gate ask here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, String, Subquery, and_, cast, func, or_, select
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
    """Return the open disputes of some partners, each with the line that it is about."""
    return session.execute(
        select(
            Dispute.id, Dispute.number, Dispute.partner_id, Dispute.raised_at, Dispute.statement_id,
            Accrual.id.label("accrual_id"), Accrual.order_number, Accrual.event_key,
        )
        .join(StatementLine, StatementLine.id == Dispute.line_id)
        .join(Accrual, Accrual.id == StatementLine.accrual_id)
        .where(Dispute.partner_id.in_(partner_ids), Dispute.state.in_(OPEN_DISPUTES))
        .order_by(Dispute.raised_at, Dispute.id)
    ).all()  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything but time that keeps what some partners earned from being paid now."""

    of_payees: Sequence[engine.Block]
    disputes: Sequence[Row[*tuple[Any, ...]]]

    @property
    def of_lines(self) -> list[engine.Block]:
        """A block for what each open dispute is about: an event of an order."""
        return [
            engine.Block(
                engine.BlockCode.DISPUTE,
                str(row.partner_id),
                row.raised_at.date(),
                order_id=row.order_number,
                event_key=row.event_key,
            )
            for row in self.disputes
        ]

    @property
    def blocks(self) -> list[engine.Block]:
        """All of it, as the engine's blocks."""
        return [*self.of_payees, *self.of_lines]

    @property
    def codes(self) -> set[str]:
        """The gates that block all that a payee is paid."""
        return {block.code.value for block in self.of_payees}


def standing(session: Session, partner_ids: Collection[UUID]) -> Standing:
    """Return what stands in the way of paying some partners."""
    return Standing(payee_blocks(session, partner_ids), disputed(session, partner_ids))


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
    return engine.gate_of(line, _minimum(row.gate), own, on)


def _minimum(stored: Mapping[str, Any] | None) -> engine.Gate | None:
    """Return the gate of a plan's minimum, which the day of payment alone does not tell."""
    if stored is None or stored["code"] != BELOW_MINIMUM:
        return None
    until = stored["until"] and date.fromisoformat(stored["until"])
    return engine.Gate(BELOW_MINIMUM, until, stored["words"])
