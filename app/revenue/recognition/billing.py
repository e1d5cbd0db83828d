"""What was billed, credited, paid and given back by a day, and whether the papers fit together."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from app.kernel.money import round_half_away
from app.revenue.recognition.book import refused
from app.revenue.recognition.events import Event, Kind
from app.revenue.recognition.grain import Grain


@dataclass(frozen=True, slots=True)
class Billed:
    """Amounts in grains, cumulative; ``due`` counts invoices from when they are unconditional."""

    due: int = 0
    credits: int = 0
    paid: int = 0
    refunds: int = 0
    applied: int = 0
    to_customer: int = 0
    rebated: int = 0
    """What of the credits (or of the refunds, if more) gives back a variable element."""

    @property
    def settled(self) -> int:
        """What the customer has paid and not got back, credit that was applied included."""
        return self.paid - self.refunds + self.applied

    @property
    def cash(self) -> int:
        """Money in less money out."""
        return self.paid - self.refunds - self.to_customer


def billed(events: tuple[Event, ...], on: date, receivable_from: str) -> Billed:
    """Return what was billed and paid by the end of ``on``."""
    sums: Counter[Kind] = Counter()
    rebates: Counter[Kind] = Counter()
    for event in events:
        day = event.on
        if event.kind is Kind.INVOICE and receivable_from == "due":
            day = event.due_on or event.on
        if day <= on:
            sums[event.kind] += round_half_away(event.amount)
            rebates[event.kind] += round_half_away(event.amount) if event.variable else 0
    return Billed(
        due=sums[Kind.INVOICE],
        credits=sums[Kind.CREDIT_NOTE],
        paid=sums[Kind.PAYMENT],
        refunds=sums[Kind.REFUND],
        applied=sums[Kind.APPLY_CREDIT],
        to_customer=sums[Kind.PAYMENT_TO_CUSTOMER],
        rebated=max(rebates[Kind.CREDIT_NOTE], rebates[Kind.REFUND]),
    )


def check(events: tuple[Event, ...], grain: Grain) -> None:
    """Refuse papers that contradict each other.

    :raises DocumentRefused: if one refers to an invoice that is not there or comes later, pays or
        credits more than is open on it, or gives back more than was paid
    """
    invoices = {event.id: event for event in events if event.kind is Kind.INVOICE and event.id}
    paid: Counter[str] = Counter()
    credited: Counter[str] = Counter()
    for event in sorted(events, key=lambda each: each.order):
        if event.invoice and event.kind is not Kind.INVOICE:
            _check_reference(event, invoices, paid, credited, grain)
    _check_refunds(events, grain)


def _check_reference(
    event: Event,
    invoices: dict[str, Event],
    paid: "Counter[str]",
    credited: "Counter[str]",
    grain: Grain,
) -> None:
    invoice = invoices.get(event.invoice)
    path = f"{event.path}.invoice"
    if invoice is None:
        raise refused(path, f"There is no invoice “{event.invoice}”.")
    if event.on < invoice.on:
        raise refused(f"{event.path}.on", f"It is before its invoice of {invoice.on}.")
    amount, whole = round_half_away(event.amount), round_half_away(invoice.amount)
    if event.kind is Kind.REFUND:
        left, what = paid[event.invoice], "was paid on it"
    elif event.kind is Kind.CREDIT_NOTE:
        left, what = whole - credited[event.invoice], "is left to credit on it"
    else:
        open_amount = whole - paid[event.invoice] - credited[event.invoice]
        left, what = open_amount, "is open on it"
    if amount > left:
        raise refused(f"{event.path}.amount", f"Only {grain.words(max(0, left))} {what}.")
    if event.kind is Kind.CREDIT_NOTE:
        credited[event.invoice] += amount
    else:
        paid[event.invoice] += -amount if event.kind is Kind.REFUND else amount


def _check_refunds(events: tuple[Event, ...], grain: Grain) -> None:
    paid = 0
    order = sorted(events, key=lambda each: (each.on, each.kind is Kind.REFUND, each.number))
    for event in order:
        if event.kind is Kind.PAYMENT:
            paid += round_half_away(event.amount)
        if event.kind is Kind.REFUND:
            amount = round_half_away(event.amount)
            if amount > paid:
                why = f"Only {grain.words(paid)} was paid and is not given back yet."
                raise refused(f"{event.path}.amount", why)
            paid -= amount
