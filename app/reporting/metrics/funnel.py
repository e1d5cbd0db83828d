"""Metrics of the funnel: how many get from one stage to the next, and how many are won."""

from collections.abc import Sequence
from fractions import Fraction

from app.reporting.metrics.arithmetic import of_both, of_both_by, ratio, ratio_by
from app.reporting.metrics.definition import (
    Answer,
    Area,
    Form,
    Key,
    Kind,
    Metric,
    MetricRefused,
    Unit,
    parts,
    series,
    single,
)
from app.reporting.metrics.survival import incidence

AREA = Area.FUNNEL
_OWNER = "Channel lead"
OUTCOMES = ("advanced", "lost", "open")


def labels(name: str, words: str, *aliases: str) -> Key:
    """Return a key for names that split a series into segments."""
    return series(name, words, *aliases, kind=Kind.LABEL)


def of_decided(advanced: Fraction, entered: Fraction, still_open: Fraction) -> Answer:
    """Return the share that advanced among the deals of a cohort that are decided.

    :raises MetricRefused: if more advanced or are open than entered
    """
    if advanced + still_open > entered:
        raise MetricRefused("advanced and open together cannot be more than entered.")
    found = ratio(advanced, entered - still_open)
    return Answer(found, parts(Unit.COUNT, decided=entered - still_open, still_open=still_open))


def of_cohort(
    days: Sequence[Fraction], outcomes: Sequence[str], horizon: Fraction | None
) -> Answer:
    """Return the share of a cohort that advances, open deals censored.

    :raises MetricRefused: if an outcome is not advanced, lost or open
    """
    if strange := sorted(set(outcomes) - set(OUTCOMES)):
        raise MetricRefused(f"outcome: “{strange[0][:40]}” is not one of {', '.join(OUTCOMES)}.")
    counts = {f"deals_{each}": outcomes.count(each) for each in OUTCOMES}
    found = incidence(days, outcomes, "advanced", horizon)
    return Answer(found, parts(Unit.COUNT, **counts))


def _stage(name: str, title: str, reached: Key, from_: Key, example: str) -> Metric:
    """Return the metric of one step of the funnel, as a whole and by source."""
    by_source = tuple(
        series(key.name, f"{key.words[:-1]}, for each source.", *key.aliases)
        for key in (reached, from_)
    )
    return Metric(
        name=name,
        title=title,
        words=f"{reached.words[:-1]}, as a share of {from_.words[0].lower()}{from_.words[1:]}",
        formula=f"{reached.name} / {from_.name}",
        unit=Unit.PERCENT,
        grain="one period, by source; the sources' sums are divided, not their rates averaged",
        owner=_OWNER,
        forms=(
            Form(ratio, (reached, from_)),
            Form(ratio_by, (*by_source, labels("source", "The name of each source.", "segment"))),
        ),
        example=example,
        gives="25 %",
        pitfalls=(
            "A flow: those who arrive in a period may have started in an earlier one, so it can "
            "pass 100 %.",
        ),
        aliases=(f"{name}_rate", f"{name}_conversion"),
    )


_STAGE_PITFALLS = (
    "A flow: it can pass 100 % when last period's deals advance in this one.",
    "Rates of neighbouring stages must not be multiplied when deals skip stages.",
)

