"""Reads of the library and of certificates."""

from app.enablement.queries import certificates, library
from app.enablement.queries.certificates import certificate, live_counts
from app.enablement.queries.library import Filters, by_id, one, visible_to

__all__ = [
    "Filters",
    "by_id",
    "certificate",
    "certificates",
    "library",
    "live_counts",
    "one",
    "visible_to",
]
