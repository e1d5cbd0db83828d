"""Metrics of the pipeline: is there enough of it, does it move, where does it slip."""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction

from app.reporting.metrics.arithmetic import mean, median, ratio, sum_by, total
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

AREA = Area.PIPELINE
_OWNER = "Channel lead"


def remaining(qualified_pipeline: Fraction, quota: Fraction, won: Fraction) -> Answer:
    """Return open pipeline over what is left of the quota; n/a once the quota is reached."""
    left = quota - won
    if left < 0:
        return Answer(None, note="More than the quota is won.")
    return Answer(ratio(qualified_pipeline, left), parts(Unit.MONEY, remaining_quota=left))


def weighted(amounts: Sequence[Fraction], probabilities: Sequence[Fraction]) -> Answer:
    """Return the sum of amount times probability."""
    products = [a * p for a, p in zip(amounts, probabilities, strict=True)]
    return Answer(total(products), parts(Unit.MONEY, unweighted=total(amounts)))


def ages(days: Sequence[Fraction]) -> Answer:
    """Return the mean, and beside it the median and the longest."""
    return Answer(mean(days), parts(Unit.DAYS, median=median(days), longest=max(days)))


def moved(is_out: bool) -> Callable[..., Answer]:
    """Return the function for amounts whose close date left the period, or came into it."""

    def moved_amount(
        amounts: Sequence[Fraction], planned: Sequence[date], expected: Sequence[date],
        start: date, until: date,
    ) -> Answer:  # fmt: skip
        if until <= start:
            raise MetricRefused("until: the period must end after its start.")
        before = [start <= day < until for day in planned]
        after = [start <= day < until for day in expected]
        left, came = (before, expected) if is_out else (after, planned)
        chosen = [
            amount
            for amount, is_inside, other in zip(amounts, left, came, strict=True)
            if is_inside and other >= until
        ]
        return Answer(total(chosen), parts(Unit.COUNT, deals=len(chosen)))

    return moved_amount


_MOVED_KEYS = (
    series("amounts", "The amount of each open deal.", "amount"),
    series("planned", "Its close date at the start of the period.", "planned_close", "was",
           kind=Kind.DAY),
    series("expected", "Its close date now.", "expected_close", "now", kind=Kind.DAY),
    single("start", "The first day of the period.", "period_start", kind=Kind.DAY),
    single("until", "The day after its last.", "period_end", "end", kind=Kind.DAY),
)  # fmt: skip


