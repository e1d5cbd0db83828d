"""Metrics of recurring revenue: what comes every month, what stays, what goes."""

from collections.abc import Sequence
from fractions import Fraction

from app.reporting.metrics.arithmetic import total
from app.reporting.metrics.definition import (
    Answer,
    Area,
    Form,
    Kind,
    Metric,
    MetricRefused,
    Unit,
    parts,
    series,
    single,
)

AREA = Area.REVENUE
_OWNER = "Finance"
ZERO = Fraction(0)
MOVES = {
    "new": 1,
    "expansion": 1,
    "contraction": -1,
    "churn": -1,
    "reactivation": 1,
    "currency_effect": 1,
}
"""What changes recurring revenue, and whether it adds or takes away."""


def monthly(amounts: Sequence[Fraction], months: Sequence[Fraction] = ()) -> Fraction:
    """Return recurring revenue of a month: each amount over the months that it is for.

    :raises MetricRefused: if an amount is for no month
    """
    spans = months or [Fraction(1)] * len(amounts)
    if not all(spans):
        raise MetricRefused("months: an amount must be for more than no month.")
    return total([amount / span for amount, span in zip(amounts, spans, strict=True)])


def yearly(amounts: Sequence[Fraction], months: Sequence[Fraction]) -> Fraction:
    """Return twelve times the recurring revenue of a month."""
    return 12 * monthly(amounts, months)


def twelvefold(mrr: Fraction) -> Fraction:
    """Return twelve months of it."""
    return 12 * mrr


def twelfth(arr: Fraction) -> Fraction:
    """Return a month of it."""
    return arr / 12


def of_accounts(accounts: Fraction, arpa: Fraction) -> Fraction:
    """Return what accounts bring together."""
    return accounts * arpa


def movements(start: Fraction, *moves: Fraction) -> Answer:
    """Return the recurring revenue at the end; the moves stand in the order of ``MOVES``."""
    signed = {name: sign * move for (name, sign), move in zip(MOVES.items(), moves, strict=True)}
    net = total([*signed.values()])
    shown = parts(Unit.MONEY, start=start, **signed, net_new=net)
    return Answer(start + net, shown, is_table=True)


def movements_by_customer(
    start: Sequence[Fraction], end: Sequence[Fraction], returning: Sequence[bool]
) -> Answer:
    """Return the same from each customer's revenue before and after."""
    moved = dict.fromkeys(MOVES, ZERO)
    for before, after, is_back in zip(start, end, returning or [False] * len(start), strict=True):
        moved[_movement(before, after, is_back)] += abs(after - before)
    return movements(total(start), *moved.values())


def _movement(before: Fraction, after: Fraction, is_back: bool) -> str:
    if not before:
        return "reactivation" if is_back else "new"
    if not after:
        return "churn"
    return "expansion" if after > before else "contraction"


def net_new(
    new: Fraction, expansion: Fraction, contraction: Fraction, churn: Fraction,
    reactivation: Fraction,
) -> Fraction:  # fmt: skip
    """Return by how much recurring revenue grew."""
    return new + expansion - contraction - churn + reactivation


START = single("start", "Recurring revenue of these customers at the start.", "starting",
                "beginning", "opening",
                *(f"{first}_{what}" for first in ("start", "starting", "beginning", "opening")
                  for what in ("mrr", "arr", "revenue", "recurring_revenue")))  # fmt: skip
EXPANSION = single(
    "expansion",
    "More from the same customers.",
    "upsell",
    "expansion_mrr",
    "expansion_arr",
    "expansion_revenue",
)
CONTRACTION = single("contraction", "Less from those that stay.", "downgrade", "downsell",
                      "contraction_mrr")  # fmt: skip
CHURN = single(
    "churn",
    "What those had that left.",
    "churned",
    "churn_mrr",
    "churned_mrr",
    "churned_arr",
    "churned_revenue",
)
_NEW = single("new", "From new customers.", "new_mrr")
_BACK = single("reactivation", "From customers that came back.", default=ZERO)
BY_CUSTOMER = (
    series("start", "Each customer's recurring revenue at the start.", "before"),
    series("end", "The same customers' at the end; 0 of those that left.", "after"),
)
_AMOUNTS = series("amounts", "Recurring amounts in force.", "amount")
_MONTHS = series("months", "For how many months each amount is.", "term_months")

METRICS = (
    Metric(
        name="mrr",
        title="Monthly recurring revenue",
        words="What the subscriptions in force bring in a month.",
        formula="sum(amount / months)",
        unit=Unit.MONEY,
        grain="subscriptions in force at one moment, in one currency",
        owner=_OWNER,
        forms=(Form(monthly, (_AMOUNTS,)), Form(monthly, (_AMOUNTS, _MONTHS)),
               Form(twelfth, (single("arr", "Annual recurring revenue.",
                                     "annual_recurring_revenue"),)),
               Form(of_accounts, (
                   single("accounts", "Accounts in force.", "customers", "subscribers"),
                   single("arpa", "What an account brings in a month.", "arpu")))),
        example="amounts=1200,100 months=12,1",
        gives="200 money",
        pitfalls=("An operating metric, not revenue: one-off charges and usage are not in it.",),
        aliases=("monthly_recurring_revenue",),
    ),
    Metric(
        name="arr",
        title="Annual recurring revenue",
        words="What the subscriptions in force bring in a year if nothing changes.",
        formula="12 x MRR",
        unit=Unit.MONEY,
        grain="subscriptions in force at one moment, in one currency",
        owner=_OWNER,
        forms=(Form(twelvefold, (single("mrr", "Monthly recurring revenue.",
                                        "monthly_recurring_revenue"),)),
               Form(yearly, (_AMOUNTS, _MONTHS))),
        example="mrr=200",
        gives="2400 money",
        pitfalls=("A run rate, not a forecast and not recognised revenue.",),
        aliases=("annual_recurring_revenue",),
    ),
    Metric(
        name="mrr_roll_forward",
        title="MRR movements",
        words="Recurring revenue at the end of a period, and the movements that led there.",
        formula="start + new + expansion - contraction - churn + reactivation + currency_effect",
        unit=Unit.MONEY,
        grain="one period, in the reporting currency",
        owner=_OWNER,
        forms=(
            Form(movements, (START, _NEW, EXPANSION, CONTRACTION, CHURN, _BACK,
                             single("currency_effect", "What exchange rates did.", "currency",
                                    "fx", least=None, default=ZERO))),
            Form(movements_by_customer, (*BY_CUSTOMER, series(
                "returning", "Whether a customer without a start had been one before.",
                kind=Kind.FLAG, default=()))),
        ),
        example="start=1000 new=200 expansion=100 contraction=50 churn=30",
        gives="1220 money",
        pitfalls=("Price rises are expansion; a customer that splits in two is not new.",),
        aliases=("mrr_movements", "mrr_bridge", "arr_movements", "arr_roll_forward"),
    ),
    Metric(
        name="net_new_mrr",
        title="Net new MRR",
        words="By how much recurring revenue grew in the period.",
        formula="new + expansion - contraction - churn + reactivation",
        unit=Unit.MONEY,
        grain="one period, in the reporting currency",
        owner=_OWNER,
        forms=(Form(net_new, (_NEW, EXPANSION, CONTRACTION, CHURN, _BACK)),),
        example="new=200 expansion=100 contraction=50 churn=30",
        gives="220 money",
        pitfalls=("Growth can hide churn: read it beside NRR and GRR.",),
        aliases=("net_new_arr",),
    ),
)  # fmt: skip
