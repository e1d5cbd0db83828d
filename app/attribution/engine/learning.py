"""Weights of a policy, learned from won and lost journeys and written into it as data."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date
from fractions import Fraction
from typing import Any

from app.attribution.engine.history import Journey
from app.attribution.engine.paths import (
    Columns,
    Path,
    Worth,
    columns_of,
    removal_effects,
    shapley_values,
)
from app.attribution.engine.touches import By, Learned, Model, Repeats, Rule
from app.attribution.engine.weights import journey as counting
from app.attribution.engine.weights import learned_key
from app.kernel.errors import Invalid
from app.kernel.money import round_half_away

_GRID = 10**12


class NothingLearned(Invalid):
    """History does not hold what a model needs to learn from."""

    code = "attribution.nothing_learned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What to learn, of which class of touches, from journeys closed from ``start`` to ``until``.

    The day ``until`` itself is not included; days are of UTC.
    """

    model: Model
    credit_class: str = "influenced"
    by: By = By.KIND
    order: int = 1
    repeats: Repeats = Repeats.KEEP
    lookback_days: int | None = None
    start: date | None = None
    until: date | None = None


def learn(history: Iterable[Journey], lesson: Lesson) -> Rule:
    """Return the rule that history teaches: a weight for each kind, partner or role.

    Markov: the removal effect over won and lost journeys. Shapley: what it adds to the share of
    journeys that are won, averaged over the orders in which they could join; where that is below
    zero, zero. What history does not know weighs the mean. Weights have twelve decimals.

    :raises NothingLearned: if nothing was won or touched, or, for Shapley, nothing lost
    """
    rule = Rule(
        model=lesson.model,
        repeats=lesson.repeats,
        lookback_days=lesson.lookback_days,
        by=lesson.by,
        order=lesson.order,
    )
    known = [each for each in history if _is_inside(each, lesson)]
    won = sum(each.is_won for each in known)
    columns = columns_of(_path(each, lesson, rule) for each in known)
    _refuse_nothing(columns, lesson, won, len(known) - won)
    weights = _weights(columns, lesson)
    if not any(weights.values()):
        raise NothingLearned("No weight above zero could be learned from these journeys.")
    return replace(
        rule,
        weights=weights,
        otherwise=_rounded(sum(weights.values()) / len(weights)),
        learned=Learned(won=won, lost=len(known) - won, start=lesson.start, until=lesson.until),
    )


def rule_document(rule: Rule) -> dict[str, Any]:
    """Return a learned rule as it stands in a policy document."""
    document: dict[str, Any] = {"model": rule.model.value, "repeats": rule.repeats.value}
    if rule.lookback_days is not None:
        document["lookback_days"] = rule.lookback_days
    if rule.model is Model.MARKOV:
        document["order"] = rule.order
    document["by"] = rule.by.value
    document["weights"] = {name: _text(weight) for name, weight in sorted(rule.weights.items())}
    document["otherwise"] = _text(rule.otherwise)
    if rule.learned is not None:
        days = {"from": rule.learned.start, "until": rule.learned.until}
        document["learned"] = {
            **{name: day.isoformat() for name, day in days.items() if day is not None},
            "won": rule.learned.won,
            "lost": rule.learned.lost,
        }
    return document


def _is_inside(journey: Journey, lesson: Lesson) -> bool:
    on = journey.closed_at.astimezone(UTC).date()
    return (lesson.start is None or on >= lesson.start) and (
        lesson.until is None or on < lesson.until
    )


def _path(journey: Journey, lesson: Lesson, rule: Rule) -> Path:
    own = [touch for touch in journey.touches if touch.touch_class == lesson.credit_class]
    touches = counting(own, rule, journey.closed_at)
    return Path(
        channels=tuple(learned_key(touch, lesson.by) for touch in touches),
        conversions=int(journey.is_won),
        nulls=int(not journey.is_won),
    )


def _refuse_nothing(columns: Columns, lesson: Lesson, won: int, lost: int) -> None:
    if not won:
        raise NothingLearned("None of these journeys was won, so there is nothing to learn from.")
    if not columns.channels:
        raise NothingLearned(f"None of these journeys has a touch that {lesson.credit_class} it.")
    if lesson.model is Model.SHAPLEY and not lost:
        raise NothingLearned("Shapley weights need lost journeys too; there are none.")


def _weights(columns: Columns, lesson: Lesson) -> dict[str, Fraction]:
    found = (
        removal_effects(columns, lesson.order).conversions
        if lesson.model is Model.MARKOV
        else shapley_values(columns, Worth.RATE).conversions
    )
    return {
        name: _rounded(max(value, 0)) for name, value in zip(columns.channels, found, strict=True)
    }


def _rounded(value: Fraction | float) -> Fraction:
    return Fraction(round_half_away(Fraction(value) * _GRID), _GRID)


def _text(weight: Fraction) -> str:
    whole, rest = divmod(weight.numerator * _GRID // weight.denominator, _GRID)
    return f"{whole}.{rest:012d}".rstrip("0").rstrip(".")
