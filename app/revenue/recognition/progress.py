"""Progress of one obligation: what of the amount allocated to it is earned by a day."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.kernel.money import round_half_away
from app.revenue.recognition.grain import part
from app.revenue.recognition.schedule import spread
from app.revenue.recognition.span import Span
from app.revenue.recognition.terms import Obligation, Pattern

NOTHING, ALL = Fraction(0), Fraction(1)
_BY_QUANTITY = frozenset({Pattern.USAGE, Pattern.OUTPUT})


@dataclass(frozen=True, slots=True)
class Measured:
    """How far an obligation is, counted in its own measure, since a stage began."""

    done: Fraction = Fraction(0)
    origin: Fraction = Fraction(0)
    installed: Fraction = Fraction(0)
    installed_before: Fraction = Fraction(0)
    complete: bool = False
    """Nothing is left to do: all is earned, whatever the measure says."""


def whole_measure(obligation: Obligation) -> Fraction | None:
    """Return what the measure comes to when all is done, or None where nobody said."""
    if obligation.pattern is Pattern.POINT_IN_TIME:
        return obligation.quantity
    if obligation.pattern in (Pattern.MILESTONES, Pattern.PERCENT_COMPLETE):
        return Fraction(1)
    if obligation.pattern is Pattern.COST_TO_COST:
        return None if obligation.total is None else obligation.total - obligation.uninstalled
    if obligation.pattern in _BY_QUANTITY:
        return obligation.total
    return None


def share_done(obligation: Obligation, span: Span | None, measured: Measured, on: date) -> Fraction:
    """Return which share of a stage's amount is earned at the end of ``on``, between 0 and 1."""
    if measured.complete:
        return ALL
    if obligation.pattern is Pattern.OVER_TIME:
        return spread(span).share(on) if span else NOTHING
    return (
        NOTHING if obligation.pattern is Pattern.COST_RECOVERY else _counted(obligation, measured)
    )


def _counted(obligation: Obligation, measured: Measured) -> Fraction:
    """Return which share of a measure that is counted is done since its origin."""
    whole = whole_measure(obligation)
    if whole is None or whole <= measured.origin:
        return Fraction(int(whole is not None and measured.done >= whole > 0))
    if measured.done <= measured.origin:
        return NOTHING
    if measured.done >= whole:
        return ALL
    share = (measured.done - measured.origin) / (whole - measured.origin)
    return _as_declared(share, obligation.progress_unit)


def earned(
    obligation: Obligation,
    span: Span | None,
    measured: Measured,
    *,
    whole: int,
    share: Fraction,
    on: date,
) -> int:
    """Return what of ``whole`` grains is earned at the end of ``on``, being ``share`` done.

    Uninstalled materials are earned at their cost when the customer controls them, and take no part
    in the measure of progress (IFRS 15.B19(b), ASC 606-10-55-21(b)). Where progress cannot be
    measured, revenue is cost until all is done (IFRS 15.45).
    """
    if measured.complete:
        return whole
    if obligation.pattern is Pattern.OVER_TIME and span is not None:
        return spread(span).amount(whole, on)
    if obligation.pattern is Pattern.COST_RECOVERY:
        return max(min(whole, round_half_away(measured.done - measured.origin)), 0)
    if not obligation.uninstalled:
        return part(whole, share)
    apart = round_half_away(obligation.uninstalled - measured.installed_before)
    at_cost = round_half_away(measured.installed - measured.installed_before)
    return at_cost + part(whole - apart, share)


def _as_declared(share: Fraction, unit: Fraction | None) -> Fraction:
    return share if unit is None else round_half_away(share / unit) * unit
