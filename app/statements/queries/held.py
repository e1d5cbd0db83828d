"""What of a partner's issued lines is not paid today, and what each waits for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
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

_NEXT = engine.Gate(NEXT_STATEMENT, None, "It is paid with the next statement.")


def held_lines(session: Session, partner_id: UUID, found: Standing, *, on: date) -> list[Waiting]:
    """Return the issued lines of a partner that are not paid, each with its gate on a day.

    A line that nothing of its own blocks waits for its balance: to reach the minimum, to be
    positive, or for the next statement.
    """
    last = last_paying(partner_id)
    rows = session.execute(
        select(*COLUMNS, StatementLine.id.label("line_id"), StatementLine.statement_id)
        .join(StatementLine, StatementLine.accrual_id == Accrual.id)
        .outerjoin(last, last.c.currency == Accrual.currency)
        .where(Accrual.partner_id == partner_id, is_left_by(last))
    ).all()
    lines = _of_balances(waiting(rows, found.blocks, on))
    return sorted(lines, key=_order)


def line_gates(
    session: Session, partner_id: UUID, found: Standing, *, on: date
) -> dict[UUID, engine.Gate]:
    """Return the gate of each line of a partner's statements that is not paid, by the line."""
    lines = held_lines(session, partner_id, found, on=on)
    return {each.row.line_id: each.gate for each in lines if each.gate is not None}


def paid_of_order(
    session: Session, partner_id: UUID, order_number: str
) -> set[tuple[str, str, str, str]]:
    """Return which lines of an order were paid: plan, component, event and part."""
    last = last_paying(partner_id)
    rows = session.execute(
        select(Accrual.plan_code, Accrual.component, Accrual.event_key, Accrual.part)
        .outerjoin(last, last.c.currency == Accrual.currency)
        .where(Accrual.partner_id == partner_id, Accrual.order_number == order_number)
        .where(Accrual.corrects_id.is_(None), ~func.coalesce(is_left_by(last), False))
    )
    return {(row.plan_code, row.component, row.event_key, row.part) for row in rows}


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
