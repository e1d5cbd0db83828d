"""The bridge between two funnels: how much of the change in value comes from which driver."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from app.kernel.money import decimals
from app.kernel.reading import Node
from app.reporting.metrics import factors
from app.reporting.metrics.definition import (
    Answer,
    Area,
    Form,
    Key,
    Kind,
    Metric,
    MetricRefused,
    Part,
    Unit,
    series,
    single,
)
from app.reporting.metrics.reading import STEPS

AREA = Area.REVENUE
Funnel = Mapping[str, Fraction]
DRIVERS = ("volume", "qualification_rate", "opportunity_rate", "win_rate", "average_value")
_BEFORE = ("before", "from", "previous", "start", "old", "first", "a", "base")
_AFTER = ("after", "to", "current", "end", "new", "second", "b", "next")
_USUAL_PLACES = 2


def bridge(before: Funnel, after: Funnel, currency: str | None = None) -> Answer:
    """Return the change in value, split over its drivers by log-mean and one after the other.

    :raises MetricRefused: if a step is zero and a later one is not
    """
    places = decimals(currency) if currency else _USUAL_PLACES
    old, new = _filled(_rates("before", before), _rates("after", after))
    change = factors.in_minor(after["value"] - before["value"], places)
    by_mean = factors.to_minor(_spread(factors.log_mean(old, new), places), change)
    in_turn = factors.to_minor(_spread(factors.sequential(old, new), places), change)
    rows = zip(DRIVERS, by_mean, in_turn, strict=True)
    unit = Fraction(1, 10**places)
    shown = tuple(Part(name, (a * unit, b * unit), Unit.MONEY) for name, a, b in rows)
    whole = Part("change", (change * unit, change * unit), Unit.MONEY)
    columns = ("log_mean", "sequential")
    return Answer(change * unit, (*shown, whole), columns=columns, is_table=True)


def _rates(name: str, funnel: Funnel) -> list[Fraction | None]:
    """Return volume and the rate of each step to the next; None where a rate has no denominator."""
    rates: list[Fraction | None] = [funnel["leads"]]
    for earlier, later in pairwise(STEPS):
        if funnel[later] and not funnel[earlier]:
            raise MetricRefused(
                f"{name}: {earlier} is 0 and {later} is not: there is no such rate."
            )
        rates.append(funnel[later] / funnel[earlier] if funnel[earlier] else None)
    return rates


def _filled(
    old: Sequence[Fraction | None], new: Sequence[Fraction | None]
) -> tuple[list[Fraction], list[Fraction]]:
    """Return both with rates that have no denominator taken from the other period: unchanged."""
    pairs = [(_first(a, b), _first(b, a)) for a, b in zip(old, new, strict=True)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def _first(own: Fraction | None, other: Fraction | None) -> Fraction:
    if own is not None:
        return own
    return other if other is not None else Fraction(1)


def _spread(contributions: Sequence[Fraction], places: int) -> list[Fraction]:
    return [each * 10**places for each in contributions]


def bridge_of_steps(*values: Any) -> Answer:
    """Return the same from ten numbers: five before, five after; the currency comes last."""
    *numbers, currency = values
    before, after = (dict(zip(STEPS, five, strict=True)) for five in (numbers[:5], numbers[5:]))
    return bridge(before, after, currency)


def bridge_of_pairs(*values: Any) -> Answer:
    """Return the same from five pairs (before, after); the currency comes last.

    :raises MetricRefused: if a step has not two values
    """
    *pairs, currency = values
    if any(len(pair) != 2 for pair in pairs):
        raise MetricRefused("leads: two values are needed, before and after.")
    before, after = (
        {step: pair[side] for step, pair in zip(STEPS, pairs, strict=True)} for side in (0, 1)
    )
    return bridge(before, after, currency)


def read_funnel(document: object) -> Funnel:
    """Return the funnel of a JSON document (``funnel.schema.json``).

    :raises DocumentRefused: naming the path of what cannot be meant
    """
    nodes = Node(document, "").keys(STEPS)
    return {step: nodes[step].exact() for step in STEPS}


def _step_keys(side: str, others: tuple[str, ...]) -> tuple[Key, ...]:
    return tuple(
        single(f"{side}_{step}", f"{step.capitalize()} {side} the change.",
               *(name for other in others for name in (f"{other}_{step}", f"{step}_{other}")))
        for step in STEPS
    )  # fmt: skip


_CURRENCY = Key("currency", "For the number of decimals; two without it.", Kind.CURRENCY,
                default=None)  # fmt: skip
_FORMS: tuple[tuple[Callable[..., Answer], tuple[Key, ...]], ...] = (
    (bridge, (Key("before", "The earlier funnel.", Kind.FUNNEL, aliases=_BEFORE[1:]),
              Key("after", "The later funnel.", Kind.FUNNEL, aliases=_AFTER[1:]))),
    (bridge_of_steps, (*_step_keys("before", _BEFORE), *_step_keys("after", _AFTER))),
    (bridge_of_pairs, tuple(series(step, f"{step.capitalize()} before and after.")
                            for step in STEPS)),
)  # fmt: skip

METRICS = (
    Metric(
        name="bridge",
        title="Bridge",
        words="By how much the value won changed between two periods, and how much of it comes "
        "from the number of leads, each conversion rate and the average value of a deal.",
        formula="log-mean: L(value) x ln(driver after / driver before); sequential: drivers "
        "replaced one after the other",
        unit=Unit.MONEY,
        grain="two periods of one segment, in one currency; value is that of all deals won",
        owner="Analyst",
        forms=tuple(Form(function, (*keys, _CURRENCY)) for function, keys in _FORMS),
        example="leads=100,120 qualified=50,60 opportunities=20,24 won=5,6 value=50000,66000",
        gives="16000 money",
        pitfalls=(
            "Sequential contributions depend on the order of the drivers; log-mean ones do not.",
            "Every step must count the deals that skipped it, or its rate passes 100 %.",
        ),
        aliases=("funnel_bridge", "waterfall"),
    ),
)
