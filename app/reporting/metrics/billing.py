"""Metrics of billing: how soon, how right, how completely."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from app.reporting.metrics.arithmetic import grouped, mean, median, ratio, total
from app.reporting.metrics.deals import ended
from app.reporting.metrics.definition import (
    Answer,
    Area,
    Form,
    Kind,
    Metric,
    Part,
    Unit,
    parts,
    series,
    single,
)
from app.reporting.metrics.survival import middle

AREA = Area.REVENUE
_OWNER = "Finance"


def lag(days: Sequence[Fraction]) -> Answer:
    """Return the mean number of days, and beside it the median and the longest."""
    return Answer(mean(days), parts(Unit.DAYS, median=median(days), longest=max(days)))


def between(first: Sequence[date], second: Sequence[date]) -> list[Fraction]:
    """Return the days from each first date to its second; below zero where it came before."""
    return [Fraction((b - a).days) for a, b in zip(first, second, strict=True)]


def lag_of_dates(due_on: Sequence[date], invoiced_on: Sequence[date]) -> Answer:
    """Return the same from dates."""
    return lag(between(due_on, invoiced_on))


def billed_after(won_on: Sequence[date], billed_on: Sequence[date]) -> Answer:
    """Return the median days from winning to billing."""
    return middle(between(won_on, billed_on))


def lost(expected: Fraction, billed: Fraction) -> Answer:
    """Return what should have been billed and was not; below zero where too much was billed."""
    found = expected - billed
    return Answer(found, (Part("share_of_expected", (ratio(found, expected),), Unit.PERCENT),))


def lost_by_cause(amounts: Sequence[Fraction], causes: Sequence[str]) -> Answer:
    """Return what was lost, and by which cause."""
    whole = total(amounts)
    rows = grouped(causes, amounts).items()
    shown = tuple(Part(cause, (sums[0], ratio(sums[0] * 100, whole))) for cause, sums in rows)
    return Answer(whole, shown, columns=("amount", "percent"), is_table=True)


def lost_share(expected: Fraction, billed: Fraction) -> Fraction | None:
    """Return what was not billed, as a share of what should have been."""
    return ratio(expected - billed, expected)


METRICS = (
    Metric(
        name="invoicing_lag",
        title="Invoicing lag",
        words="The days from when something may be billed until it is, on average.",
        formula="sum(invoiced_on - due_on) / number of invoices",
        unit=Unit.DAYS,
        grain="invoices issued in the period",
        owner=_OWNER,
        forms=(
            Form(lag, (series("days", "Days of each invoice.", "lags", least=None),)),
            Form(lag_of_dates, (
                series("due_on", "When each could be billed.", "billable_on", "booked_on",
                       kind=Kind.DAY),
                series("invoiced_on", "When it was.", "issued_on", kind=Kind.DAY))),
        ),
        example="due_on=2026-01-01,2026-01-10 invoiced_on=2026-01-05,2026-01-12",
        gives="3 days",
        pitfalls=("What was never billed is not in it: see leakage.",),
    ),
    Metric(
        name="closed_won_to_live_billing",
        title="Closed-won to live billing",
        words="The days from winning a deal until its first invoice, for half of the deals.",
        formula="Kaplan-Meier median of days; deals not billed yet are censored",
        unit=Unit.DAYS,
        grain="deals won in one period, those not billed yet included",
        owner=_OWNER,
        forms=(
            Form(middle, (
                series("days", "Days until the first invoice, or until today."),
                ended("billed", "Whether it has been billed (1) or not yet (0).", "is_billed",
                      "closed"))),
            Form(billed_after, (
                series("won_on", "When each deal was won.", kind=Kind.DAY),
                series("billed_on", "When it was first billed.", kind=Kind.DAY))),
        ),
        example="days=5,8,30 billed=1,1,0",
        gives="8 days",
        pitfalls=("Deals that are not billed yet must be in it, or it looks too quick.",),
        aliases=("won_to_billing",),
    ),
    Metric(
        name="billing_corrections",
        title="Billing corrections",
        words="Invoices that had to be corrected by a credit note, as a share of all invoices.",
        formula="corrected / invoices",
        unit=Unit.PERCENT,
        grain="invoices issued in the period, whenever they were corrected",
        owner=_OWNER,
        forms=(Form(ratio, (
            single("corrected", "Invoices that were corrected.", "corrections"),
            single("invoices", "Invoices that were issued.", "issued")), is_within=True),),
        example="corrected=4 invoices=200",
        gives="2 %",
        pitfalls=("Credit notes for returns or goodwill are not corrections.",),
        aliases=("billing_correction_rate",),
    ),
    Metric(
        name="leakage",
        title="Revenue leakage",
        words="What should have been billed and was not, by cause.",
        formula="expected - billed",
        unit=Unit.MONEY,
        grain="one period, in one currency, by cause",
        owner=_OWNER,
        forms=(
            Form(lost, (single("expected", "What should have been billed.", "billable"),
                        single("billed", "What was billed.", "actual"))),
            Form(lost_by_cause, (
                series("amounts", "What was lost each time.", "amount"),
                series("causes", "Why.", "cause", kind=Kind.LABEL))),
        ),
        example="amounts=100,50,50 causes=discount,usage,discount",
        gives="200 money",
        pitfalls=("Billed too much elsewhere must not be netted: it is another mistake.",),
        aliases=("revenue_leakage",),
    ),
    Metric(
        name="leakage_rate",
        title="Revenue leakage rate",
        words="What should have been billed and was not, as a share of what should have been.",
        formula="(expected - billed) / expected",
        unit=Unit.PERCENT,
        grain="one period, in one currency",
        owner=_OWNER,
        forms=(
            Form(lost_share, (single("expected", "What should have been billed.", "billable"),
                              single("billed", "What was billed.", "actual"))),
            Form(ratio, (single("leaked", "What was not billed.", "leakage"),
                         single("expected", "What should have been.", "billable"))),
        ),
        example="expected=10000 billed=9800",
        gives="2 %",
        pitfalls=("What should have been billed is itself computed: state how.",),
    ),
)  # fmt: skip
