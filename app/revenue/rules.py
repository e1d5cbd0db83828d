"""Orders, invoices and payments: what they are and what is still open on them."""

from enum import StrEnum


class OrderState(StrEnum):
    """Whether an order stands."""

    BOOKED = "booked"
    CANCELLED = "cancelled"


class InvoiceKind(StrEnum):
    """A bill, or a credit note that takes part of one back."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class PaymentKind(StrEnum):
    """Money that came in, or went back."""

    PAYMENT = "payment"
    REFUND = "refund"
