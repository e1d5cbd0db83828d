"""What stands in the way of payouts that are not with the bank yet."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.incentives import engine
from app.statements.models import Payout, Statement
from app.statements.queries.gates import unpaid_rows
from app.statements.queries.standing import Disputed, Standing, standing
from app.statements.rules import DISPUTE_OPEN, SAID_OF_PAYOUT, PayoutState

_NOT_SENT = (PayoutState.PENDING, PayoutState.APPROVED)
_Row = Row[*tuple[Any, ...]]


def payout_gates(
    session: Session, payout_ids: Collection[UUID], known: Standing | None = None
) -> dict[UUID, engine.Gate]:
    """Return why payouts that wait to be sent are not: of the payee, else of a disputed line.

    A statement is paid by one transfer, so that a dispute about any line that it pays holds it.
    ``known`` is what stands in the way of their partners, where that is at hand.
    """
    wanted = payouts_to_send().where(Payout.id.in_(payout_ids), Payout.state.in_(_NOT_SENT))
    rows = session.execute(wanted).all()
    if not rows:
        return {}
    found = known or standing(session, {row.partner_id for row in rows})
    codes = {row.id: _code(session, row, found) for row in rows}
    return {
        payout_id: engine.Gate(code, None, SAID_OF_PAYOUT[code])
        for payout_id, code in codes.items()
        if code
    }


def payout_gate(session: Session, payout: _Row | None, known: Standing) -> engine.Gate | None:
    """Return why one payout, read by ``payout_of``, is not sent; None where it is, or none is."""
    if payout is None or payout.state not in _NOT_SENT:
        return None
    code = _code(session, payout, known)
    return engine.Gate(code, None, SAID_OF_PAYOUT[code]) if code else None


def payout_of(session: Session, statement_id: UUID) -> _Row | None:
    """Return the payout of a statement, None where it has none."""
    wanted = payouts_to_send().where(Payout.statement_id == statement_id)
    return session.execute(wanted).one_or_none()


def payouts_to_send() -> Select[*tuple[Any, ...]]:
    """Return the statement that reads payouts with what decides whether they may be sent."""
    return select(
        Payout.id, Payout.number, Payout.state, Payout.partner_id, Payout.currency,
        Payout.statement_id, Statement.period_start, Statement.snapshot["held"].label("held"),
    ).join(Statement, Statement.id == Payout.statement_id)  # fmt: skip


def _code(session: Session, payout: _Row, found: Standing) -> str:
    """Return the gate of a payout, empty where none is in the way."""
    own = [block for block in found.of_payees if block.partner_id == str(payout.partner_id)]
    if own:
        return own[0].code.value
    disputes = [row for row in found.disputes if row.partner_id == payout.partner_id]
    return DISPUTE_OPEN if disputes and _pays_one(session, payout, disputes) else ""


def _pays_one(session: Session, payout: _Row, disputes: Sequence[Disputed]) -> bool:
    """Whether the statement of a payout pays an event that is in dispute."""
    held = {each["line"] for each in payout.held or ()}
    if any(
        row.statement_id == payout.statement_id and str(row.accrual_id) not in held
        for row in disputes
    ):
        return True
    rows = unpaid_rows(session, (payout.partner_id, payout.currency), payout.period_start)
    paid = {(row.order_number, row.event_key) for row in rows if str(row.id) not in held}
    return any((row.order_number, row.event_key) in paid for row in disputes)
