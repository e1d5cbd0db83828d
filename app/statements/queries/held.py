"""What of a partner's issued lines is not paid today, and what each waits for."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.incentives import engine
from app.incentives.models import Accrual
from app.statements.models import StatementLine
from app.statements.queries.gates import (
    COLUMNS,
    Standing,
    Waiting,
    is_left_by,
    last_paying,
    standing,
    waiting,
)
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


def unpaid_ids(session: Session, partner_id: UUID, accrual_ids: Collection[UUID]) -> set[UUID]:
    """Return which of a partner's commission lines no statement has paid, issued or not."""
    last = last_paying(partner_id)
    return set(
        session.scalars(
            select(Accrual.id)
            .outerjoin(last, last.c.currency == Accrual.currency)
            .where(Accrual.partner_id == partner_id, Accrual.id.in_(accrual_ids), is_left_by(last))
        )
    )


def paid_of_order(
    session: Session, partner_id: UUID, order_number: str
) -> set[tuple[str, str, str, str]]:
    """Return which lines of an order were paid: plan, component, event and part."""
    found = session.scalars(
        select(Accrual).where(
            Accrual.partner_id == partner_id, Accrual.order_number == order_number
        )
    ).all()
    left = unpaid_ids(session, partner_id, [each.id for each in found])
    first = [each for each in found if each.corrects_id is None and each.id not in left]
    return {(each.plan_code, each.component, each.event_key, each.part) for each in first}


def accrual_gates(
    session: Session, partner_id: UUID, accruals: Sequence[Accrual], *, on: date
) -> dict[UUID, engine.Gate]:
    """Return what blocks commission lines of a partner that are not paid; others are absent."""
    left = unpaid_ids(session, partner_id, [each.id for each in accruals])
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
