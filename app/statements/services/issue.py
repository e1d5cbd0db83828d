"""Issue statements: frozen rows of what was calculated, hashed and entered in the ledger."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.access.rules import SYSTEM
from app.db.numbering import next_reference
from app.incentives.engine import sentence
from app.incentives.rules import AccrualKind
from app.jobs.services import enqueue
from app.kernel.errors import Broken
from app.kernel.ids import new_id
from app.ledger.rules.canonical import canonical
from app.ledger.services import record
from app.revenue.services import entity_for
from app.statements import queries
from app.statements.models import CommissionPeriod, Statement, StatementLine
from app.statements.queries import Standing, Waiting
from app.statements.queries.gates import Account
from app.statements.rules import (
    DISPUTE_DAYS,
    MISSING_PAYOUT_DETAILS,
    RISK_REVIEW,
    Payee,
    PeriodState,
    Settlement,
    Sums,
    Unpaid,
    closing,
    settle,
)
from app.statements.services.snapshot import Found, snapshot

TELL_JOB = "statements.tell"


def issue_one(session: Session, period_id: UUID, account: Account, *, at: datetime) -> Statement:
    """Issue the statement of one partner and currency for an approved period, once.

    :raises Broken: if the period is not approved, or the balances do not add up
    """
    period = queries.period(session, period_id)
    found = queries.issued(session, period_id, *account)
    if found is not None:
        return found
    if period.state is not PeriodState.APPROVED:
        raise Broken("statements are issued for an approved period only")
    rows = queries.accruals(session, account, period.start)
    statement = _statement(session, period, account, rows, at=at)
    lines = [_line(statement, position, row) for position, row in enumerate(rows, 1)]
    seal(statement, lines)
    session.add(statement)
    session.flush()
    session.add_all(lines)
    session.flush()
    enter(session, statement, "statements.statement.issued", at=at, lines=len(lines))
    enqueue(session, TELL_JOB, key=str(statement.id), statement_id=statement.id)
    return statement


def finish_issue(session: Session, period_id: UUID) -> CommissionPeriod:
    """Note that every statement of a period is issued.

    :raises Broken: if a commission line of the period stands on no statement
    """
    period = queries.period(session, period_id, lock=True)
    if missing := queries.accruals_without_line(session, period.start):
        raise Broken(f"{missing} commission lines of {period.start} stand on no statement")
    period.job_id = None
    return period


def issue_now(session: Session, period_id: UUID, *, at: datetime) -> CommissionPeriod:
    """Issue every statement of an approved period here, in this transaction."""
    period = queries.period(session, period_id)
    for account in queries.to_issue(session, period.start):
        issue_one(session, period_id, account, at=at)
    return finish_issue(session, period_id)


def seal(statement: Statement, lines: Sequence[StatementLine]) -> None:
    """Give a statement the hash of its canonical content (RFC 8785, SHA-256)."""
    text = canonical(queries.document(statement, lines))
    statement.content_hash = hashlib.sha256(text.encode()).hexdigest()


def enter(session: Session, statement: Statement, name: str, *, at: datetime, **facts: Any) -> None:
    """Enter a statement in the ledger, and keep the entry's number as that of its receipt."""
    entry = record(
        session, name, subject=statement, actor=SYSTEM, at=at, partner_id=statement.partner_id,
        number=statement.number, currency=statement.currency, period=statement.period_start,
        opening_minor=statement.opening_minor, earned_minor=statement.earned_minor,
        adjustments_minor=statement.adjustments_minor, clawbacks_minor=statement.clawbacks_minor,
        paid_minor=statement.paid_minor, closing_minor=statement.closing_minor,
        content_hash=statement.content_hash, **facts,
    )  # fmt: skip
    session.flush()
    statement.receipt_entry_id = entry.id


