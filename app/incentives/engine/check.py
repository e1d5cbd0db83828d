"""What a plan's author should know before publishing: gaps, cliffs and dead zones."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from app.incentives.engine.plan import (
    Applies,
    Bracket,
    Component,
    Measure,
    Mode,
    PlanVersion,
    RateTable,
)
from app.incentives.engine.rate_words import bound
from app.incentives.engine.tables import tops_up
from app.incentives.engine.trace import text
from app.incentives.engine.words import percent
from app.kernel.errors import Invalid
from app.kernel.format import day, money
from app.kernel.money import Money, round_half_away

ONE = Fraction(1)


class OverlappingVersions(Invalid):
    """Two versions of a plan are in force on the same day, which would pay twice."""

    code = "incentives.overlapping_versions"


@dataclass(frozen=True, slots=True)
class Finding:
    """One warning about a component: gap, cliff, dead_zone, rate or reversal, and a sentence."""

    component: str
    code: str
    words: str


def check(plan: PlanVersion) -> tuple[Finding, ...]:
    """Return every warning about a plan; overlaps were refused when it was read."""
    found = []
    for component in plan.components:
        for tier, table in component.table.by_tier or (("", component.table),):
            findings = _rates(replace(component, table=table), plan.currency)
            found += [_for_tier(finding, tier) for finding in findings]
        found += _reversal(component)
    return tuple(found)


def _for_tier(finding: Finding, tier: str) -> Finding:
    return replace(finding, words=f"For the tier {tier}: {finding.words}") if tier else finding


def refuse_overlaps(plans: Iterable[PlanVersion]) -> None:
    """Refuse versions of one plan whose effective days overlap.

    :raises OverlappingVersions: naming the versions and the first shared day
    """
    ordered = sorted(plans, key=lambda each: (each.code, each.start, each.version))
    for first, second in pairwise(ordered):
        if first.code == second.code and (first.until is None or second.start < first.until):
            raise OverlappingVersions(
                f"Versions {first.version} and {second.version} of plan {first.code} are both in "
                f"force on {day(second.start)}."
            )


def _rates(component: Component, currency: str) -> list[Finding]:
    return [
        *_gaps(component, currency),
        *_dead_zones(component, currency),
        *_cliffs(component, currency),
        *_above_all(component),
    ]


def _reversal(component: Component) -> list[Finding]:
    """Find what a refund or a lapse does that its author may not expect."""
    table, reversal, found = component.table, component.reversal, []
    lasting = table.mode in (Mode.RETROACTIVE, Mode.ON_EXCESS, Mode.THRESHOLD_BONUS)
    if lasting and not tops_up(table) and (reversal.mode, reversal.at) == ("full", "as_paid"):
        found.append(
            "A refund takes back what its own sale was paid; the extra that other sales earned "
            "because of it stays paid. Reversal by volume would take that back too."
        )
    if reversal.lapse == "all" and reversal.mode == "full" and reversal.within_days is None:
        found.append("A lapse of certification takes back all that was ever paid.")
    return [Finding(component.code, "reversal", words) for words in found]


def _above_all(component: Component) -> list[Finding]:
    """Find rates above the whole amount, mostly a percentage that lacks its sign."""
    table = component.table
    if component.basis.of is Measure.QUANTITY or table.mode is Mode.ACCELERATOR:
        return []
    rates = [rate for rate in (table.rate, *(each.rate for each in table.brackets)) if rate]
    return [
        Finding(component.code, "rate", f"A rate of {percent(rate)} pays more than the amount.")
        for rate in rates
        if rate > 1
    ]


def _gaps(component: Component, currency: str) -> list[Finding]:
    brackets = component.table.brackets
    return [
        Finding(
            component.code,
            "gap",
            f"Nothing is declared from {bound(component, low.upper, currency)} to "
            f"{bound(component, high.lower, currency)}; nothing is paid there.",
        )
        for low, high in pairwise(brackets)
        if low.upper is not None and low.upper < high.lower
    ]


def _dead_zones(component: Component, currency: str) -> list[Finding]:
    table, found = component.table, []
    if not table.brackets or table.mode is Mode.THRESHOLD_BONUS:
        return []
    first, last = table.brackets[0], table.brackets[-1]
    if first.lower > 0 and table.mode is not Mode.ACCELERATOR:
        edge = bound(component, first.lower, currency)
        found.append(f"Nothing is paid below {edge}.")
    if last.upper is not None:
        edge = bound(component, last.upper, currency)
        found.append(f"Nothing more is paid from {edge} on.")
    found.extend(
        f"The rate is zero from {bound(component, each.lower, currency)} on."
        for each in table.brackets
        if each.rate == 0
    )
    if table.mode is Mode.ON_EXCESS and table.baseline and first.lower < table.baseline:
        edge = bound(component, table.baseline, currency)
        found.append(f"Brackets below the baseline of {edge} pay nothing.")
    return [Finding(component.code, "dead_zone", words) for words in found]


def _cliffs(component: Component, currency: str) -> list[Finding]:
    """Find thresholds at which one more cent of sales changes the pay by a leap."""
    table = component.table
    if table.qualify is not None and tops_up(table):
        return _cliffs_of_rate(component, currency)
    if not _whole(table):
        return []
    found, before = [], _start(table)
    for bracket in table.brackets:
        leap = (bracket.rate - before) * _base_at(table, bracket)
        if leap:
            words = (
                f"At {bound(component, bracket.lower, currency)} the amount "
                f"{'jumps' if leap > 0 else 'falls'} by {_leap(table, abs(leap), currency)}, "
                f"because the reached rate applies to the whole base."
            )
            found.append(Finding(component.code, "cliff", words))
        before = bracket.rate
    return found


def _cliffs_of_rate(component: Component, currency: str) -> list[Finding]:
    """Find thresholds of another measure at which all that was paid so far is paid anew."""
    table, before = component.table, _start(component.table)
    shown = text if table.mode is Mode.ACCELERATOR else percent
    what = "multiplier" if table.mode is Mode.ACCELERATOR else "rate"
    found = []
    for bracket in table.brackets:
        if bracket.rate != before and bracket.lower and component.basis.of is not Measure.QUANTITY:
            words = (
                f"At {bound(component, bracket.lower, currency)} the {what} on all that was paid "
                f"on in the period goes from {shown(before)} to {shown(bracket.rate)}."
            )
            found.append(Finding(component.code, "cliff", words))
        before = bracket.rate
    return found


def _whole(table: RateTable) -> bool:
    if table.qualify is not None:
        return False
    if table.mode in (Mode.GROWTH, Mode.ACCELERATOR):
        return table.applies in (Applies.WHOLE, Applies.EXCESS)
    return table.mode in (Mode.RETROACTIVE, Mode.ON_EXCESS)


def _start(table: RateTable) -> Fraction:
    return ONE if table.mode is Mode.ACCELERATOR else Fraction(0)


def _base_at(table: RateTable, bracket: Bracket) -> Fraction:
    """Return the base that a newly reached rate applies to, in the table's own units."""
    if table.mode is Mode.ON_EXCESS:
        return max(Fraction(0), bracket.lower - (table.baseline or 0))
    if table.mode is Mode.ACCELERATOR:
        return (bracket.lower - 1) * (table.rate or 0)
    if table.mode is Mode.GROWTH and table.applies is Applies.EXCESS:
        return max(Fraction(0), bracket.lower - 1)
    return bracket.lower


def _leap(table: RateTable, leap: Fraction, currency: str) -> str:
    if table.mode is Mode.GROWTH:
        return f"{percent(leap)} of the baseline"
    if table.mode is Mode.ACCELERATOR:
        return f"{percent(leap)} of the target"
    return money(Money(round_half_away(leap), currency))
