"""Metrics of a recurring business: what a customer is worth, and whether growth pays."""

from fractions import Fraction

from app.reporting.metrics.arithmetic import ratio
from app.reporting.metrics.definition import (
    Answer,
    Area,
    Form,
    Key,
    Kind,
    Metric,
    Unit,
    parts,
    single,
)

AREA = Area.EFFICIENCY
_OWNER = "Finance"
ZERO = Fraction(0)
QUARTERS = 4


def lifetime_value(arpa: Fraction, gross_margin: Fraction, churn_rate: Fraction) -> Fraction | None:
    """Return the gross margin that a customer brings until it leaves; n/a where none leaves."""
    return ratio(arpa * gross_margin, churn_rate)


def over_lifetime(arpa: Fraction, gross_margin: Fraction, lifetime: Fraction) -> Fraction:
    """Return the same from the time that customers stay."""
    return arpa * gross_margin * lifetime


def magic(current: Fraction, previous: Fraction, spent: Fraction) -> Fraction | None:
    """Return a quarter's growth of revenue, as of a year, for each unit spent to get it."""
    return ratio((current - previous) * QUARTERS, spent)


def quick(
    new: Fraction,
    expansion: Fraction,
    contraction: Fraction,
    churn: Fraction,
    reactivation: Fraction,
) -> Answer:
    """Return what came for each unit of recurring revenue that went; n/a where none went."""
    came, went = new + expansion + reactivation, contraction + churn
    return Answer(ratio(came, went), parts(Unit.MONEY, came=came, went=went))


def growth_and_margin(growth_rate: Fraction, profit_margin: Fraction) -> Answer:
    """Return the sum of both, and by how much it passes 40 %."""
    found = growth_rate + profit_margin
    return Answer(found, parts(Unit.PERCENTAGE_POINTS, above_40=found - Fraction(40, 100)))


def multiple(net_burn: Fraction, net_new_arr: Fraction) -> Answer:
    """Return what was burnt for each unit of recurring revenue gained; n/a where none was."""
    if net_new_arr < 0:
        return Answer(None, note="Recurring revenue fell: whatever was burnt bought no growth.")
    return Answer(ratio(net_burn, net_new_arr))


def margin(revenue: Fraction, cost_of_revenue: Fraction) -> Answer:
    """Return what is left of revenue after its direct cost, as a share of it."""
    left = revenue - cost_of_revenue
    return Answer(ratio(left, revenue), parts(Unit.MONEY, gross_profit=left))


def _rate(name: str, words: str, *aliases: str) -> Key:
    return single(name, words, *aliases, kind=Kind.RATE, least=None)


_ARPA = single("arpa", "Revenue of an account in a period, such as a month.", "arpu", "arpc",
               "monthly_revenue", "average_revenue_per_account", "mrr_per_customer")  # fmt: skip
_MARGIN = single("gross_margin", "Gross margin as a share of revenue.", "margin",
                 kind=Kind.SHARE, least=None)  # fmt: skip
_SPENT = single("sales_and_marketing", "All cost of sales and marketing of the quarter before.",
                "sales_and_marketing_spend", "sales_and_marketing_cost",
                "sales_and_marketing_expense", "previous_sales_and_marketing", "spend",
                "cost")  # fmt: skip
_GAINED = single("net_new_arr", "By how much annual recurring revenue grew.", "net_new",
                 "arr_growth", least=None)  # fmt: skip

