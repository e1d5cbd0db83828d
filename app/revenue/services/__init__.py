"""What is done along the chain: book, bill, credit, collect, refund; each leaves an entry."""

from app.revenue.services.bills import issue_credit_note, issue_invoice
from app.revenue.services.booking import CREDIT_JOB, Booking, book
from app.revenue.services.cash import record_payment, record_refund
from app.revenue.services.entities import (
    EntityCodeTaken,
    EntityFacts,
    NoLegalEntity,
    add_entity,
    entity_for,
)

__all__ = [
    "CREDIT_JOB",
    "Booking",
    "EntityCodeTaken",
    "EntityFacts",
    "NoLegalEntity",
    "add_entity",
    "book",
    "entity_for",
    "issue_credit_note",
    "issue_invoice",
    "record_payment",
    "record_refund",
]
