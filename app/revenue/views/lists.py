"""Lists of orders and invoices, and files of exactly what is shown."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires
from app.access.rules import Permission
from app.db.paging import Page
from app.kernel.clock import today
from app.kernel.money import Money
from app.kernel.period import month_of
from app.revenue import queries
from app.revenue.queries import InvoiceFilters, OrderFilters
from app.revenue.queries.lists import INVOICE_VIEWS, ORDER_VIEWS
from app.revenue.rules import InvoiceBalance, InvoiceKind, state_of
from app.revenue.views import bp
from app.web.exports import Row, Sheet, csv_bytes, xlsx_bytes
from app.web.respond import csv_file, page, xlsx_file

_LONGEST_SEARCH = 120
_VIEW_NAMES = {
    "all": "All", "unbilled": "To be billed", "unpaid": "Not fully paid", "settled": "Paid",
    "overdue": "Overdue", "credit_notes": "Credit notes",
}  # fmt: skip
_ORDER_HEAD = (
    "Number", "Customer", "Booked on", "Type", "Currency", "Booked", "Billed", "Collected",
    "To be billed", "Customer’s order number", "State", "Source",
)  # fmt: skip
_INVOICE_HEAD = (
    "Number", "Kind", "Order", "Customer", "Issued on", "Due on", "Currency", "Amount", "Credited",
    "Paid", "Refunded", "Open", "State",
)  # fmt: skip


@bp.get("/orders")
@requires(Permission.ORDER_VIEW)
def orders() -> ResponseReturnValue:
    """List orders with what is billed and collected."""
    session, filters = current_session(), _order_filters()
    found = queries.page_of_orders(session, filters, _number())
    return page(
        "revenue/orders.html",
        found=found,
        filters=filters,
        totals=queries.order_totals(session, filters),
        **_furniture("revenue.orders", filters, ORDER_VIEWS, found),
    )


@bp.get("/orders.<any(csv, xlsx):kind>")
@requires(Permission.ORDER_VIEW)
def orders_file(kind: str) -> Response:
    """Return the list of orders as a file."""
    found = queries.export_orders(current_session(), _order_filters())
    return _file(kind, "Orders", _ORDER_HEAD, [_order_cells(row) for row in found])


@bp.get("/invoices")
@requires(Permission.ORDER_VIEW)
def invoices() -> ResponseReturnValue:
    """List invoices and credit notes."""
    filters = _invoice_filters()
    found = queries.page_of_invoices(current_session(), filters, _number())
    return page(
        "revenue/invoices.html",
        found=found,
        filters=filters,
        stated=[(row, *standing(row, filters.today)) for row in found.rows],
        **_furniture("revenue.invoices", filters, INVOICE_VIEWS, found),
    )


@bp.get("/invoices.<any(csv, xlsx):kind>")
@requires(Permission.ORDER_VIEW)
def invoices_file(kind: str) -> Response:
    """Return the list of invoices as a file."""
    filters = _invoice_filters()
    found = queries.export_invoices(current_session(), filters)
    cells = [_invoice_cells(row, filters.today) for row in found]
    return _file(kind, "Invoices", _INVOICE_HEAD, cells)


def standing(row: Any, on: date) -> tuple[str, int]:
    """Return the state of an invoice as a word, and what is open on it in minor units."""
    if row.kind is not InvoiceKind.INVOICE:
        return InvoiceKind.CREDIT_NOTE.value, 0
    balance = InvoiceBalance(row.amount_minor, int(row.credited), int(row.paid), int(row.refunded))
    return state_of(balance, row.due_on, on).value, balance.open


def _order_cells(row: Any) -> Row:
    def money(minor: int) -> Money:
        return Money(int(minor), row.currency)

    return (
        row.number, row.account_name, row.booked_on, row.deal_type, row.currency,
        money(row.total_minor), money(row.billed), money(row.collected),
        money(row.total_minor - row.billed), row.customer_reference, row.state, row.source,
    )  # fmt: skip


def _invoice_cells(row: Any, on: date) -> Row:
    def money(minor: int) -> Money:
        return Money(int(minor), row.currency)

    state, left = standing(row, on)
    return (
        row.number, row.kind, row.order_number, row.account_name, row.issued_on, row.due_on,
        row.currency, money(row.amount_minor), money(row.credited), money(row.paid),
        money(row.refunded), money(left), state,
    )  # fmt: skip


def _file(kind: str, name: str, head: Sequence[str], rows: list[Row]) -> Response:
    if kind == "csv":
        return csv_file(csv_bytes(head, rows), f"{name.lower()}.csv")
    return xlsx_file(xlsx_bytes([Sheet(name, head, rows)]), f"{name.lower()}.xlsx")


def _asked() -> dict[str, Any]:
    """Return the filters that both lists share, as the address gives them."""
    asked = request.args
    return {
        "view": asked.get("view", "all"),
        "search": asked.get("q", "").replace("\0", "")[:_LONGEST_SEARCH].strip(),
        "currency": asked.get("currency", "").upper()[:3].replace("\0", ""),
        "month": _month(asked.get("month", "")),
    }


def _order_filters() -> OrderFilters:
    return OrderFilters(**_asked(), sort=_sort("-booked"))


def _invoice_filters() -> InvoiceFilters:
    return InvoiceFilters(today(), **_asked(), sort=_sort("-issued"))


def _sort(default: str) -> str:
    sort = request.args.get("sort", "")
    return sort if sort.lstrip("-").isalpha() else default


def _month(text: str) -> date | None:
    try:
        return month_of(date.fromisoformat(f"{text}-01")).start
    except ValueError:
        return None


def _number() -> int:
    return min(max(1, request.args.get("page", 1, type=int)), 10**6)


def _furniture(
    endpoint: str, filters: OrderFilters | InvoiceFilters, views: Sequence[str], found: Page
) -> dict[str, Any]:
    """Return what a list page shows around its rows: chips, sorting, pages, files."""
    now_asked = asdict(filters)

    def address(to: str = endpoint, **over: Any) -> str:
        asked = {**now_asked, **over}
        month = asked["month"]
        return url_for(
            to, view=asked["view"] if asked["view"] != "all" else None, q=asked["search"] or None,
            currency=asked["currency"] or None, month=f"{month:%Y-%m}" if month else None,
            sort=asked["sort"], page=over.get("page"), kind=over.get("kind"),
        )  # fmt: skip

    def sort_url(key: str) -> str:
        return address(sort=f"-{key}" if filters.sort == key else key)

    return {
        "chips": [(_VIEW_NAMES[v], address(view=v), v == filters.view) for v in views],
        "sort_url": sort_url,
        "files": [(kind.upper(), address(f"{endpoint}_file", kind=kind)) for kind in _KINDS],
        "pages": _pages(found, address),
    }


_KINDS = ("csv", "xlsx")


def _pages(found: Page, address: Any) -> dict[str, Any]:
    return {
        "first": found.first_row,
        "last": found.last_row,
        "total": found.total,
        "previous_url": address(page=found.number - 1) if found.number > 1 else "",
        "next_url": address(page=found.number + 1) if found.number < found.last else "",
    }
