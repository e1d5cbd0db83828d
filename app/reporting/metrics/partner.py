"""Metrics of partners: do they start, are they answered, do they reach their goals."""

from collections.abc import Sequence
from fractions import Fraction

from app.reporting.metrics.arithmetic import of_both, ratio, total
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
from app.reporting.metrics.survival import middle, middle_hours

AREA = Area.PARTNER
_OWNER = "Channel lead"
_WINDOW = Fraction(90)


def activated_in_time(
    days: Sequence[Fraction], activated: Sequence[bool], window: Fraction
) -> Answer:
    """Return the share activated within the window, of the partners who have had that long."""
    cases = list(zip(days, activated, strict=True))
    in_time = sum(is_active and day <= window for day, is_active in cases)
    due = sum(is_active or day >= window for day, is_active in cases)
    waiting = len(cases) - due
    counts = parts(Unit.COUNT, activated_in_time=in_time, due=due, not_due_yet=waiting)
    return Answer(ratio(Fraction(in_time), Fraction(due)), counts)


def scorecard(
    scores: Sequence[Fraction | None], weights: Sequence[Fraction], factors: Sequence[str]
) -> Answer:
    """Return the weighted mean of the factors that have a score, and says where one has none."""
    names = factors or [f"factor_{place}" for place in range(1, len(scores) + 1)]
    rows = list(zip(names, scores, weights, strict=True))
    counted = total([weight for _, score, weight in rows if score is not None])
    missing = [name for name, score, _ in rows if score is None]
    products = [score * weight for _, score, weight in rows if score is not None]
    value = ratio(total(products), counted)
    shown = tuple(_row(name, score, weight, counted) for name, score, weight in rows)
    note = ""
    if missing:
        note = f"Partial: {', '.join(missing)} has no score; the other weights are scaled up."
    columns = ("score", "weight_percent", "points")
    return Answer(value, shown, note, columns=columns, is_table=True)


def _row(name: str, score: Fraction | None, weight: Fraction, counted: Fraction) -> Part:
    if score is None or not counted:
        return Part(name, (score, Fraction(0), Fraction(0)))
    return Part(name, (score, 100 * weight / counted, score * weight / counted))


def lift(enabled_win_rate: Fraction, other_win_rate: Fraction) -> Answer:
    """Return by how much more often enabled partners win; below zero where less often."""
    gap = enabled_win_rate - other_win_rate
    shown = parts(Unit.PERCENT, enabled_win_rate=enabled_win_rate, other_win_rate=other_win_rate)
    points = parts(Unit.PERCENTAGE_POINTS, difference=gap)
    return Answer(ratio(gap, other_win_rate), shown + points)


def lift_of_counts(
    enabled_won: Fraction, enabled_lost: Fraction, other_won: Fraction, other_lost: Fraction
) -> Answer:
    """Return the same from deals; n/a where one of the two groups has none."""
    enabled, other = of_both(enabled_won, enabled_lost), of_both(other_won, other_lost)
    if enabled is None or other is None:
        return Answer(None, note="One of the two groups has no closed deal.")
    return lift(enabled, other)


def _until_first(name: str, title: str, what: str, *aliases: str) -> Metric:
    return Metric(
        name=name, title=title,
        words=f"The days from joining until the first {what}, for half of the partners; those "
        "without one yet are counted for as long as they have waited.",
        formula="Kaplan-Meier median of days from joining",
        unit=Unit.DAYS, grain="partners that joined in one period", owner=_OWNER,
        forms=(Form(middle, (
            series("days", f"Days from joining to the first {what}, or until today."),
            ended("reached", "Whether there was one (1) or not yet (0).", "event", "observed",
                  "closed", "activated"))),),
        example="days=10,40,90 reached=1,1,0", gives="40 days",
        pitfalls=("Leaving out partners without one makes it look quick.",), aliases=aliases,
    )  # fmt: skip


