"""What of a partner's issued lines is not paid today, and what each waits for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.incentives import engine
from app.incentives.models import Accrual
from app.statements.models import StatementLine
from app.statements.queries.gates import (
    COLUMNS,
    Waiting,
    blocks,
    is_left_by,
    last_paying,
    left_by,
    waiting,
)
from app.statements.rules import NEXT_STATEMENT, Payee, stop_of

_NEXT = engine.Gate(NEXT_STATEMENT, None, "It is paid with the next statement.")


def held_lines(
    session: Session, partner_id: UUID, standing: Iterable[engine.Block], *, on: date
) -> list[Waiting]:
    """Return the issued lines of a partner that are not paid, each with its gate on a day.

    A line that nothing of its own blocks waits for its balance: to reach the minimum, to be
    positive, or for the next statement.
    """
    paid = last_paying(session, partner_id)
    left = [and_(Accrual.currency == last.currency, left_by(last)) for last in paid]
    never = Accrual.currency.not_in([last.currency for last in paid])
    rows = session.execute(
        select(*COLUMNS, StatementLine.id.label("line_id"), StatementLine.statement_id)
        .join(StatementLine, StatementLine.accrual_id == Accrual.id)
        .where(Accrual.partner_id == partner_id, or_(never, *left))
    ).all()
    found = _of_balances(waiting(rows, standing, on))
    return sorted(found, key=_order)


def line_gates(
    session: Session, partner_id: UUID, standing: Iterable[engine.Block], *, on: date
) -> dict[UUID, engine.Gate]:
    """Return the gate of each line of a partner's statements that is not paid, by the line."""
    found = held_lines(session, partner_id, standing, on=on)
    return {each.row.line_id: each.gate for each in found if each.gate is not None}


def unpaid_accruals(
    session: Session, partner_id: UUID, accruals: Iterable[Accrual]
) -> list[Accrual]:
    """Return those of a partner's commission lines that no statement has paid, issued or not."""
    paid = {last.currency: last for last in last_paying(session, partner_id)}
    return [each for each in accruals if is_left_by(paid.get(each.currency), each)]


def paid_of_order(
    session: Session, partner_id: UUID, order_number: str
) -> set[tuple[str, str, str, str]]:
    """Return which lines of an order were paid: plan, component, event and part."""
    found = session.scalars(
        select(Accrual).where(
            Accrual.partner_id == partner_id, Accrual.order_number == order_number
        )
    ).all()
    left = {each.id for each in unpaid_accruals(session, partner_id, found)}
    first = [each for each in found if each.corrects_id is None and each.id not in left]
    return {(each.plan_code, each.component, each.event_key, each.part) for each in first}


def accrual_gates(
    session: Session, partner_id: UUID, accruals: Iterable[Accrual], *, on: date
) -> dict[UUID, engine.Gate]:
    """Return what blocks commission lines of a partner that are not paid; others are absent."""
    left = unpaid_accruals(session, partner_id, accruals)
    found = waiting(left, blocks(session, [partner_id]), on)
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
