"""What a file of payments or invoices is held against, and the files brought so far."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session, undefer

from app.identity.models import User
from app.kernel.errors import NotFound
from app.revenue.models import Import, Invoice, Order, Payment
from app.revenue.queries.balances import among, invoice_balances, order_balances
from app.revenue.rules import InvoiceBalance, InvoiceKind, OrderBalance, OrderState


@dataclass(slots=True)
class KnownBill:
    """A stored bill, and what would be open on it after the rows looked at so far."""

    id: UUID
    number: str
    order_id: UUID
    kind: InvoiceKind
    currency: str
    issued_on: date
    stands: bool
    balance: InvoiceBalance


@dataclass(slots=True)
class KnownOrder:
    """A stored order, and what would be billed on it after the rows looked at so far."""

    id: UUID
    number: str
    currency: str
    booked_on: date
    stands: bool
    balance: OrderBalance


def known_bills(
    session: Session, source: str, names: Iterable[str], *, lock: bool = False
) -> dict[str, KnownBill]:
    """Return bills by their number, and by the identifier that ``source`` gave them."""
    wanted = sorted(set(names))
    rows = session.execute(
        select(
            Invoice.id, Invoice.number, Invoice.order_id, Invoice.kind, Invoice.currency,
            Invoice.issued_on, Invoice.source_id, Invoice.amount_minor, Order.state,
        )
        .join(Order, Order.id == Invoice.order_id)
        .where(_named(Invoice, source, wanted))
    ).all()  # fmt: skip
    if lock:
        _lock(session, {row.order_id for row in rows})
    ids = [row.id for row in rows]
    balances = {
        row.id: InvoiceBalance(*map(int, row[1:]))
        for row in session.execute(invoice_balances().where(among(Invoice.id, ids)))
    }
    found: dict[str, KnownBill] = {}
    for row in rows:
        balance = balances.get(row.id) or InvoiceBalance(row.amount_minor)
        bill = KnownBill(*row[:6], row.state is OrderState.BOOKED, balance)
        found[row.number] = bill
        if row.source_id in wanted:
            found.setdefault(row.source_id, bill)
    return found


def known_orders(
    session: Session, source: str, names: Iterable[str], *, lock: bool = False
) -> dict[str, KnownOrder]:
    """Return orders by their number, and by the identifier that ``source`` gave them."""
    wanted = sorted(set(names))
    rows = session.execute(
        select(
            Order.id, Order.number, Order.currency, Order.booked_on, Order.state, Order.source_id
        ).where(_named(Order, source, wanted))
    ).all()
    ids = {row.id for row in rows}
    if lock:
        _lock(session, ids)
    balances = {
        row.id: OrderBalance(*map(int, row[1:]))
        for row in session.execute(order_balances().where(among(Order.id, ids)))
    }
    found: dict[str, KnownOrder] = {}
    for row in rows:
        stands = row.state is OrderState.BOOKED
        order = KnownOrder(*row[:4], stands, balances[row.id])
        found[row.number] = order
        if row.source_id in wanted:
            found.setdefault(row.source_id, order)
    return found


def _named(kind: type[Invoice | Order], source: str, names: Sequence[str]) -> Any:
    return or_(among(kind.number, names), and_(kind.source == source, among(kind.source_id, names)))


def _lock(session: Session, order_ids: set[UUID]) -> None:
    """Wait for whoever writes along the chain of these orders, always in the same order."""
    wanted = select(Order.id).where(among(Order.id, order_ids)).order_by(Order.id)
    session.execute(wanted.with_for_update())


def imported_payments(
    session: Session, source: str, source_ids: Iterable[str]
) -> dict[str, Row[*tuple[Any, ...]]]:
    """Return the payments that ``source`` brought: kind, amount, currency, day, invoice."""
    rows = session.execute(
        select(
            Payment.source_id, Payment.kind, Payment.amount_minor, Payment.currency,
            Payment.received_on.label("on"), Payment.invoice_id,
        ).where(Payment.source == source, among(Payment.source_id, source_ids))
    )  # fmt: skip
    return {row.source_id: row for row in rows}


def imported_invoices(
    session: Session, source: str, source_ids: Iterable[str]
) -> dict[str, Row[*tuple[Any, ...]]]:
    """Return the bills that ``source`` brought: kind, amount, currency, day, order."""
    rows = session.execute(
        select(
            Invoice.source_id, Invoice.kind, Invoice.amount_minor, Invoice.currency,
            Invoice.issued_on.label("on"), Invoice.order_id,
        ).where(Invoice.source == source, among(Invoice.source_id, source_ids))
    )  # fmt: skip
    return {row.source_id: row for row in rows}


def one_import(session: Session, import_id: UUID, *, lock: bool = False) -> Import:
    """Return a file that was brought; with its content where it is locked to be decided.

    :raises NotFound: where there is none that the reader may see
    """
    wanted = select(Import).where(Import.id == import_id)
    if lock:
        wanted = wanted.options(undefer(Import.content)).with_for_update()
        wanted = wanted.execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def recent_imports(session: Session, limit: int = 50) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the newest files: id, kind, state, source, file_name, report, brought_at, who."""
    return session.execute(
        select(
            Import.id, Import.kind, Import.state, Import.source, Import.file_name,
            Import.report["rows"].as_integer().label("rows"),
            Import.report["good"].as_integer().label("good"),
            Import.report["bad"].as_integer().label("bad"),
            Import.report["unchanged"].as_integer().label("unchanged"),
            Import.brought_at, User.name.label("who"),
        )
        .outerjoin(User, User.id == Import.brought_by)
        .order_by(Import.brought_at.desc(), Import.id)
        .limit(limit)
    ).all()  # fmt: skip
