"""What happens after a contract begins: one record per fact, dated, and when it was recorded."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from app.revenue.recognition.terms import Estimate, Obligation


class Kind(StrEnum):
    """What an event tells of."""

    MODIFICATION = "modification"
    ESTIMATE = "estimate"
    TRUE_UP = "true_up"
    DELIVERY = "delivery"
    USAGE = "usage"
    REDEMPTION = "redemption"
    OUTPUT = "output"
    INPUT = "input"
    COST = "cost"
    PROGRESS = "progress"
    MILESTONE = "milestone"
    ROYALTY = "royalty"
    RETURN = "return"
    EXPIRY = "expiry"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    REFUND = "refund"
    APPLY_CREDIT = "apply_credit"
    PROMISE_TO_CUSTOMER = "promise_to_customer"
    PAYMENT_TO_CUSTOMER = "payment_to_customer"
    IMPAIRMENT = "impairment"
    IMPAIRMENT_REVERSAL = "impairment_reversal"
    CANCELLATION = "cancellation"


BILLING = frozenset({Kind.INVOICE, Kind.CREDIT_NOTE, Kind.PAYMENT, Kind.REFUND, Kind.APPLY_CREDIT})
PAPERS = BILLING | {Kind.PAYMENT_TO_CUSTOMER}
"""Events that move money, or the right to it."""
ADJUSTING = frozenset(
    {Kind.MODIFICATION, Kind.ESTIMATE, Kind.TRUE_UP, Kind.PROMISE_TO_CUSTOMER, Kind.CANCELLATION}
)
"""Events whose effect on revenue of earlier days is a cumulative catch-up."""
_RANK = {kind: place for place, kind in enumerate(Kind)}


class Treatment(StrEnum):
    """How a modification is accounted for (IFRS 15.20-21, ASC 606-10-25-12 and 13)."""

    SEPARATE = "separate"
    PROSPECTIVE = "prospective"
    CATCH_UP = "cumulative_catch_up"
    COMBINED = "combined"


@dataclass(frozen=True, slots=True)
class Change:
    """What a modification changes of one obligation; what is not named stays."""

    obligation: str
    path: str
    quantity: Fraction | None = None
    """Added to the quantity; below zero where some is taken out."""
    total: Fraction | None = None
    uninstalled: Fraction | None = None
    until: date | None = None
    ssp: Fraction | None = None
    unit_price: Fraction | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Modification:
    """A change in scope or price that both parties approved."""

    treatment: Treatment | None = None
    price_change: Fraction = Fraction(0)
    added: tuple[Obligation, ...] = ()
    changes: tuple[Change, ...] = ()
    at_ssp: bool | None = None
    distinct: bool | frozenset[str] | None = None
    """Whether what remains is distinct from what was transferred, or of which obligations."""
    credit: Fraction = Fraction(0)
    """Takes back revenue of what was transferred before, for defects and the like."""
    credit_of: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One dated fact; ``path`` is where the document says it."""

    kind: Kind
    on: date
    path: str
    recorded_on: date
    number: int = 0
    id: str = ""
    obligation: str = ""
    variable: str = ""
    invoice: str = ""
    cost: str = ""
    quantity: Fraction | None = None
    cumulative: bool = False
    amount: Fraction = Fraction(0)
    due_on: date | None = None
    counts: bool = True
    """Whether a cost moves the measure of progress (wasted cost does not)."""
    uninstalled: bool = False
    milestone: str = ""
    estimate: Estimate | None = None
    total: Fraction | None = None
    expected_returns: Fraction | None = None
    returns_rate: Fraction | None = None
    modification: Modification | None = None
    refund: Fraction | None = None
    fee: Fraction = Fraction(0)
    fair_value: Fraction = Fraction(0)
    until: date | None = None

    @property
    def order(self) -> tuple[date, int, str, str, int]:
        """Where it stands among others, whatever the order in which they were written."""
        said = f"{self.variable} {self.obligation} {self.invoice} {self.milestone} "
        said += f"{self.amount} {self.quantity} {self.total} {self.estimate}"
        return self.on, _RANK[self.kind], self.id, said, self.number
