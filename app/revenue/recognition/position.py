"""Where a contract stands in the balance sheet at the end of a day.

One identity holds on every day: what is due or was paid, and interest on it, less revenue, less
what is collected for others and what was paid to the customer and has reduced revenue, equals
contract liability plus refund liability less contract asset (IFRS 15.105-109).
"""

from dataclasses import dataclass
from datetime import date

from app.kernel.money import round_half_away
from app.revenue.recognition.billing import Billed, billed
from app.revenue.recognition.document import Document
from app.revenue.recognition.events import Event, Kind
from app.revenue.recognition.history import History
from app.revenue.recognition.standing import Standing

CANCELLED = "cancellation"
"""The line of what a cancellation makes revenue of, beside those of the obligations."""


@dataclass(frozen=True, slots=True)
class Position:
    """Balances in grains; those that only grow (billed, revenue, interest, ...) are cumulative."""

    billed: int = 0
    received: int = 0
    cash: int = 0
    applied: int = 0
    revenue: int = 0
    interest: int = 0
    """Expense above zero, income below."""
    passed_on: int = 0
    receivable: int = 0
    financed: int = 0
    """What of the receivable is not due yet."""
    contract_liability: int = 0
    contract_asset: int = 0
    refund_liability: int = 0
    customer_payment_asset: int = 0
    payable_to_customer: int = 0
    paid_out: int = 0
    return_asset: int = 0
    cost_of_sales: int = 0
    shipped: int = 0

    @property
    def net(self) -> int:
        """Contract and refund liabilities less contract asset."""
        return self.contract_liability + self.refund_liability - self.contract_asset - self.financed


def end_revenue(document: Document, history: History, on: date) -> int:
    """Return revenue that a cancellation makes of what was paid and is not given back, and its fee.

    Without a declared refund all that was not earned stays owed to the customer.
    """
    end = history.book(on).end
    if end is None or on < end.on:
        return 0
    extra = round_half_away(end.fee)
    if end.refund is None:
        return extra
    papers = billed(document.events, end.on, document.contract.receivable_from)
    same_day = [event for event in document.events if event.on == end.on]
    credits = papers.credits - _sum(same_day, Kind.CREDIT_NOTE)
    refunds = papers.refunds - _sum(same_day, Kind.REFUND)
    due = max(papers.due - max(credits, refunds), papers.paid + papers.applied - refunds)
    left = due - _earned(history.standing(end.on))
    return extra + max(0, left - round_half_away(end.refund))


def _sum(events: list[Event], kind: Kind) -> int:
    return sum(round_half_away(event.amount) for event in events if event.kind is kind)


def _earned(standing: Standing) -> int:
    return standing.total + standing.passed_on + standing.paid_out


@dataclass(frozen=True, slots=True)
class Manner:
    """How balances are read: when an invoice is a right, interest, a cancellation's revenue."""

    receivable_from: str = "invoice"
    interest: int = 0
    """Expense above zero, income below."""
    ended: int | None = None
    """None while the contract runs."""
    only_time: bool = False
    """Whether nothing but time stands between what is earned and its payment: a receivable."""


def position(standing: Standing, papers: Billed, manner: Manner) -> Position:
    """Return the balances that follow from what is earned and what was billed and paid."""
    interest, ended = manner.interest, manner.ended
    earned = _earned(standing) + (ended or 0)
    credits = max(papers.credits + standing.credited, papers.refunds)
    asked = papers.due - credits
    refundable = max(standing.refundable - papers.rebated, 0)
    if manner.receivable_from == "performance":
        asked = min(asked, max(earned + refundable, papers.settled))
    due = max(asked, papers.settled)
    net = due + interest - earned
    owed = max(net, 0) if ended is not None else min(max(net, 0), refundable)
    asset = max(owed - net, 0)
    later = asset if manner.only_time else 0
    ahead = papers.to_customer - standing.paid_out
    return Position(
        billed=due,
        received=papers.settled,
        cash=papers.cash,
        applied=papers.applied,
        revenue=standing.total + (ended or 0),
        interest=interest,
        passed_on=standing.passed_on,
        receivable=due - papers.settled + later,
        financed=later,
        contract_liability=max(net - owed, 0),
        contract_asset=asset - later,
        refund_liability=owed,
        customer_payment_asset=max(ahead, 0),
        payable_to_customer=max(-ahead, 0),
        paid_out=standing.paid_out,
        return_asset=standing.goods.return_asset,
        cost_of_sales=standing.goods.cost_of_sales,
        shipped=standing.goods.shipped,
    )
