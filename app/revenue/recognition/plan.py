"""What is planned after the last known day: what has a planned day is done on it, or by it."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from app.revenue.recognition.progress import Measured, whole_measure
from app.revenue.recognition.terms import Obligation, Pattern


def planned(terms: Obligation, measured: Measured, on: date, known: date) -> Measured:
    """Return the measure on a later day: time runs by itself, the rest goes evenly to its day.

    Without a planned day nothing more is done.
    """
    whole, until = whole_measure(terms), terms.expected_on
    if on <= known or until is None or whole is None or measured.complete:
        return measured
    if on >= until:
        return replace(measured, complete=True)
    if terms.pattern is Pattern.POINT_IN_TIME:
        return measured
    share = Fraction((on - known).days, (until - known).days)
    done = measured.done + (whole - measured.done) * share
    return replace(measured, done=max(measured.done, done))
