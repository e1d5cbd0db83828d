"""Metrics of cash and growth: how long money is out, how long it is kept, how fast it grows."""

from fractions import Fraction

from app.reporting.metrics.arithmetic import ratio
from app.reporting.metrics.definition import Area, Form, Metric, Unit, single

AREA = Area.REVENUE
_OWNER = "Finance"


def outstanding(balance: Fraction, flow: Fraction, days: Fraction) -> Fraction | None:
    """Return for how many days' worth of a flow a balance stands."""
    return ratio(balance * days, flow)


def grown(current: Fraction, previous: Fraction) -> Fraction | None:
    """Return by which share something grew; below zero where it fell."""
    return ratio(current - previous, previous)


_DAYS = single("days", "Days of the period.", "period_days", "days_in_period")

METRICS = (
    Metric(
        name="growth_rate",
        title="Growth rate",
        words="By how much a number grew on the period before, as a share of what it was.",
        formula="(current - previous) / previous",
        unit=Unit.PERCENT,
        grain="two periods of the same length, in one currency",
        owner=_OWNER,
        forms=(Form(grown, (
            single("current", "The number of the period.", "current_revenue", "this_period",
                   "end", "ending"),
            single("previous", "The number of the period before.", "previous_revenue", "prior",
                   "prior_revenue", "last_period", "start", "beginning"))),),
        example="current=120 previous=100",
        gives="20 %",
        pitfalls=("Growth on the quarter before shows the season, on the year before not.",),
        aliases=("growth", "revenue_growth", "revenue_growth_rate", "yoy_growth", "qoq_growth",
                 "mom_growth"),
    ),
    Metric(
        name="dso",
        title="Days sales outstanding",
        words="The days of sales that customers have not paid yet.",
        formula="receivables / revenue x days",
        unit=Unit.DAYS,
        grain="the end of a period, and the sales of that period, in one currency",
        owner=_OWNER,
        forms=(Form(outstanding, (
            single("receivables", "What customers owe at the end.", "accounts_receivable",
                   "receivable", "trade_receivables", "average_receivables", "ar"),
            single("revenue", "Sales on credit in the period.", "credit_sales",
                   "net_credit_sales", "sales", "billed", "billings"),
            _DAYS)),),
        example="receivables=300 revenue=900 days=90",
        gives="30 days",
        pitfalls=("A large invoice on the last day of the period looks like slow payment.",),
        aliases=("days_sales_outstanding",),
    ),
    Metric(
        name="dpo",
        title="Days payable outstanding",
        words="The days of cost that suppliers have not been paid for yet.",
        formula="payables / cost_of_sales x days",
        unit=Unit.DAYS,
        grain="the end of a period, and the cost of that period, in one currency",
        owner=_OWNER,
        forms=(Form(outstanding, (
            single("payables", "What suppliers are owed at the end.", "accounts_payable",
                   "payable", "trade_payables", "average_payables", "ap"),
            single("cost_of_sales", "Cost of sales, or purchases, of the period.", "cogs",
                   "cost_of_goods_sold", "cost_of_revenue", "purchases"),
            _DAYS)),),
        example="payables=300 cost_of_sales=900 days=90",
        gives="30 days",
        pitfalls=("Long is cheap credit, or late payment: see the terms agreed.",),
        aliases=("days_payable_outstanding", "days_payables_outstanding"),
    ),
)  # fmt: skip