METRICS = (
    Metric(
        name="attach_rate",
        title="Attach rate",
        words="Deals in which a partner takes part, as a share of all deals.",
        formula="attached / deals",
        unit=Unit.PERCENT,
        grain="deals won in the period, or open at one moment",
        owner=_OWNER,
        forms=(Form(ratio, (single("attached", "Deals with a partner.", "with_partner"),
                            single("deals", "All deals.", "total", "all")), is_within=True),),
        example="attached=30 deals=120",
        gives="25 %",
        pitfalls=("Attached late, to collect, counts like attached early, to sell.",),
        aliases=("partner_attach_rate",),
    ),
    Metric(
        name="registration_approval_rate",
        title="Registration approval rate",
        words="Of the deal registrations that were decided, the share that was approved.",
        formula="approved / (approved + rejected)",
        unit=Unit.PERCENT,
        grain="registrations decided in the period",
        owner=_OWNER,
        forms=(
            Form(of_both, (single("approved", "Registrations approved."),
                           single("rejected", "Registrations rejected.", "declined"))),
            Form(ratio, (single("approved", "Registrations approved."),
                         single("decided", "Registrations decided.")), is_within=True),
        ),
        example="approved=45 rejected=15",
        gives="75 %",
        pitfalls=("Of the decided: what waits, or was withdrawn, is in neither number.",),
        aliases=("approval_rate",),
    ),
    Metric(
        name="time_to_decision",
        title="Time to decision",
        words="The business hours from submission to decision, for half of the registrations.",
        formula="Kaplan-Meier median of hours; those that still wait are censored",
        unit=Unit.HOURS,
        grain="registrations submitted in one period",
        owner=_OWNER,
        forms=(Form(middle_hours, (
            series("hours", "Business hours to the decision, or until now."),
            ended("decided", "Whether it was decided (1) or waits (0).", "closed"))),),
        example="hours=2,6,20 decided=1,1,0",
        gives="6 hours",
        pitfalls=("Time in which the partner had to act is not the reviewer's: it is left out.",),
    ),
    Metric(
        name="conflict_rate",
        title="Conflict rate",
        words="Registrations whose customer was contested or protected, as a share of all.",
        formula="conflicts / registrations",
        unit=Unit.PERCENT,
        grain="registrations submitted in the period",
        owner=_OWNER,
        forms=(Form(ratio, (single("conflicts", "Registrations that met a conflict.", "conflict"),
                            single("registrations", "Registrations submitted.", "submitted",
                                   "total")), is_within=True),),
        example="conflicts=9 registrations=60",
        gives="15 %",
        pitfalls=("Private pre-checks turn conflicts away before they are counted.",),
    ),
    Metric(
        name="activation_rate",
        title="Activation rate",
        words="Partners with a first registration within 90 days of joining, as a share of those "
        "that joined at least 90 days ago or are active.",
        formula="activated / joined; by partner: active within the window / those due",
        unit=Unit.PERCENT,
        grain="partners that joined in one period",
        owner=_OWNER,
        forms=(
            Form(ratio, (single("activated", "Partners active within 90 days.", "active"),
                         single("joined", "Partners that joined at least 90 days ago.", "partners",
                                "due", "eligible", "recruited", "total")), is_within=True),
            Form(activated_in_time, (
                series("days", "Days from joining to activation, or until today."),
                series("activated", "Whether the partner is active (1) or not yet (0).",
                       kind=Kind.FLAG),
                single("window", "Days within which it counts.", default=_WINDOW))),
        ),
        example="days=30,120,100,20 activated=1,1,0,0",
        gives="33.333333 %",
        pitfalls=("Partners that joined lately are not due yet: counting them makes it look low.",),
        aliases=("activation", "partner_activation_rate"),
    ),
    _until_first("time_to_first_registration", "Time to first registration", "registration"),
    _until_first("time_to_first_win", "Time to first win", "won deal", "time_to_first_deal"),
    Metric(
        name="attainment",
        title="Attainment",
        words="What was reached of a target.",
        formula="actual / target",
        unit=Unit.PERCENT,
        grain="one partner or person and period, in one currency",
        owner=_OWNER,
        forms=(Form(ratio, (single("actual", "What was reached.", "achieved", "booked", "bookings"),
                            single("target", "What was to be reached.", "quota", "goal"))),),
        example="actual=130000 target=100000",
        gives="130 %",
        pitfalls=("Averages of attainments say nothing: divide the sums.",),
        aliases=("quota_attainment",),
    ),
    Metric(
        name="scorecard",
        title="Partner scorecard",
        words="One score from several factors by their weights; a factor without a score is left "
        "out, the others' weights are scaled up, and the score is marked partial.",
        formula="sum(score x weight) / sum(weight), over the factors that have a score",
        unit=Unit.POINTS,
        grain="one partner at one moment",
        owner=_OWNER,
        forms=(Form(scorecard, (
            series("scores", "The score of each factor; - where there is none.", "score",
                   "values", may_be_blank=True),
            series("weights", "The weight of each factor.", "weight"),
            series("factors", "The name of each factor.", "factor", "names", kind=Kind.LABEL,
                   default=()))),),
        example="scores=80,-,60 weights=50,30,20 factors=revenue,training,service",
        gives="74.285714 points",
        pitfalls=("Two partial scores with different gaps cannot be compared.",),
        aliases=("partner_scorecard", "partner_health", "health", "health_score"),
    ),
    Metric(
        name="enablement_lift",
        title="Enablement lift",
        words="By how much more often certified partners win than the others.",
        formula="(enabled_win_rate - other_win_rate) / other_win_rate",
        unit=Unit.PERCENT,
        grain="deals closed in one period",
        owner=_OWNER,
        forms=(
            Form(lift, (single("enabled_win_rate", "Win rate of certified partners.", "enabled",
                               "certified_win_rate", "certified", kind=Kind.SHARE),
                        single("other_win_rate", "Win rate of the others.", "other", "baseline",
                               "baseline_win_rate", "uncertified", kind=Kind.SHARE))),
            Form(lift_of_counts, (
                single("enabled_won", "Deals won by certified partners.", "certified_won"),
                single("enabled_lost", "Deals they lost.", "certified_lost"),
                single("other_won", "Deals won by the others.", "uncertified_won"),
                single("other_lost", "Deals they lost.", "uncertified_lost"))),
        ),
        example="enabled_win_rate=30% other_win_rate=20%",
        gives="50 %",
        pitfalls=("Better partners train more: a difference is not yet an effect.",),
    ),
)  # fmt: skip
