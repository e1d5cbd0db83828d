"""What stands in the way of payouts that are not with the bank yet."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.incentives import engine
from app.incentives.queries import payee_blocks
from app.statements.models import Payout, Statement
from app.statements.queries.gates import dispute_blocks, disputed, unpaid_rows
from app.statements.rules import SAID_OF_PAYOUT, PayoutState

_NOT_SENT = (PayoutState.PENDING, PayoutState.APPROVED)


def payout_gates(session: Session, payout_ids: Collection[UUID]) -> dict[UUID, engine.Gate]:
    """Return why payouts that wait to be sent are not: of the payee, else of a disputed line.

    A statement is paid by one transfer, so that a dispute about any line that it pays holds it.
    """
    rows = session.execute(
        select(
            Payout.id, Payout.partner_id, Payout.currency,
            Statement.period_start, Statement.snapshot["held"].label("held"),
        )
        .join(Statement, Statement.id == Payout.statement_id)
        .where(Payout.id.in_(payout_ids), Payout.state.in_(_NOT_SENT))
    ).all()  # fmt: skip
    if not rows:
        return {}
    partner_ids = {row.partner_id for row in rows}
    of_payee = {block.partner_id: block for block in reversed(payee_blocks(session, partner_ids))}
    disputes = dispute_blocks(disputed(session, partner_ids))
    found = {}
    for row in rows:
        block = of_payee.get(str(row.partner_id)) or _disputed(session, row, disputes)
        if block is not None:
            found[row.id] = engine.Gate(block.code.value, None, SAID_OF_PAYOUT[block.code.value])
    return found


def _disputed(
    session: Session, payout: Row[*tuple[Any, ...]], disputes: Sequence[engine.Block]
) -> engine.Block | None:
    """Return a dispute about a line that the statement of a payout pays."""
    own = [block for block in disputes if block.partner_id == str(payout.partner_id)]
    if not own:
        return None
    held = {each["line"] for each in payout.held or ()}
    rows = unpaid_rows(session, (payout.partner_id, payout.currency), payout.period_start)
    paid = {(row.order_number, row.event_key) for row in rows if str(row.id) not in held}
    return next((block for block in own if (block.order_id, block.event_key) in paid), None)