METRICS = (
    Metric(
        name="conversion_rate",
        title="Stage conversion",
        words="Deals that reached the next stage in the period, as a share of those that reached "
        "the stage before it.",
        formula="next / previous",
        unit=Unit.PERCENT,
        grain="two neighbouring stages and one period, by source or segment",
        owner=_OWNER,
        forms=(
            Form(ratio, (
                single("next", "Deals that reached the next stage.", "to", "next_stage",
                       "converted", "advanced"),
                single("previous", "Deals that reached the stage before.", "from", "prior",
                       "previous_stage", "entered", "total"))),
            Form(
                ratio_by,
                (
                    series("next", "Deals that reached the next stage, for each source."),
                    series("previous", "Deals that reached the stage before, for each source."),
                    labels("source", "The name of each source.", "segment"),
                ),
            ),
        ),
        example="next=40 previous=100",
        gives="40 %",
        pitfalls=_STAGE_PITFALLS,
        aliases=("conversion", "stage_conversion", "stage_conversion_rate",
                 "stage_to_stage_conversion"),
    ),
    Metric(
        name="cohort_conversion_rate",
        title="Cohort conversion",
        words="Of the deals that entered a stage in a period, the share that advances, however "
        "long it takes; deals still open are censored, not counted as lost.",
        formula="by counts: advanced / (entered - open); by deals: Aalen-Johansen cumulative "
        "incidence of advancing against being lost",
        unit=Unit.PERCENT,
        grain="deals that entered the stage in one period",
        owner=_OWNER,
        forms=(
            Form(
                of_decided,
                (
                    single("advanced", "Deals of the cohort that advanced.", "reached", "next"),
                    single("entered", "Deals that entered the stage.", "cohort", "previous"),
                    single("open", "Deals that are still in the stage.", "still_open",
                           "censored", default=Fraction(0)),
                ),
            ),
            Form(
                of_cohort,
                (
                    series("days", "Days that each deal was in the stage, so far or in all."),
                    series("outcome", "advanced, lost or open, for each deal.", "outcomes",
                           kind=Kind.LABEL),
                    single("horizon", "Look only this many days far.", default=None),
                ),
            ),
        ),
        example="days=10,20,30,40 outcome=advanced,open,lost,advanced",
        gives="62.5 %",
        pitfalls=(
            "By counts, young cohorts flatter: what is decided quickly is mostly what advances.",
        ),
        aliases=("cohort_conversion", "cohort_stage_conversion"),
    ),
    _stage(
        "lead_to_meeting", "Lead to meeting",
        single("meetings", "Leads that had a first meeting.", "meeting"),
        single("leads", "Leads that were created.", "lead"),
        "meetings=25 leads=100",
    ),
    _stage(
        "meeting_to_opportunity", "Meeting to opportunity",
        single("opportunities", "First meetings that became an opportunity.", "opportunity"),
        single("meetings", "First meetings that were held.", "meeting"),
        "opportunities=10 meetings=40",
    ),
    _stage(
        "lead_to_win", "Lead to win",
        single("won", "Leads that were won in the end.", "wins"),
        single("leads", "Leads that were created.", "lead"),
        "won=25 leads=100",
    ),
    Metric(
        name="win_rate",
        title="Win rate",
        words="Of the deals closed in the period, the share that was won.",
        formula="won / (won + lost)",
        unit=Unit.PERCENT,
        grain="deals closed in one period, by source or segment",
        owner=_OWNER,
        forms=(
            Form(of_both, (single("won", "Deals won.", "wins", "closed_won"),
                           single("lost", "Deals lost.", "losses", "closed_lost"))),
            Form(ratio, (single("won", "Deals won.", "wins", "closed_won"),
                         single("closed", "Deals won or lost.", "decided", "total")),
                 is_within=True),
            Form(of_both_by, (series("won", "Deals won, for each source."),
                              series("lost", "Deals lost, for each source."),
                              labels("source", "The name of each source.", "segment"))),
        ),
        example="won=30 lost=70",
        gives="30 %",
        pitfalls=(
            "It flatters while many deals are open: lost deals are closed late or never.",
            "Beside it stands cohort_win_rate, which counts open deals as not won.",
        ),
    ),
    Metric(
        name="win_rate_by_value",
        title="Win rate by value",
        words="Of the value of deals closed in the period, the share that was won.",
        formula="won_value / (won_value + lost_value)",
        unit=Unit.PERCENT,
        grain="deals closed in one period, in one currency",
        owner=_OWNER,
        forms=(Form(of_both, (
            single("won_value", "Value of the deals won.", "won", "value_won", "won_amount"),
            single("lost_value", "Value of the deals lost.", "lost", "value_lost",
                   "lost_amount"))),),
        example="won_value=200000 lost_value=600000",
        gives="25 %",
        pitfalls=("One large deal moves it; read it beside the rate by count.",),
        aliases=("value_win_rate", "win_rate_value"),
    ),
    Metric(
        name="cohort_win_rate",
        title="Cohort win rate",
        words="Of the deals created in a period, the share that has been won so far.",
        formula="won / created",
        unit=Unit.PERCENT,
        grain="deals created in one period",
        owner=_OWNER,
        forms=(Form(ratio, (
            single("won", "Deals of the cohort won so far.", "wins"),
            single("created", "Deals of the cohort.", "cohort", "opened")), is_within=True),),
        example="won=12 created=80",
        gives="15 %",
        pitfalls=("It rises for as long as the cohort has open deals: compare equal ages.",),
    ),
    Metric(
        name="cohort_win_rate_by_value",
        title="Cohort win rate by value",
        words="Of the value of deals created in a period, the share that has been won so far.",
        formula="won_value / created_value",
        unit=Unit.PERCENT,
        grain="deals created in one period, in one currency",
        owner=_OWNER,
        forms=(Form(ratio, (
            single("won_value", "Value won so far, at the close.", "won"),
            single("created_value", "Value at creation.", "created"))),),
        example="won_value=150000 created_value=1000000",
        gives="15 %",
        pitfalls=("Deals that grow between creation and win push it up, past 100 % even.",),
    ),
)  # fmt: skip
