"""Metrics of efficiency: what a customer, a partner sale and a marketing fund cost and bring."""

from fractions import Fraction

from app.reporting.metrics.arithmetic import ratio
from app.reporting.metrics.definition import Answer, Area, Form, Kind, Metric, Unit, parts, single

AREA = Area.EFFICIENCY
_OWNER = "Finance"
ZERO = Fraction(0)


def payback(cac: Fraction, monthly_revenue: Fraction, gross_margin: Fraction) -> Answer:
    """Return the months after which a customer's margin has paid for winning it.

    Without a margin above zero it never does: n/a.
    """
    margin = monthly_revenue * gross_margin
    shown = parts(Unit.MONEY, monthly_margin=margin)
    if margin < 0:
        return Answer(None, shown, "With a margin below zero it is never paid back.")
    return Answer(ratio(cac, margin), shown)


def cost_of_sale(
    commission: Fraction, mdf: Fraction, other: Fraction, partner_revenue: Fraction
) -> Answer:
    """Return the cost of selling through partners as a share of what they brought."""
    cost = commission + mdf + other
    return Answer(ratio(cost, partner_revenue), parts(Unit.MONEY, partner_cost=cost))


def return_on(revenue: Fraction, spent: Fraction) -> Answer:
    """Return what came for each unit of money that was spent, and beside it the net return."""
    net = ratio(revenue - spent, spent)
    return Answer(ratio(revenue, spent), parts(Unit.PERCENT, net_return=net))


def acquisition(sales: Fraction, marketing: Fraction, new_customers: Fraction) -> Fraction | None:
    """Return what it costs to win a customer, from both costs."""
    return ratio(sales + marketing, new_customers)


_WON = single("new_customers", "Customers won.", "customers", "new_logos", "customers_acquired",
              "new_customers_acquired")  # fmt: skip

METRICS = (
    Metric(
        name="cac",
        title="Customer acquisition cost",
        words="What it costs to win one new customer.",
        formula="sales_and_marketing / new_customers",
        unit=Unit.MONEY,
        grain="one period, in one currency; costs shifted by the sales cycle where it is long",
        owner=_OWNER,
        forms=(Form(ratio, (
            single("sales_and_marketing", "All cost of sales and marketing.", "cost", "spend",
                   "sales_and_marketing_cost", "costs", "sales_marketing_cost",
                   "sales_and_marketing_spend", "sales_and_marketing_expense"), _WON)),
               Form(acquisition, (
            single("sales", "Cost of sales people and partners.", "sales_cost", "sales_spend"),
            single("marketing", "Cost of marketing.", "marketing_cost", "marketing_spend"),
            _WON))),
        example="sales_and_marketing=500000 new_customers=25",
        gives="20000 money",
        pitfalls=("Salaries and partner commissions are part of it.",),
        aliases=("customer_acquisition_cost",),
    ),
    Metric(
        name="cac_payback",
        title="CAC payback",
        words="The months until a new customer's gross margin has paid for winning it.",
        formula="cac / (monthly_revenue x gross_margin)",
        unit=Unit.MONTHS,
        grain="customers won in one period, in one currency",
        owner=_OWNER,
        forms=(Form(payback, (
            single("cac", "What winning a customer costs.", "customer_acquisition_cost"),
            single("monthly_revenue", "Recurring revenue of a customer in a month.", "mrr",
                   "monthly_recurring_revenue", "arpa"),
            single("gross_margin", "Gross margin as a share of revenue.", "margin",
                   kind=Kind.SHARE, least=None))),),
        example="cac=12000 monthly_revenue=1250 gross_margin=80%",
        gives="12 months",
        pitfalls=("Revenue instead of margin makes it look a fifth too short at 80 %.",
                  "n/a where the margin is not above zero."),
        aliases=("cac_payback_period", "cac_payback_months"),
    ),
    Metric(
        name="partner_cost_of_sale",
        title="Partner cost of sale",
        words="What selling through partners costs, as a share of the revenue they brought.",
        formula="(commission + mdf + other) / partner_revenue",
        unit=Unit.PERCENT,
        grain="one period, in one currency, by partner",
        owner=_OWNER,
        forms=(
            Form(ratio, (single("partner_cost", "All cost of selling through partners.", "cost",
                                "costs", "partner_costs"),
                         single("partner_revenue", "Revenue that partners sourced.",
                                "revenue"))),
            Form(cost_of_sale, (
                single("commission", "Commission earned.", "commissions"),
                single("mdf", "Market development funds paid.", default=ZERO),
                single("other", "Partner managers, training, tools.", default=ZERO),
                single("partner_revenue", "Revenue that partners sourced.", "revenue"))),
        ),
        example="commission=90000 mdf=10000 partner_revenue=1000000",
        gives="10 %",
        pitfalls=("Against influenced revenue it looks cheaper than it is.",),
        aliases=("partner_cost_of_sales",),
    ),
    Metric(
        name="return_on_mdf",
        title="Return on MDF",
        words="The revenue or pipeline that funded activities brought, for each unit of money "
        "spent.",
        formula="revenue / mdf_spent; net return = (revenue - mdf_spent) / mdf_spent",
        unit=Unit.TIMES,
        grain="paid claims of one period, and what their leads became",
        owner="Channel lead",
        forms=(Form(return_on, (
            single("revenue", "Revenue or pipeline attributed to the activities.", "pipeline",
                   "attributed_revenue", "attributed", "return", "mdf_revenue"),
            single("mdf_spent", "Market development funds paid.", "spent", "mdf", "cost",
                   "spend", "investment"))),),
        example="revenue=250000 mdf_spent=50000",
        gives="5 x",
        pitfalls=("Pipeline is not revenue: say which of the two it is.",
                  "Touched is not caused; compare with activities that were not funded."),
        aliases=("mdf_return", "mdf_roi", "romi"),
    ),
)  # fmt: skip