def _statement(
    session: Session,
    period: CommissionPeriod,
    account: Account,
    rows: Sequence[Row[*tuple[Any, ...]]],
    *,
    at: datetime,
) -> Statement:
    partner, currency = queries.partner(session, account[0]), account[1]
    entity = entity_for(session, currency)
    sums = _sums(queries.carried(session, account, period.start), rows)
    standing = queries.standing(session, [partner.id])
    waiting = _waiting(session, period, account, standing)
    settled = settle(sums, map(_unpaid, waiting), _payee(standing), currency)
    statement = Statement(
        id=new_id(),
        number=next_reference(session, "ST", at.year),
        period_id=period.id,
        partner_id=partner.id,
        entity_id=entity.id,
        period_start=period.start,
        period_until=period.until,
        currency=currency,
        opening_minor=sums.opening,
        earned_minor=sums.earned,
        adjustments_minor=sums.adjustments,
        clawbacks_minor=sums.clawbacks,
        paid_minor=settled.paid,
        closing_minor=settled.closing,
        held_minor=settled.held,
        note="",
        issued_at=at,
        dispute_until=at + timedelta(days=DISPUTE_DAYS),
    )
    _check(statement, settled)
    months = queries.months_before(session, account, period.start, _year_before(period))
    found = Found(rows, waiting if settled.held else (), months)
    statement.snapshot = snapshot(session, statement, (partner, entity), settled, found)
    return statement


def _sums(opening: int, rows: Sequence[Row[*tuple[Any, ...]]]) -> Sums:
    total = dict.fromkeys(AccrualKind, 0)
    for row in rows:
        total[row.Accrual.kind] += row.Accrual.amount_minor
    return Sums(
        opening,
        total[AccrualKind.EARNED],
        total[AccrualKind.ADJUSTMENT],
        -total[AccrualKind.CLAWBACK],
    )


def _waiting(
    session: Session, period: CommissionPeriod, account: Account, standing: Standing
) -> list[Waiting]:
    """Return the unpaid lines that something of their own blocks at the end of a month.

    What blocks all that a partner is paid blocks the balance, not each line of it.
    """
    rows = queries.unpaid_rows(session, account, period.start)
    found = queries.waiting(rows, standing.of_lines, period.until)
    return [each for each in found if each.gate is not None]


def _unpaid(waiting: Waiting) -> Unpaid:
    until, code = (waiting.gate.until, waiting.gate.code) if waiting.gate else (None, "")
    return Unpaid(until, waiting.row.amount_minor, code)


def _payee(standing: Standing) -> Payee:
    return Payee(
        is_active=RISK_REVIEW not in standing.codes,
        has_details=MISSING_PAYOUT_DETAILS not in standing.codes,
    )


def _check(s: Statement, settled: Settlement) -> None:
    """Hold the balances to invariant 2, and what is paid to what is payable."""
    sums = (s.opening_minor, s.earned_minor, s.adjustments_minor, s.clawbacks_minor, s.paid_minor)
    if closing(*sums) != s.closing_minor or not settled.paid >= 0:
        raise Broken(f"the balances of {s.number} do not add up")
    if settled.paid and settled.paid + settled.held > s.closing_minor + s.paid_minor:
        raise Broken(f"{s.number} pays more than is payable")


def _year_before(period: CommissionPeriod) -> date:
    """Return the first of the twelve months that end with a period."""
    return period.until.replace(year=period.until.year - 1)


def _line(statement: Statement, position: int, row: Row[*tuple[Any, ...]]) -> StatementLine:
    accrual = row.Accrual
    return StatementLine(
        id=new_id(),
        statement_id=statement.id,
        partner_id=statement.partner_id,
        accrual_id=accrual.id,
        position=position,
        kind=accrual.kind,
        plan_name=row.plan_name,
        title=accrual.title,
        order_number=accrual.order_number,
        customer_name=accrual.customer_name,
        earned_on=accrual.earned_on,
        payable_on=accrual.payable_on,
        base_minor=accrual.base_minor,
        amount_minor=accrual.amount_minor,
        sentence=sentence(accrual.because),
        because=accrual.because,
    )
