"""How long things take while some are still open: Kaplan-Meier and Aalen-Johansen, exactly.

An open case is censored: it has lasted so long and not ended yet. Leaving open cases out makes
every duration look shorter than it is. At equal times, ends come before censoring, as usual.
Survival is kept as one integer over another and reduced only at the end, so that thousands of
cases stay exact and quick.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from app.reporting.metrics.arithmetic import median
from app.reporting.metrics.definition import Answer, Unit, parts


def quantile(days: Sequence[Fraction], ended: Sequence[bool], part: Fraction) -> Fraction | None:
    """Return the time by which ``part`` of the cases ended, by the Kaplan-Meier curve.

    Where the curve runs flat at exactly ``1 - part``, the middle of that stretch: so without open
    cases the median is the ordinary one. None where the curve never comes down so far.

    Source: Kaplan and Meier (1958); the middle of a flat stretch as in R's ``survfit``.
    """
    alive, whole = 1, 1
    flat_from: Fraction | None = None
    for day, ends, at_risk in _steps(days, ended):
        if flat_from is not None:
            return (flat_from + day) / 2
        alive, whole = alive * (at_risk - ends), whole * at_risk
        # alive / whole against (1 - part), without a division
        left, right = alive * part.denominator, whole * (part.denominator - part.numerator)
        if left < right:
            return day
        if left == right:
            flat_from = day
    return flat_from


def _steps(days: Sequence[Fraction], ended: Sequence[bool]) -> Iterator[tuple[Fraction, int, int]]:
    """Yield each time at which cases end: the time, how many end, how many were still at risk."""
    ends = Counter(day for day, is_end in zip(days, ended, strict=True) if is_end)
    leaves = Counter(days)
    at_risk = len(days)
    for day in sorted(leaves):
        if ends[day]:
            yield day, ends[day], at_risk
        at_risk -= leaves[day]


def durations(
    part: Fraction, days: Sequence[Fraction], ended: Sequence[bool], unit: Unit = Unit.DAYS
) -> Answer:
    """Return the Kaplan-Meier quantile, and beside it what looking at ended cases alone gives.

    Without ``ended`` all cases have ended.
    """
    flags = ended or [True] * len(days)
    closed = [day for day, is_end in zip(days, flags, strict=True) if is_end]
    found = quantile(days, flags, part)
    note = "" if found is not None else "Too many are still open for the curve to come down so far."
    shown = parts(
        unit,
        median=quantile(days, flags, Fraction(1, 2)),
        p90=quantile(days, flags, Fraction(9, 10)),
        median_of_ended=median(closed),
    )
    counts = parts(Unit.COUNT, ended=len(closed), still_open=len(days) - len(closed))
    return Answer(found, shown + counts, note)


def middle(days: Sequence[Fraction], ended: Sequence[bool] = ()) -> Answer:
    """Return the median duration in days, open cases censored."""
    return durations(Fraction(1, 2), days, ended)


def middle_hours(hours: Sequence[Fraction], ended: Sequence[bool] = ()) -> Answer:
    """Return the median duration in hours, open cases censored."""
    return durations(Fraction(1, 2), hours, ended, Unit.HOURS)


def ninetieth(days: Sequence[Fraction], ended: Sequence[bool] = ()) -> Answer:
    """Return the 90th percentile of the duration in days, open cases censored."""
    return durations(Fraction(9, 10), days, ended)


def incidence(
    days: Sequence[Fraction], outcomes: Sequence[str], wanted: str, until: Fraction | None = None
) -> Fraction | None:
    """Return the share that comes to the outcome ``wanted``, those that are ``open`` censored.

    Other outcomes compete with it: what is lost never advances. None of nothing.

    Source: Aalen and Johansen (1978), the cumulative incidence.
    """
    if not days:
        return None
    ended = [outcome != "open" for outcome in outcomes]
    hits = Counter(d for d, o in zip(days, outcomes, strict=True) if o == wanted)
    alive, whole, reached = 1, 1, 0
    for day, ends, at_risk in _steps(days, ended):
        if until is not None and day > until:
            break
        reached = reached * at_risk + alive * hits[day]
        alive, whole = alive * (at_risk - ends), whole * at_risk
    return Fraction(reached, whole)
