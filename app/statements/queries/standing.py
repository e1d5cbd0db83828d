"""Everything but time that keeps what partners earned from being paid: who, and what in dispute."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.incentives import engine
from app.incentives.models import Accrual
from app.partners.models import Partner, PayoutDetails
from app.partners.rules import PartnerState
from app.statements.models import Dispute, StatementLine
from app.statements.rules import OPEN_DISPUTES


@dataclass(frozen=True, slots=True)
class Disputed:
    """An open dispute, and the line that it is about."""

    id: UUID
    number: str
    partner_id: UUID
    statement_id: UUID
    accrual_id: UUID
    order_number: str
    event_key: str
    raised_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the way of paying some partners."""

    of_payees: Sequence[engine.Block]
    disputes: Sequence[Disputed]

    @property
    def of_lines(self) -> list[engine.Block]:
        """A block for what each open dispute is about: an event of an order."""
        return [
            engine.Block(
                engine.BlockCode.DISPUTE,
                str(each.partner_id),
                each.raised_on,
                order_id=each.order_number,
                event_key=each.event_key,
            )
            for each in self.disputes
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
    """Return what stands in the way of paying some partners.

    A partner that is being onboarded, suspended or gone is paid after somebody has looked; one of
    whom it is not known where to pay, once it has said so.
    """
    disputes = _open_disputes().subquery()
    rows = session.execute(
        select(Partner.id.label("payee"), Partner.state, Partner.joined_at,
               PayoutDetails.partner_id.label("account"), *disputes.c)
        .outerjoin(PayoutDetails, PayoutDetails.partner_id == Partner.id)
        .outerjoin(disputes, disputes.c.partner_id == Partner.id)
        .where(Partner.id.in_(partner_ids))
        .order_by(Partner.id, disputes.c.raised_at, disputes.c.id)
    ).all()  # fmt: skip
    of_payees: list[engine.Block] = []
    for _, group in groupby(rows, attrgetter("payee")):
        of_payees += _of_payee(next(group))
    return Standing(of_payees, [_disputed(row) for row in rows if row.number is not None])


def _open_disputes() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Dispute.id, Dispute.number, Dispute.partner_id, Dispute.statement_id, Dispute.raised_at,
            StatementLine.accrual_id, Accrual.order_number, Accrual.event_key,
        )
        .join(StatementLine, StatementLine.id == Dispute.line_id)
        .join(Accrual, Accrual.id == StatementLine.accrual_id)
        .where(Dispute.state.in_(OPEN_DISPUTES))
    )  # fmt: skip


def _of_payee(row: Row[*tuple[Any, ...]]) -> list[engine.Block]:
    codes = [engine.BlockCode.RISK_REVIEW] if row.state is not PartnerState.ACTIVE else []
    codes += [engine.BlockCode.MISSING_PAYOUT_DETAILS] if row.account is None else []
    return [engine.Block(code, str(row.payee), row.joined_at.date()) for code in codes]


def _disputed(row: Row[*tuple[Any, ...]]) -> Disputed:
    return Disputed(
        row.id,
        row.number,
        row.partner_id,
        row.statement_id,
        row.accrual_id,
        row.order_number,
        row.event_key,
        row.raised_at.date(),
    )
