"""Metrics of the ladder: booking, billing, cash, deferred, recognised; never mixed up."""

from collections.abc import Sequence
from fractions import Fraction

from app.reporting.metrics.arithmetic import sum_by, total
from app.reporting.metrics.definition import (
    Answer,
    Area,
    Basis,
    Form,
    Metric,
    MetricRefused,
    Unit,
    parts,
    series,
    single,
)

AREA = Area.REVENUE
_OWNER = "Finance"
YEAR = 12


def by_kind(new: Fraction, renewal: Fraction, expansion: Fraction) -> Answer:
    """Return bookings of all kinds."""
    shown = parts(Unit.MONEY, new=new, renewal=renewal, expansion=expansion)
    return Answer(new + renewal + expansion, shown)


def less(gross: Sequence[Fraction], back: Sequence[Fraction]) -> Answer:
    """Return what was issued or received, less what was taken back."""
    plus, minus = total(gross), total(back)
    return Answer(plus - minus, parts(Unit.MONEY, gross=plus, taken_back=minus))


def contract_value(monthly_recurring: Fraction, term_months: Fraction, one_off: Fraction) -> Answer:
    """Return the value of a contract over its whole term."""
    recurring = monthly_recurring * term_months
    return Answer(recurring + one_off, parts(Unit.MONEY, recurring=recurring, one_off=one_off))


def annual_value(
    total_contract_value: Fraction, term_months: Fraction, one_off: Fraction
) -> Fraction | None:
    """Return the recurring value of a contract in a year; n/a without a term.

    :raises MetricRefused: if one-off charges are more than the contract
    """
    if one_off > total_contract_value:
        raise MetricRefused("one_off cannot be more than total_contract_value.")
    return (total_contract_value - one_off) * YEAR / term_months if term_months else None


def of_years(
    total_contract_value: Fraction, term_years: Fraction, one_off: Fraction
) -> Fraction | None:
    """Return the same from a term in years."""
    return annual_value(total_contract_value, term_years * YEAR, one_off)


_TERM = single("term_months", "Length of the term.", "months", "term", "contract_months")
_ONCE = single("one_off", "Charges that come once.", "one_time", "one_time_fee", "one_off_fee",
               "setup_fee", default=Fraction(0))  # fmt: skip

METRICS = (
    Metric(
        name="booked",
        title="Bookings",
        words="The value of orders on the day they were booked.",
        formula="sum of order totals booked in the period; = new + renewal + expansion",
        unit=Unit.MONEY,
        grain="orders booked in the period, in one currency",
        owner=_OWNER,
        forms=(
            Form(sum_by, (series("amounts", "The total of each order.", "order_totals",
                                 "amount"),)),
            Form(by_kind, (single("new", "Bookings of new customers."),
                           single("renewal", "Bookings of renewals.", "renewals"),
                           single("expansion", "Bookings of more to customers."))),
        ),
        example="amounts=1200,300",
        gives="1500 money",
        pitfalls=("A booking is a promise; nothing is billed or paid by it.",),
        aliases=("bookings",),
    ),
    Metric(
        name="billed",
        title="Billings",
        words="What was invoiced, less credit notes, on the day of the document.",
        formula="sum of invoices - sum of credit notes issued in the period",
        unit=Unit.MONEY,
        grain="documents issued in the period, in one currency",
        owner=_OWNER,
        forms=(Form(less, (
            series("invoices", "The amount of each invoice.", "amounts"),
            series("credit_notes", "The amount of each credit note.", "credits", default=())),
            is_paired=False),),
        example="invoices=1000,500 credit_notes=100",
        gives="1400 money",
        pitfalls=("Billed in advance is not earned yet: it is deferred.",),
        aliases=("billings",),
    ),
    Metric(
        name="collected",
        title="Cash",
        words="What was paid, less refunds, on the day it was received.",
        formula="sum of payments - sum of refunds received in the period",
        unit=Unit.MONEY,
        grain="payments received in the period, in one currency",
        owner=_OWNER,
        forms=(Form(less, (
            series("payments", "The amount of each payment.", "amounts"),
            series("refunds", "The amount of each refund.", default=())), is_paired=False),),
        example="payments=800,200 refunds=50",
        gives="950 money",
        pitfalls=("Cash follows terms of payment, not performance.",),
        aliases=("cash", "collections"),
    ),
    Metric(
        name="recognised",
        title="Recognised revenue",
        words="Revenue of the period under IFRS 15 and ASC 606, as posted.",
        formula="sum of revenue postings of the period",
        unit=Unit.MONEY,
        grain="postings of one accounting period and entity, in one currency",
        owner=_OWNER,
        forms=(Form(sum_by, (series("amounts", "The amount of each posting; reversals below "
                                    "zero.", "postings", least=None),)),),
        example="amounts=100,100,-20",
        gives="180 money",
        pitfalls=("Neither bookings nor billings: it follows what was delivered.",),
        aliases=("recognised_revenue", "recognized_revenue", "recognized", "revenue"),
        basis=Basis.ACCOUNTING,
    ),
    Metric(
        name="tcv",
        title="Total contract value",
        words="What a contract is worth over its whole term, one-off charges included.",
        formula="monthly_recurring x term_months + one_off",
        unit=Unit.MONEY,
        grain="one contract",
        owner=_OWNER,
        forms=(Form(contract_value, (
            single("monthly_recurring", "Recurring charges of a month.", "mrr", "monthly"),
            _TERM, _ONCE)),),
        example="monthly_recurring=1000 term_months=24 one_off=6000",
        gives="30000 money",
        pitfalls=("Long terms look large: compare contracts by ACV.",),
        aliases=("total_contract_value", "bookings_tcv"),
    ),
    Metric(
        name="acv",
        title="Annual contract value",
        words="The recurring value of a contract in a year.",
        formula="(total_contract_value - one_off) x 12 / term_months",
        unit=Unit.MONEY,
        grain="one contract",
        owner=_OWNER,
        forms=(Form(annual_value, (
            single("total_contract_value", "The whole contract.", "tcv"), _TERM, _ONCE)),
               Form(of_years, (
            single("total_contract_value", "The whole contract.", "tcv"),
            single("term_years", "Length of the term.", "years", "contract_years"), _ONCE))),
        example="total_contract_value=30000 term_months=24 one_off=6000",
        gives="12000 money",
        pitfalls=("One-off charges are left out; some companies count them in the first year.",),
        aliases=("annual_contract_value", "bookings_acv"),
    ),
)  # fmt: skip
