"""Payouts, the payment files made of them, and what they pay."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, joinedload, undefer

from app.access.rules import Actor
from app.kernel.errors import NotFound
from app.partners.models import Partner, PayoutDetails
from app.statements.models import Payout, PayoutExport, Statement
from app.statements.rules import PayoutState


def payout(session: Session, payout_id: UUID, *, lock: bool = False) -> Payout:
    """Return one payout with its partner.

    :raises NotFound: if there is none
    """
    wanted = select(Payout).where(Payout.id == payout_id).options(joinedload(Payout.partner))
    if lock:
        wanted = wanted.with_for_update(of=Payout).execution_options(populate_existing=True)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def payouts_of(
    session: Session, period_id: UUID, state: PayoutState | None = None, *, lock: bool = False
) -> Sequence[Payout]:
    """Return the payouts of a period in order of their numbers, with partner and statement."""
    wanted = select(Payout).where(Payout.period_id == period_id).order_by(Payout.number)
    wanted = wanted.options(joinedload(Payout.partner), joinedload(Payout.statement))
    if state is not None:
        wanted = wanted.where(Payout.state == state)
    if lock:
        wanted = wanted.with_for_update(of=Payout).execution_options(populate_existing=True)
    return session.scalars(wanted).all()


def statements_to_pay(session: Session, period_id: UUID) -> Sequence[Statement]:
    """Return the statements of a period that pay something and have no payout yet."""
    return session.scalars(
        select(Statement)
        .outerjoin(Payout, Payout.statement_id == Statement.id)
        .where(
            Statement.period_id == period_id,
            Statement.corrects_id.is_(None),
            Statement.paid_minor > 0,
            Payout.id.is_(None),
        )
        .order_by(Statement.number)
    ).all()


def unpaid_count(session: Session, period_id: UUID) -> int:
    """Return how many payouts of a period are not settled."""
    wanted = select(func.count()).where(
        Payout.period_id == period_id, Payout.state != PayoutState.PAID
    )
    return session.scalar(wanted) or 0


@lru_cache(maxsize=128)
def payout_rows(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the statement behind lists of payouts, newest first."""
    rows = (
        select(
            Payout.id,
            Payout.number,
            Payout.state,
            Payout.currency,
            Payout.amount_minor,
            Payout.exported_at,
            Payout.settled_at,
            Payout.failure,
            Payout.proposed_by,
            Payout.statement_id,
            Payout.period_id,
            Payout.partner_id,
            Payout.export_id,
            Statement.number.label("statement_number"),
            Statement.period_start,
            Partner.name.label("partner_name"),
            PayoutDetails.iban_tail,
        )
        .join(Statement, Statement.id == Payout.statement_id)
        .join(Partner, Partner.id == Payout.partner_id)
        .outerjoin(PayoutDetails, PayoutDetails.partner_id == Payout.partner_id)
        .order_by(Statement.period_start.desc(), Payout.number)
    )
    return rows if actor.is_vendor else rows.where(Payout.partner_id.in_(actor.partner_ids))


def payouts_listed(
    session: Session, *, actor: Actor, period_id: UUID | None = None, limit: int = 500
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return payouts as rows, of one period where one is given."""
    rows = payout_rows(actor).limit(limit)
    return session.execute(
        rows if period_id is None else rows.where(Payout.period_id == period_id)
    ).all()


def exports_of(session: Session, period_id: UUID) -> Sequence[PayoutExport]:
    """Return the payment files of a period, without their content."""
    wanted = select(PayoutExport).where(PayoutExport.period_id == period_id)
    return session.scalars(wanted.order_by(PayoutExport.number)).all()


def export_with_content(session: Session, export_id: UUID) -> PayoutExport:
    """Return one payment file with its sealed content.

    :raises NotFound: if there is none
    """
    loaded = (undefer(PayoutExport.csv_sealed), undefer(PayoutExport.xml_sealed))
    wanted = select(PayoutExport).where(PayoutExport.id == export_id).options(*loaded)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found
