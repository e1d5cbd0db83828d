"""Variable consideration: the estimate, and how much of it the constraint lets into the price.

IFRS 15.50-58 and ASC 606-10-32-5 to 13. A constraint only ever lowers the transaction price: of
what adds to it less is counted, of what reduces it more.
"""

from dataclasses import dataclass
from fractions import Fraction

from app.revenue.recognition.grain import percent_text
from app.revenue.recognition.terms import Basis, Estimate, Outcome

_BASES = {
    Basis.EXPECTED_VALUE: "the expected value",
    Basis.MOST_LIKELY: "the most likely amount",
    Basis.STATED: "the estimate",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """An estimate before the constraint, what is counted of it, and why."""

    estimated: Fraction
    included: Fraction
    why: str


def counted(estimate: Estimate, *, reduces: bool) -> Counted:
    """Return what of an uncertain amount belongs to the transaction price."""
    estimated = _estimated(estimate, reduces=reduces)
    how = _BASES[estimate.basis]
    if not estimate.included:
        return Counted(estimated, Fraction(0), "not included")
    bound, why = _bound(estimate, reduces=reduces)
    if bound is None or (bound <= estimated if reduces else bound >= estimated):
        return Counted(estimated, estimated, how)
    return Counted(estimated, bound, f"{how}, constrained {why}")


def _estimated(estimate: Estimate, *, reduces: bool) -> Fraction:
    if not estimate.outcomes:
        return estimate.amount or Fraction(0)
    if estimate.basis is Basis.MOST_LIKELY:
        return _most_likely(estimate.outcomes, reduces=reduces)
    return sum((each.amount * each.probability for each in estimate.outcomes), Fraction(0))


def _most_likely(outcomes: tuple[Outcome, ...], *, reduces: bool) -> Fraction:
    """Return the likeliest amount; of equally likely ones that which means less revenue."""
    best = max(each.probability for each in outcomes)
    amounts = [each.amount for each in outcomes if each.probability == best]
    return max(amounts) if reduces else min(amounts)


def _bound(estimate: Estimate, *, reduces: bool) -> tuple[Fraction | None, str]:
    bounds: list[tuple[Fraction, str]] = []
    if estimate.cap is not None:
        bounds.append((estimate.cap, "to what is stated"))
    if estimate.confidence is not None:
        safe = _safe(estimate.outcomes, estimate.confidence, reduces=reduces)
        bounds.append((safe, f"to what is {percent_text(estimate.confidence)} certain"))
    risk = estimate.reversal_probability
    if risk is not None and risk >= estimate.reversal_threshold and not reduces:
        bounds.append((Fraction(0), f"because a reversal is {percent_text(risk)} probable"))
    if not bounds:
        return None, ""
    return max(bounds) if reduces else min(bounds)


def _safe(outcomes: tuple[Outcome, ...], confidence: Fraction, *, reduces: bool) -> Fraction:
    """Return the amount that is not fallen short of (exceeded) with this confidence."""
    likely, safe = Fraction(0), Fraction(0)
    for each in sorted(outcomes, key=lambda outcome: outcome.amount, reverse=not reduces):
        likely += each.probability
        safe = each.amount
        if likely >= confidence:
            break
    return safe
