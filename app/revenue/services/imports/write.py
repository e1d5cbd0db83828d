"""Write the rows of a file: numbers drawn at once, each row with its ledger entry."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.db.numbering import next_references
from app.kernel.ids import new_id
from app.ledger.services import record
from app.revenue.models import Invoice, Payment
from app.revenue.queries.balances import among
from app.revenue.rules import PAYMENT_TERM, InvoiceKind
from app.revenue.rules.imports import InvoiceRow, PaymentRow
from app.revenue.services.bills import facts_of
from app.revenue.services.cash import SERIES, tell
from app.revenue.services.imports.judge import Paper
from app.revenue.services.imports.plan import Plan

_NOTHING: dict[str, Any] = {}
_BILLS = {InvoiceKind.INVOICE: "IN", InvoiceKind.CREDIT_NOTE: "CN"}


def write(session: Session, plan: Plan, source: str, *, actor: Actor, at: datetime) -> None:
    """Write what a plan holds; every row of it was checked under the same locks."""
    numbers = _numbers(session, plan.papers)
    payments, bills = [], []
    for paper, number in zip(plan.papers, numbers, strict=True):
        if isinstance(paper.row, PaymentRow):
            payments.append(_payment(paper, paper.row, number, source, at))
        else:
            bills.append(_bill(paper, paper.row, number, source, at))
    _join(plan.papers, bills)
    # A bill before its credit note, which refers to it.
    for kind in InvoiceKind:
        session.add_all([bill for bill in bills if bill.kind is kind])
        session.flush()
    session.add_all(payments)
    session.flush()
    _tell_bills(session, bills, actor=actor, at=at)
    _tell_payments(session, payments, actor=actor, at=at)


def _numbers(session: Session, papers: Sequence[Paper]) -> list[str]:
    """Return the number of each paper, in the order of the file within series and year."""
    series = [
        (SERIES[p.row.kind] if isinstance(p.row, PaymentRow) else _BILLS[p.row.kind], p.row.on.year)
        for p in papers
    ]
    counts: dict[tuple[str, int], int] = defaultdict(int)
    for key in series:
        counts[key] += 1
    drawn = {
        key: iter(next_references(session, *key, count)) for key, count in sorted(counts.items())
    }
    return [next(drawn[key]) for key in series]


def _payment(paper: Paper, row: PaymentRow, number: str, source: str, at: datetime) -> Payment:
    return Payment(
        id=new_id(),
        number=number,
        kind=row.kind,
        invoice_id=paper.bill_id,
        currency=row.amount.currency,
        amount_minor=row.amount.minor,
        received_on=row.on,
        reference=row.reference,
        source=source,
        source_id=row.source_id,
        created_at=at,
    )


def _bill(paper: Paper, row: InvoiceRow, number: str, source: str, at: datetime) -> Invoice:
    is_bill = row.kind is InvoiceKind.INVOICE
    return Invoice(
        id=new_id(),
        number=number,
        kind=row.kind,
        order_id=paper.order_id,
        corrects_id=paper.bill_id,
        currency=row.amount.currency,
        amount_minor=row.amount.minor,
        issued_on=row.on,
        due_on=(row.due_on or row.on + PAYMENT_TERM) if is_bill else row.on,
        source=source,
        source_id=row.source_id,
        created_at=at,
    )


def _join(papers: Sequence[Paper], bills: Sequence[Invoice]) -> None:
    """Point the credit notes of bills of the same file to them."""
    ids = {bill.source_id: bill.id for bill in bills if bill.kind is InvoiceKind.INVOICE}
    wanted = {paper.row.source_id: paper.bill_row for paper in papers if paper.bill_row}
    for bill in bills:
        if bill.source_id in wanted:
            bill.corrects_id = ids[wanted[bill.source_id]]


def _tell_bills(session: Session, bills: Sequence[Invoice], *, actor: Actor, at: datetime) -> None:
    numbers = _numbers_of(session, {bill.corrects_id for bill in bills if bill.corrects_id})
    for bill in bills:
        name, more = "revenue.invoice.issued", _NOTHING
        if bill.corrects_id is not None:
            name, more = "revenue.invoice.credited", {"invoice": numbers[bill.corrects_id]}
        record(session, name, subject=bill, actor=actor, at=at, **more, **facts_of(bill))


def _tell_payments(
    session: Session, payments: Sequence[Payment], *, actor: Actor, at: datetime
) -> None:
    wanted = select(Invoice).where(among(Invoice.id, {payment.invoice_id for payment in payments}))
    bills = {bill.id: bill for bill in session.scalars(wanted)}
    for payment in payments:
        tell(session, payment, bills[payment.invoice_id], actor=actor, at=at)


def _numbers_of(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    rows = session.execute(select(Invoice.id, Invoice.number).where(among(Invoice.id, ids)))
    return {row.id: row.number for row in rows}
