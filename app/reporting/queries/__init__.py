"""Ecosystem revenue: documents of a measure, their sums, each partner's credit."""

from app.reporting.queries.credits import PartnerSum, by_partner, partners
from app.reporting.queries.documents import Asked, all_rows, page_of_rows
from app.reporting.queries.sums import MonthRoute, by_month, currencies, ladder, unattributed

__all__ = [
    "Asked",
    "MonthRoute",
    "PartnerSum",
    "all_rows",
    "by_month",
    "by_partner",
    "currencies",
    "ladder",
    "page_of_rows",
    "partners",
    "unattributed",
]
