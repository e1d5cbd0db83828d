"""Reading the ledger: what happened to a thing, receipts, and the walk over the whole log."""

from app.ledger.queries.entries import Event, entry_number, names_of, recent, timeline
from app.ledger.queries.heads import current_head, note, public_keys, published_key, quarrel
from app.ledger.queries.receipts import receipt
from app.ledger.queries.verdicts import Check, Verdict, check_receipt
from app.ledger.queries.walk import Report, verify_log
from app.ledger.rules.audit import Bad

__all__ = [
    "Bad",
    "Check",
    "Event",
    "Report",
    "Verdict",
    "check_receipt",
    "current_head",
    "entry_number",
    "names_of",
    "note",
    "public_keys",
    "published_key",
    "quarrel",
    "receipt",
    "recent",
    "timeline",
    "verify_log",
]
