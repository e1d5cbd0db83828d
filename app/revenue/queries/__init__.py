"""Reading the chain: orders, invoices, payments, and the facts behind reports and plans."""

from app.revenue.queries.balances import invoice_balance, order_balance
from app.revenue.queries.events import Event, EventKind, FamilyPart, events_between, events_of
from app.revenue.queries.lists import (
    InvoiceFilters,
    OrderFilters,
    export_invoices,
    export_orders,
    order_totals,
    page_of_invoices,
    page_of_orders,
)
from app.revenue.queries.money import Rung, ladder, standing_at
from app.revenue.queries.one import (
    entities,
    entity,
    invoice,
    invoices_of,
    lines_of,
    order,
    order_of_opportunity,
    payments_of,
)

__all__ = [
    "Event",
    "EventKind",
    "FamilyPart",
    "InvoiceFilters",
    "OrderFilters",
    "Rung",
    "entities",
    "entity",
    "events_between",
    "events_of",
    "export_invoices",
    "export_orders",
    "invoice",
    "invoice_balance",
    "invoices_of",
    "ladder",
    "lines_of",
    "order",
    "order_balance",
    "order_of_opportunity",
    "order_totals",
    "page_of_invoices",
    "page_of_orders",
    "payments_of",
    "standing_at",
]