METRICS = (
    Metric(
        name="arpa",
        title="Average revenue per account",
        words="What an account brings in a period, on average.",
        formula="revenue / accounts",
        unit=Unit.MONEY,
        grain="accounts with revenue in the period, in one currency",
        owner=_OWNER,
        forms=(Form(ratio, (
            single("revenue", "Revenue of the period, recurring unless said.", "mrr", "arr",
                   "recurring_revenue", "monthly_revenue", "monthly_recurring_revenue"),
            single("accounts", "Accounts that brought it.", "customers", "users",
                   "subscribers", "active_customers", "paying_customers"))),),
        example="revenue=50000 accounts=400",
        gives="125 money",
        pitfalls=("A mean: a few large accounts lift it far above what is usual.",),
        aliases=("arpu", "arpc", "average_revenue_per_account", "average_revenue_per_user",
                 "average_revenue_per_customer"),
    ),
    Metric(
        name="ltv",
        title="Customer lifetime value",
        words="The gross margin that a customer is expected to bring until it leaves.",
        formula="arpa x gross_margin / churn_rate; or arpa x gross_margin x lifetime",
        unit=Unit.MONEY,
        grain="customers of one kind; arpa, churn and lifetime of the same period, in one currency",
        owner=_OWNER,
        forms=(
            Form(lifetime_value, (
                _ARPA, _MARGIN,
                single("churn_rate", "Share of customers or revenue lost in that period.",
                       "churn", "monthly_churn", "customer_churn", "customer_churn_rate",
                       "revenue_churn", "monthly_churn_rate", kind=Kind.SHARE))),
            Form(over_lifetime, (
                _ARPA, _MARGIN,
                single("lifetime", "How many such periods a customer stays.", "lifetime_month",
                       "customer_lifetime"))),
        ),
        example="arpa=100 gross_margin=80% churn_rate=5%",
        gives="1600 money",
        pitfalls=("Revenue of a month needs the churn of a month, not of a year.",
                  "n/a without churn: nobody stays for ever."),
        aliases=("clv", "cltv", "lifetime_value", "customer_lifetime_value"),
    ),
    Metric(
        name="ltv_to_cac",
        title="LTV to CAC",
        words="What a customer is worth for each unit of money that winning it costs.",
        formula="ltv / cac",
        unit=Unit.TIMES,
        grain="customers of one kind, in one currency",
        owner=_OWNER,
        forms=(Form(ratio, (
            single("ltv", "Customer lifetime value.", "clv", "cltv", "lifetime_value",
                   "customer_lifetime_value"),
            single("cac", "What winning a customer costs.", "customer_acquisition_cost"))),),
        example="ltv=1600 cac=400",
        gives="4 x",
        pitfalls=("A long assumed lifetime flatters it: read it beside CAC payback.",),
        aliases=("ltv_cac", "ltv_cac_ratio", "ltv_to_cac_ratio", "clv_to_cac", "cltv_to_cac"),
    ),
    Metric(
        name="magic_number",
        title="Magic number",
        words="The yearly revenue that was gained for each unit spent on sales and marketing.",
        formula="(current_revenue - previous_revenue) x 4 / sales_and_marketing; or "
        "net_new_arr / sales_and_marketing",
        unit=Unit.TIMES,
        grain="one quarter, and the spend of the quarter before, in one currency",
        owner=_OWNER,
        forms=(
            Form(magic, (
                single("current_revenue", "Recurring revenue of the quarter.", "current",
                       "current_quarter_revenue", "revenue"),
                single("previous_revenue", "Recurring revenue of the quarter before.", "previous",
                       "prior_revenue", "previous_quarter_revenue"),
                _SPENT)),
            Form(ratio, (_GAINED, _SPENT)),
        ),
        example="current_revenue=1200 previous_revenue=1000 sales_and_marketing=800",
        gives="1 x",
        pitfalls=("Seasons show: take four quarters together where sales are uneven.",),
        aliases=("saas_magic_number",),
    ),
    Metric(
        name="quick_ratio",
        title="Quick ratio of recurring revenue",
        words="The recurring revenue that came for each unit that went.",
        formula="(new + expansion + reactivation) / (contraction + churn)",
        unit=Unit.TIMES,
        grain="one period, in the reporting currency",
        owner=_OWNER,
        forms=(Form(quick, (
            single("new", "From new customers.", "new_mrr", "new_arr"),
            single("expansion", "More from customers.", "expansion_mrr", "expansion_arr",
                   "upsell"),
            single("contraction", "Less from those that stay.", "contraction_mrr",
                   "contraction_arr", "downgrade"),
            single("churn", "What those had that left.", "churned", "churn_mrr", "churned_mrr",
                   "churned_arr"),
            single("reactivation", "From customers that came back.", "reactivation_mrr",
                   default=ZERO))),),
        example="new=200 expansion=100 contraction=50 churn=50",
        gives="3 x",
        pitfalls=("Not the quick ratio of a balance sheet (liquid assets to short-term debt).",),
        aliases=("saas_quick_ratio", "mrr_quick_ratio"),
    ),
    Metric(
        name="rule_of_40",
        title="Rule of 40",
        words="Growth of revenue and profit margin together; 40 % is held to be sound.",
        formula="growth_rate + profit_margin",
        unit=Unit.PERCENT,
        grain="one year against the year before",
        owner=_OWNER,
        forms=(Form(growth_and_margin, (
            _rate("growth_rate", "Growth of revenue on the year before.", "growth",
                  "revenue_growth", "revenue_growth_rate", "arr_growth", "yoy_growth"),
            _rate("profit_margin", "Profit (or free cash flow) as a share of revenue.", "margin",
                  "ebitda_margin", "operating_margin", "fcf_margin",
                  "free_cash_flow_margin"))),),
        example="growth_rate=30% profit_margin=15%",
        gives="45 %",
        pitfalls=("Say which margin: EBITDA and free cash flow can lie far apart.",),
        aliases=("rule_of_forty", "rule_40"),
    ),
    Metric(
        name="burn_multiple",
        title="Burn multiple",
        words="The cash that was burnt for each unit of recurring revenue gained.",
        formula="net_burn / net_new_arr",
        unit=Unit.TIMES,
        grain="one period, in one currency",
        owner=_OWNER,
        forms=(Form(multiple, (
            single("net_burn", "Cash spent less cash received.", "burn", "cash_burn",
                   "cash_burned", least=None),
            _GAINED)),),
        example="net_burn=3000 net_new_arr=2000",
        gives="1.5 x",
        pitfalls=("n/a where recurring revenue did not grow; below zero where cash came in.",),
        aliases=("net_burn_multiple",),
    ),
    Metric(
        name="gross_margin",
        title="Gross margin",
        words="What is left of revenue after the direct cost of earning it, as a share.",
        formula="(revenue - cost_of_revenue) / revenue",
        unit=Unit.PERCENT,
        grain="one period, in one currency",
        owner=_OWNER,
        forms=(Form(margin, (
            single("revenue", "Revenue of the period.", "sales", "net_revenue"),
            single("cost_of_revenue", "Its direct cost: hosting, support, delivery.", "cogs",
                   "cost_of_sales", "cost_of_goods_sold", "cost"))),),
        example="revenue=1000 cost_of_revenue=250",
        gives="75 %",
        pitfalls=("What counts as direct cost differs between companies.",),
        aliases=("gross_profit_margin", "gross_margin_rate"),
    ),
)  # fmt: skip