METRICS = (
    Metric(
        name="pipeline_coverage",
        title="Pipeline coverage",
        words="How many times the qualified open pipeline of a period covers its quota.",
        formula="qualified_pipeline / quota",
        unit=Unit.TIMES,
        grain="open deals with a close date in the period, in one currency",
        owner=_OWNER,
        forms=(Form(ratio, (
            single("qualified_pipeline", "Value of open deals from the stage qualified on.",
                   "pipeline", "qualified", "open_pipeline"),
            single("quota", "The target of the period.", "target"))),),
        example="qualified_pipeline=900000 quota=300000",
        gives="3 x",
        pitfalls=(
            "What coverage is enough depends on the win rate: 1 / win rate is break-even.",
            "Late in a period compare with remaining_coverage.",
        ),
        aliases=("coverage",),
    ),
    Metric(
        name="remaining_coverage",
        title="Remaining coverage",
        words="How many times the qualified open pipeline covers what is left of the quota.",
        formula="qualified_pipeline / (quota - won)",
        unit=Unit.TIMES,
        grain="open deals with a close date in the rest of the period, in one currency",
        owner=_OWNER,
        forms=(
            Form(ratio, (
                single("qualified_pipeline", "Value of open qualified deals.", "pipeline"),
                single("remaining_quota", "The quota less what is won.", "remaining"))),
            Form(remaining, (
                single("qualified_pipeline", "Value of open qualified deals.", "pipeline"),
                single("quota", "The target of the period.", "target"),
                single("won", "What is won of it so far.", "closed", "booked"))),
        ),
        example="qualified_pipeline=300000 quota=300000 won=200000",
        gives="3 x",
        pitfalls=("n/a once the quota is reached.",),
        aliases=("remaining_pipeline_coverage", "pipeline_coverage_remaining"),
    ),
    Metric(
        name="weighted_pipeline",
        title="Weighted pipeline",
        words="The open pipeline, each deal weighed by the probability of its stage or its own.",
        formula="sum(amount x probability)",
        unit=Unit.MONEY,
        grain="open deals at one moment, in one currency",
        owner=_OWNER,
        forms=(Form(weighted, (
            series("amounts", "The amount of each open deal.", "amount", "values"),
            series("probabilities", "Its probability to be won.", "probability", "weights",
                   kind=Kind.SHARE))),),
        example="amounts=1000,2000 probabilities=50%,25%",
        gives="1000 money",
        pitfalls=("An expectation, not a forecast: few deals ever close at their weighted value.",),
    ),
    Metric(
        name="pipeline_created",
        title="Pipeline created",
        words="The value of opportunities created in the period, at their value when created.",
        formula="sum of amounts at creation",
        unit=Unit.MONEY,
        grain="opportunities created in the period, by segment, in one currency",
        owner=_OWNER,
        forms=(
            Form(sum_by, (series("amounts", "The amount of each opportunity.", "amount"),)),
            Form(sum_by, (series("amounts", "The amount of each opportunity.", "amount"),
                          series("segment", "Its segment.", "segments", "source",
                                 kind=Kind.LABEL))),
        ),
        example="amounts=500,300,200 segment=north,south,north",
        gives="1000 money",
        pitfalls=("Later growth of a deal is not pipeline created.",),
    ),
    Metric(
        name="stage_ageing",
        title="Stage ageing",
        words="How long the deals that are open in a stage have been in it, on average.",
        formula="sum(days in stage) / number of deals",
        unit=Unit.DAYS,
        grain="open deals of one stage at one moment",
        owner=_OWNER,
        forms=(Form(ages, (series("days", "Days that each deal has been in the stage.",
                                  "days_in_stage", "ages"),)),),
        example="days=10,20,60",
        gives="30 days",
        pitfalls=(
            "Only those still there are counted, so it grows with the slow ones; the time a stage "
            "takes is in cycle_length_median.",
        ),
        aliases=("stage_aging", "stage_age"),
    ),
    Metric(
        name="stalled_share",
        title="Stalled share",
        words="Open deals without activity for too long, or past their close date, as a share of "
        "all open deals.",
        formula="stalled / open",
        unit=Unit.PERCENT,
        grain="open deals at one moment, by count or by value",
        owner=_OWNER,
        forms=(Form(ratio, (
            single("stalled", "Open deals that are stalled.", "stalled_deals"),
            single("open", "All open deals.", "open_deals", "total")), is_within=True),),
        example="stalled=6 open=40",
        gives="15 %",
        pitfalls=("Depends on what is logged: calls nobody writes down look like silence.",),
        aliases=("stalled_rate",),
    ),
    Metric(
        name="pushed_amount",
        title="Pushed amount",
        words="The value of deals that were to close in the period and are now to close after it.",
        formula="sum of amounts with planned close in [start, until) and expected close >= until",
        unit=Unit.MONEY,
        grain="deals open at the start of the period, in one currency",
        owner=_OWNER,
        forms=(Form(moved(is_out=True), _MOVED_KEYS),),
        example="amounts=500,300 planned=2026-03-20,2026-03-30 expected=2026-04-10,2026-03-31 "
        "start=2026-01-01 until=2026-04-01",
        gives="500 money",
        pitfalls=("A deal that is pushed and lost counts under lost, not here.",),
        aliases=("pushed",),
    ),
    Metric(
        name="slippage_rate",
        title="Slippage rate",
        words="Of the value that was to close in the period, the share that is now to close after "
        "it.",
        formula="pushed / planned",
        unit=Unit.PERCENT,
        grain="deals open at the start of the period with a close date in it, by value or by count",
        owner=_OWNER,
        forms=(Form(ratio, (
            single("pushed", "What is now to close after the period.", "slipped",
                   "pushed_amount", "slipped_amount", "pushed_deals", "slipped_deals"),
            single("planned", "What was to close in it.", "due", "expected", "planned_amount",
                   "forecast", "total")), is_within=True),),
        example="pushed=200 planned=1000",
        gives="20 %",
        pitfalls=("A deal that is pushed and lost counts as lost, not as slipped.",),
        aliases=("slippage", "slip_rate", "push_rate", "pushed_share", "pushed_rate"),
    ),
    Metric(
        name="pulled_in_amount",
        title="Pulled-in amount",
        words="The value of deals that were to close after the period and are now to close in it.",
        formula="sum of amounts with planned close >= until and expected close in [start, until)",
        unit=Unit.MONEY,
        grain="deals open at the start of the period, in one currency",
        owner=_OWNER,
        forms=(Form(moved(is_out=False), _MOVED_KEYS),),
        example="amounts=500,300 planned=2026-04-20,2026-03-30 expected=2026-03-10,2026-03-31 "
        "start=2026-01-01 until=2026-04-01",
        gives="500 money",
        pitfalls=("What is pulled in is missing in the next period.",),
        aliases=("pulled_in",),
    ),
)  # fmt: skip
