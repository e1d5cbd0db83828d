"""Lists of orders and invoices, for pages and files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.db.paging import Page, page_of
from app.kernel.period import add_months
from app.revenue.models import Invoice, Order
from app.revenue.queries.balances import (
    billed_by_order,
    credited_by_invoice,
    paid_by_invoice,
    paid_by_order,
)
from app.revenue.rules import InvoiceKind

MOST_EXPORTED = 50_000
ALL, UNBILLED, UNPAID, SETTLED = "all", "unbilled", "unpaid", "settled"
ORDER_VIEWS = (ALL, UNBILLED, UNPAID, SETTLED)
BILLS, OVERDUE, CREDITS = "bills", "overdue", "credit_notes"
INVOICE_VIEWS = (ALL, UNPAID, OVERDUE, CREDITS)


@dataclass(frozen=True, slots=True)
class OrderFilters:
    """What of the orders is shown; ``sort`` is a key, or -key downwards."""

    view: str = ALL
    search: str = ""
    currency: str = ""
    month: date | None = None
    sort: str = "-booked"


@dataclass(frozen=True, slots=True)
class InvoiceFilters:
    """What of the invoices is shown; ``today`` tells what is overdue."""

    today: date
    view: str = ALL
    search: str = ""
    currency: str = ""
    month: date | None = None
    sort: str = "-issued"


def page_of_orders(session: Session, filters: OrderFilters, number: int = 1) -> Page:
    """Return one page of orders."""
    return page_of(session, _orders(filters), number)


def export_orders(session: Session, filters: OrderFilters) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return every row of a list of orders, for a file."""
    return session.execute(_orders(filters).limit(MOST_EXPORTED)).all()


def order_totals(session: Session, filters: OrderFilters) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return for each currency of a list: how many orders, booked, billed, collected."""
    rows = _orders(filters).order_by(None).subquery()
    sums = [func.sum(rows.c[name]).label(name) for name in ("total_minor", "billed", "collected")]
    return session.execute(
        select(rows.c.currency, func.count().label("count"), *sums)
        .group_by(rows.c.currency)
        .order_by(rows.c.currency)
    ).all()


def page_of_invoices(session: Session, filters: InvoiceFilters, number: int = 1) -> Page:
    """Return one page of invoices and credit notes."""
    return page_of(session, _invoices(filters), number)


def export_invoices(session: Session, filters: InvoiceFilters) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return every row of a list of invoices, for a file."""
    return session.execute(_invoices(filters).limit(MOST_EXPORTED)).all()


@lru_cache(maxsize=64)  # a statement depends on the filters alone, and is built twice a page
def _orders(filters: OrderFilters) -> Select[*tuple[Any, ...]]:
    bills, cash = billed_by_order(), paid_by_order()
    billed = func.coalesce(bills.c.invoiced - bills.c.credited, 0).label("billed")
    collected = func.coalesce(cash.c.paid - cash.c.refunded, 0).label("collected")
    wanted = (
        select(
            Order.id, Order.number, Order.state, Order.currency, Order.total_minor,
            Order.booked_on, Order.deal_type, Order.customer_reference, Order.source,
            Account.name.label("account_name"), Account.id.label("account_id"), billed, collected,
        )
        .outerjoin(Account, Account.id == Order.account_id)
        .outerjoin(bills, bills.c.order_id == Order.id)
        .outerjoin(cash, cash.c.order_id == Order.id)
    )  # fmt: skip
    views: dict[str, ColumnElement[bool]] = {
        UNBILLED: Order.total_minor > billed.element,
        UNPAID: billed.element > collected.element,
        SETTLED: collected.element >= Order.total_minor,
    }
    if filters.view in views:
        wanted = wanted.where(views[filters.view])
    wanted = _narrowed(wanted, filters, Order.booked_on, Order)
    sorts = {
        "booked": Order.booked_on, "number": Order.number, "account": func.lower(Account.name),
        "total": Order.total_minor, "billed": billed, "collected": collected,
    }  # fmt: skip
    return wanted.order_by(_sorted(filters.sort, sorts), Order.number.desc())


@lru_cache(maxsize=64)
def _invoices(filters: InvoiceFilters) -> Select[*tuple[Any, ...]]:
    paid, credits = paid_by_invoice(), credited_by_invoice()
    credited = func.coalesce(credits.c.credited, 0).label("credited")
    inflow = func.coalesce(paid.c.paid, 0).label("paid")
    outflow = func.coalesce(paid.c.refunded, 0).label("refunded")
    is_bill = Invoice.kind == InvoiceKind.INVOICE
    still_open = is_bill & (
        Invoice.amount_minor - credited.element - inflow.element + outflow.element > 0
    )
    wanted = (
        select(
            Invoice.id, Invoice.number, Invoice.kind, Invoice.currency, Invoice.amount_minor,
            Invoice.issued_on, Invoice.due_on, Order.id.label("order_id"),
            Order.number.label("order_number"), Account.name.label("account_name"),
            credited, inflow, outflow,
        )
        .join(Order, Order.id == Invoice.order_id)
        .outerjoin(Account, Account.id == Order.account_id)
        .outerjoin(paid, paid.c.invoice_id == Invoice.id)
        .outerjoin(credits, credits.c.corrects_id == Invoice.id)
    )  # fmt: skip
    views: dict[str, ColumnElement[bool]] = {
        UNPAID: still_open,
        OVERDUE: still_open & (Invoice.due_on < filters.today),
        CREDITS: ~is_bill,
    }
    if filters.view in views:
        wanted = wanted.where(views[filters.view])
    wanted = _narrowed(wanted, filters, Invoice.issued_on, Invoice)
    sorts = {
        "issued": Invoice.issued_on, "due": Invoice.due_on, "number": Invoice.number,
        "account": func.lower(Account.name), "amount": Invoice.amount_minor,
    }  # fmt: skip
    return wanted.order_by(_sorted(filters.sort, sorts), Invoice.number.desc())


def _narrowed(
    wanted: Select[*tuple[Any, ...]],
    filters: OrderFilters | InvoiceFilters,
    day: Any,
    kind: type[Order | Invoice],
) -> Select[*tuple[Any, ...]]:
    if filters.currency:
        wanted = wanted.where(kind.currency == filters.currency)
    if filters.month is not None:
        wanted = wanted.where(day >= filters.month, day < add_months(filters.month, 1))
    if filters.search:
        text = filters.search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        like = f"%{text}%"
        wanted = wanted.where(
            or_(
                Order.number.ilike(like),
                kind.number.ilike(like),
                Account.name.ilike(like),
                Order.customer_reference.ilike(like),
            )
        )
    return wanted


def _sorted(key: str, known: dict[str, Any]) -> Any:
    column = known.get(key.lstrip("-"), next(iter(known.values())))
    return column.desc().nulls_last() if key.startswith("-") else column.asc().nulls_last()
