"""Metrics of retention: what stays of a cohort of customers, what leaves, what is renewed."""

from collections.abc import Sequence
from fractions import Fraction

from app.reporting.metrics.arithmetic import ratio, total
from app.reporting.metrics.definition import Answer, Area, Form, Metric, Unit, single
from app.reporting.metrics.recurring import BY_CUSTOMER, CHURN, CONTRACTION, EXPANSION, START

AREA = Area.REVENUE
_OWNER = "Finance"


def nrr(
    start: Fraction, expansion: Fraction, contraction: Fraction, churn: Fraction
) -> Fraction | None:
    """Return what is left of the start after a year, with what these customers bought on top."""
    return ratio(start + expansion - contraction - churn, start)


def nrr_by_customer(start: Sequence[Fraction], end: Sequence[Fraction]) -> Fraction | None:
    """Return the same from each customer's revenue; customers new since are left out."""
    cohort = [(before, after) for before, after in zip(start, end, strict=True) if before]
    return ratio(total([after for _, after in cohort]), total(start))


def grr(start: Fraction, contraction: Fraction, churn: Fraction) -> Answer:
    """Return what is left of the start, without anything bought on top; never below zero.

    A cohort cannot lose more than it had: where it seems to, others are counted.
    """
    left = start - contraction - churn
    if start and left < 0:
        note = "More was lost than there was: what customers lost that came since is no part of it."
        return Answer(Fraction(0), note=note)
    return Answer(ratio(left, start))


def grr_by_customer(start: Sequence[Fraction], end: Sequence[Fraction]) -> Fraction | None:
    """Return the same from each customer's revenue, capped at what that customer began with."""
    kept = [min(before, after) for before, after in zip(start, end, strict=True)]
    return ratio(total(kept), total(start))


METRICS = (
    Metric(
        name="nrr",
        title="Net revenue retention",
        words="What a cohort of customers brings now, as a share of what it brought at the start.",
        formula="(start + expansion - contraction - churn) / start",
        unit=Unit.PERCENT,
        grain="customers at the start of the period, usually twelve months; none who came since",
        owner=_OWNER,
        forms=(Form(nrr, (START, EXPANSION, CONTRACTION, CHURN)),
               Form(nrr_by_customer, BY_CUSTOMER)),
        example="start=100 expansion=20 contraction=5 churn=5",
        gives="110 %",
        pitfalls=("One large customer that grows can hide many that leave: see GRR and logos.",),
        aliases=("net_revenue_retention", "net_dollar_retention", "ndr", "net_retention",
                 "net_mrr_retention"),
    ),
    Metric(
        name="grr",
        title="Gross revenue retention",
        words="What is left of the revenue that a cohort brought at the start, growth not counted.",
        formula="(start - contraction - churn) / start, at least 0; by customer: sum of "
        "min(start, end) / sum of start",
        unit=Unit.PERCENT,
        grain="customers at the start of the period; each capped at what it began with",
        owner=_OWNER,
        forms=(Form(grr, (START, CONTRACTION, CHURN)), Form(grr_by_customer, BY_CUSTOMER)),
        example="start=100 contraction=5 churn=5",
        gives="90 %",
        pitfalls=("From 0 to 100 %: above it growth was counted; where more was lost than there "
                  "was, losses of customers that came since.",),
        version=2,
        aliases=("gross_revenue_retention", "gross_dollar_retention", "gdr", "gross_retention",
                 "gross_mrr_retention"),
    ),
    Metric(
        name="revenue_churn",
        title="Revenue churn",
        words="The recurring revenue of customers that left, as a share of the start.",
        formula="churn / start",
        unit=Unit.PERCENT,
        grain="customers at the start of the period",
        owner=_OWNER,
        forms=(Form(ratio, (CHURN, START)),),
        example="churn=5 start=100",
        gives="5 %",
        pitfalls=("A monthly rate times twelve is not the yearly one.",),
        aliases=("mrr_churn", "churn_rate"),
    ),
    Metric(
        name="logo_churn",
        title="Logo churn",
        words="Customers that left in the period, as a share of those at its start.",
        formula="lost / start",
        unit=Unit.PERCENT,
        grain="customers at the start of the period",
        owner=_OWNER,
        forms=(Form(ratio, (single("lost", "Customers that left.", "churned", "churned_customers"),
                            single("start", "Customers at the start.", "customers", "beginning",
                                   "starting_customers")), is_within=True),),
        example="lost=3 start=60",
        gives="5 %",
        pitfalls=("Counts the smallest like the largest.",),
        aliases=("customer_churn", "customer_churn_rate", "logo_churn_rate"),
    ),
    Metric(
        name="renewal_rate",
        title="Renewal rate",
        words="Of the contracts that came up for renewal, the share that was renewed, by value.",
        formula="renewed / due",
        unit=Unit.PERCENT,
        grain="contracts that end in the period",
        owner=_OWNER,
        forms=(Form(ratio, (single("renewed", "Value renewed, at the old price.", "renewals"),
                            single("due", "Value that came up for renewal.", "expiring")),
                    is_within=True),),
        example="renewed=850 due=1000",
        gives="85 %",
        pitfalls=("Counts at the old price: what is added on renewal is expansion.",),
    ),
    Metric(
        name="renewal_coverage",
        title="Renewal coverage",
        words="Of the value up for renewal, the share with a renewal opportunity, open or won.",
        formula="covered / due",
        unit=Unit.PERCENT,
        grain="contracts that end in the period ahead",
        owner=_OWNER,
        forms=(Form(ratio, (single("covered", "Value with a renewal opportunity.", "pipeline",
                                   "renewal_pipeline"),
                            single("due", "Value that comes up for renewal.", "expiring")),
                    is_within=True),),
        example="covered=750 due=1000",
        gives="75 %",
        pitfalls=("Covered is not renewed: it says that somebody is at work.",),
    ),
)  # fmt: skip
