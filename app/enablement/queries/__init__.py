"""Reads of the library and of certificates."""

from app.enablement.queries import certificates, library
from app.enablement.queries.certificates import certificate, lapsed, live_counts, subjects
from app.enablement.queries.library import Filters, by_id, one, visible_to

__all__ = [
    "Filters",
    "by_id",
    "certificate",
    "certificates",
    "lapsed",
    "library",
    "live_counts",
    "one",
    "subjects",
    "visible_to",
]
