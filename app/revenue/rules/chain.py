"""Orders, invoices and payments: what they are, and what is still open on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.kernel.errors import Conflict, FieldError, Invalid
from app.kernel.format import money
from app.kernel.money import Money, allocate

PAYMENT_TERM = timedelta(days=30)
"""When a bill is due where nothing else was agreed."""
_ZONES_AHEAD = timedelta(days=1)


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


class InvoiceState(StrEnum):
    """How an invoice stands, seen from what was credited and paid."""

    OPEN = "open"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    CREDITED = "credited"
    OVERDUE = "overdue"


class MoreThanOpen(Invalid):
    """The amount is more than what is left to bill, credit, pay or refund."""

    code = "revenue.more_than_open"


class NotPositive(Invalid):
    """The amount is zero or below."""

    code = "revenue.not_positive"


class OtherCurrency(Invalid):
    """The amount is not in the currency of the order."""

    code = "revenue.other_currency"


class WrongDay(Invalid):
    """The day cannot be: in the future, or before what it follows."""

    code = "revenue.wrong_day"


class NotWon(Conflict):
    """The opportunity is not won."""

    code = "revenue.not_won"


class AlreadyBooked(Conflict):
    """The opportunity has an order."""

    code = "revenue.already_booked"


class NothingToBook(Conflict):
    """The opportunity has no product lines, or they are worth nothing."""

    code = "revenue.nothing_to_book"


class OrderCancelled(Conflict):
    """The order does not stand any more."""

    code = "revenue.order_cancelled"


class NotAnInvoice(Conflict):
    """Only a bill can be credited, paid or refunded, not a credit note."""

    code = "revenue.not_an_invoice"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written on a bill, credit note, payment or refund."""

    amount: Money
    on: date
    due_on: date | None = None
    reference: str = ""
    source: str | None = None
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class OrderBalance:
    """Booked, billed and collected on one order, in minor units; bills and payments are net."""

    total: int
    invoiced: int = 0
    credited: int = 0
    paid: int = 0
    refunded: int = 0

    @property
    def billed(self) -> int:
        """Bills less credit notes."""
        return self.invoiced - self.credited

    @property
    def collected(self) -> int:
        """Payments less refunds."""
        return self.paid - self.refunded

    @property
    def unbilled(self) -> int:
        """What may still be billed."""
        return self.total - self.billed

    @property
    def unpaid(self) -> int:
        """What was billed and has not come in; below zero where more came in than is billed."""
        return self.billed - self.collected


@dataclass(frozen=True, slots=True)
class InvoiceBalance:
    """Amount, credits and payments of one invoice, in minor units."""

    amount: int
    credited: int = 0
    paid: int = 0
    refunded: int = 0

    @property
    def collected(self) -> int:
        """Payments less refunds."""
        return self.paid - self.refunded

    @property
    def open(self) -> int:
        """What may still be paid; never below zero."""
        return max(0, self.amount - self.credited - self.collected)

    @property
    def creditable(self) -> int:
        """What may still be credited."""
        return self.amount - self.credited

    @property
    def refundable(self) -> int:
        """What may still be refunded."""
        return self.collected


def state_of(balance: InvoiceBalance, due_on: date, today: date) -> InvoiceState:
    """Return how an invoice stands on ``today``."""
    if not balance.open:
        return InvoiceState.PAID if balance.collected else InvoiceState.CREDITED
    if due_on < today:
        return InvoiceState.OVERDUE
    return InvoiceState.PARTLY_PAID if balance.collected else InvoiceState.OPEN


def check_amount(amount: Money, most: int, currency: str, *, what: str) -> None:
    """Refuse an amount that cannot be; ``what`` names in a word what ``most`` is left of.

    :raises OtherCurrency: if it is not in ``currency``
    :raises NotPositive: if it is zero or below
    :raises MoreThanOpen: if it is more than ``most`` minor units
    """
    if amount.currency != currency:
        raise _refusal(OtherCurrency, "amount", f"The order is in {currency}.")
    if amount.minor <= 0:
        raise _refusal(NotPositive, "amount", "Give an amount above zero.")
    if amount.minor > most:
        left = money(Money(max(0, most), currency)).replace("\u00a0", " ")
        raise _refusal(MoreThanOpen, "amount", f"Only {left} is left to {what}.")


def check_day(on: date, *, today: date, after: date, what: str, field: str = "on") -> None:
    """Refuse a day in the future, or before ``after``, the day of ``what``.

    :raises WrongDay: if so
    """
    if on > today + _ZONES_AHEAD:
        raise _refusal(WrongDay, field, "The day lies in the future.")
    if on < after:
        raise _refusal(WrongDay, field, f"The day lies before {what}, {after.isoformat()}.")


def _refusal(kind: type[Invalid], field: str, sentence: str) -> Invalid:
    return kind(sentence, errors=(FieldError(field, sentence, kind.code),))


def split_by_weight(minor: int, weights: Sequence[int]) -> list[int]:
    """Split an amount by line amounts (largest remainder); evenly where all are zero."""
    return allocate(minor, weights if any(weights) else [1] * len(weights))
