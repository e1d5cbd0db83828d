"""What of a partner's issued lines is not paid today, and what each waits for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Subquery, func, or_, select
from sqlalchemy.orm import Session

from app.incentives import engine
from app.incentives.models import Accrual
from app.statements.models import StatementLine
from app.statements.queries.gates import (
    COLUMNS,
    Waiting,
    is_left_by,
    last_paying,
    waiting,
)
from app.statements.queries.standing import Standing, standing
from app.statements.rules import NEXT_STATEMENT, Payee, stop_of

Place = tuple[str, str, str, str]
"""Plan, component, event and part: which of the engine's lines it is."""
_NEXT = engine.Gate(NEXT_STATEMENT, None, "It is paid with the next statement.")


def held_lines(session: Session, partner_id: UUID, found: Standing, *, on: date) -> list[Waiting]:
    """Return the issued lines of a partner that are not paid, each with its gate on a day.

    A line that nothing of its own blocks waits for its balance: to reach the minimum, to be
    positive, or for the next statement.
    """
    last = last_paying(partner_id)
    rows = session.execute(_issued(partner_id, last).where(is_left_by(last))).all()
    return _named(rows, found, on)


def _issued(partner_id: UUID, last: Subquery) -> Select[*tuple[Any, ...]]:
    """Return the statement that reads a partner's issued lines; ``is_left`` says: not paid."""
    return (
        select(
            *COLUMNS, StatementLine.id.label("line_id"), StatementLine.statement_id,
            func.coalesce(is_left_by(last), False).label("is_left"),
        )
        .join(StatementLine, StatementLine.accrual_id == Accrual.id)
        .outerjoin(last, last.c.currency == Accrual.currency)
        .where(Accrual.partner_id == partner_id)
    )  # fmt: skip


def _named(rows: Iterable[Any], found: Standing, on: date) -> list[Waiting]:
    return sorted(_of_balances(waiting(rows, found.blocks, on)), key=_order)


@dataclass(frozen=True, slots=True)
class OfOrder:
    """Of the issued lines of an order: those that were paid, and the gates of the others."""

    paid: frozenset[Place]
    gates: dict[Place, engine.Gate]


def of_order(
    session: Session, partner_id: UUID, order_number: str, found: Standing, *, on: date
) -> OfOrder:
    """Return which lines of an order a partner was paid, and what blocks the others."""
    last = last_paying(partner_id)
    wanted = _issued(partner_id, last).where(
        or_(is_left_by(last), Accrual.order_number == order_number)
    )
    rows = session.execute(wanted).all()
    own = [row for row in rows if row.order_number == order_number]
    lines = _named([row for row in rows if row.is_left], found, on)
    return OfOrder(
        frozenset(_place(row) for row in own if not row.is_left),
        {_place(each.row): each.gate for each in lines if each.gate is not None},
    )


def _place(row: Row[*tuple[Any, ...]]) -> Place:
    return row.plan_code, row.component, row.event_key, row.part


def line_gates(
    session: Session, partner_id: UUID, found: Standing, *, on: date
) -> dict[UUID, engine.Gate]:
    """Return the gate of each line of a partner's statements that is not paid, by the line."""
    lines = held_lines(session, partner_id, found, on=on)
    return {each.row.line_id: each.gate for each in lines if each.gate is not None}


def accrual_gates(
    session: Session, partner_id: UUID, accruals: Sequence[Accrual], *, on: date
) -> dict[UUID, engine.Gate]:
    """Return what blocks commission lines of a partner that are not paid; others are absent."""
    last = last_paying(partner_id)
    left = set(
        session.scalars(
            select(Accrual.id)
            .outerjoin(last, last.c.currency == Accrual.currency)
            .where(Accrual.id.in_([each.id for each in accruals]), is_left_by(last))
        )
    )
    unpaid = [each for each in accruals if each.id in left]
    found = waiting(unpaid, standing(session, [partner_id]).blocks, on)
    return {each.row.id: each.gate for each in found if each.gate is not None}


def _order(line: Waiting) -> tuple[date, date, str, UUID]:
    until = line.gate.until if line.gate is not None else None
    return until or date.max, line.row.earned_on, line.row.order_number, line.row.id


def _of_balances(lines: list[Waiting]) -> list[Waiting]:
    free: dict[str, int] = defaultdict(int)
    for each in lines:
        free[each.row.currency] += 0 if each.gate is not None else each.row.amount_minor
    stops = {currency: stop_of(minor, Payee(), currency) for currency, minor in free.items()}
    gates = {
        currency: _NEXT if stop is None else engine.Gate(stop.code, None, stop.words)
        for currency, stop in stops.items()
    }
    return [replace(each, gate=each.gate or gates[each.row.currency]) for each in lines]
