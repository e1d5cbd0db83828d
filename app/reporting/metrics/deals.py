"""Metrics of deals: how large they are, how long they take, how fast value flows."""

from collections.abc import Sequence
from fractions import Fraction

from app.reporting.metrics.arithmetic import mean, median, ratio, total
from app.reporting.metrics.definition import (
    Answer,
    Area,
    Form,
    Key,
    Kind,
    Metric,
    Unit,
    parts,
    series,
    single,
)
from app.reporting.metrics.survival import middle, ninetieth

AREA = Area.PIPELINE
_OWNER = "Channel lead"


def average(amounts: Sequence[Fraction]) -> Answer:
    """Return the mean amount, and beside it the median."""
    shown = parts(Unit.MONEY, median=median(amounts), sum=total(amounts))
    return Answer(mean(amounts), shown)


def velocity(
    opportunities: Fraction, average_value: Fraction, win_rate: Fraction, cycle_days: Fraction
) -> Fraction | None:
    """Return the value that flows through the pipeline in a day."""
    return ratio(opportunities * average_value * win_rate, cycle_days)


def ended(name: str, words: str, *aliases: str) -> Key:
    """Return a key that says which of the cases have ended; without it all have."""
    return series(name, words, *aliases, kind=Kind.FLAG, default=())


_CYCLE_KEYS = (
    series("days", "Days from creation to close, or until today while open.", "durations",
           "cycle_days"),
    ended("closed", "Whether the deal is closed (1) or still open (0).", "is_closed", "won",
          "event", "observed"),
)  # fmt: skip
_CYCLE_PITFALLS = (
    "The median of won deals alone is too short: slow deals are still open. It is shown below.",
    "n/a while too many deals are open for half (or nine tenths) of them to have closed.",
)

METRICS = (
    Metric(
        name="average_deal_value",
        title="Average deal value",
        words="What a won deal is worth on average.",
        formula="sum of amounts / number of deals",
        unit=Unit.MONEY,
        grain="deals won in the period, in one currency",
        owner=_OWNER,
        forms=(
            Form(ratio, (single("value", "Value of the deals.", "amount", "won_value"),
                         single("deals", "How many there are.", "count", "won"))),
            Form(average, (series("amounts", "The amount of each deal.", "values"),)),
        ),
        example="amounts=1000,2000,9000",
        gives="4000 money",
        pitfalls=("One large deal moves it: read it beside the median.",),
        aliases=("average_deal_size", "avg_deal_value", "acs"),
    ),
    Metric(
        name="median_deal_value",
        title="Median deal value",
        words="What the deal in the middle is worth: half are worth more, half less.",
        formula="the middle amount; the mean of the two in the middle where there are two",
        unit=Unit.MONEY,
        grain="deals won in the period, in one currency",
        owner=_OWNER,
        forms=(Form(median, (series("amounts", "The amount of each deal.", "values"),)),),
        example="amounts=1000,2000,9000",
        gives="2000 money",
        pitfalls=("Medians of segments do not add up to that of the whole.",),
        aliases=("median_deal_size",),
    ),
    Metric(
        name="cycle_length_median",
        title="Cycle length, median",
        words="The days after which half of the deals have closed, open deals counted for as long "
        "as they have lasted.",
        formula="Kaplan-Meier: the first day on which the share still open is at most 50 %; the "
        "middle of the stretch where it is exactly 50 %",
        unit=Unit.DAYS,
        grain="deals created in one period, open ones included",
        owner=_OWNER,
        forms=(Form(middle, _CYCLE_KEYS),),
        example="days=10,20,30,40,50 closed=1,1,0,1,0",
        gives="40 days",
        pitfalls=_CYCLE_PITFALLS,
        aliases=("cycle_length", "sales_cycle", "sales_cycle_length", "median_cycle_length"),
    ),
    Metric(
        name="cycle_length_p90",
        title="Cycle length, 90th percentile",
        words="The days after which nine tenths of the deals have closed, open deals counted for "
        "as long as they have lasted.",
        formula="Kaplan-Meier: the first day on which the share still open is at most 10 %",
        unit=Unit.DAYS,
        grain="deals created in one period, open ones included",
        owner=_OWNER,
        forms=(Form(ninetieth, _CYCLE_KEYS),),
        example="days=10,20,30,40,50",
        gives="50 days",
        pitfalls=_CYCLE_PITFALLS,
        aliases=("p90_cycle_length",),
    ),
    Metric(
        name="velocity",
        title="Pipeline velocity",
        words="The value that the pipeline turns into bookings in a day.",
        formula="opportunities x average_value x win_rate / cycle_days",
        unit=Unit.MONEY_PER_DAY,
        grain="one segment and period, in one currency",
        owner=_OWNER,
        forms=(Form(velocity, (
            single("opportunities", "Qualified open opportunities.", "deals"),
            single("average_value", "Average value of a won deal.", "average_deal_value",
                   "average_deal_size", "deal_value", "deal_size", "avg_value", "avg_deal_size",
                   "avg_deal_value", "acv"),
            single("win_rate", "The share of closed deals that is won.", kind=Kind.SHARE),
            single("cycle_days", "Length of the sales cycle in days.", "cycle_length",
                   "sales_cycle", "sales_cycle_days", "sales_cycle_length", "cycle"))),),
        example="opportunities=50 average_value=10000 win_rate=20% cycle_days=80",
        gives="1250 money per day",
        pitfalls=("Four averages multiplied: segments with different cycles must be kept apart.",),
        aliases=("pipeline_velocity", "sales_velocity"),
    ),
)  # fmt: skip
