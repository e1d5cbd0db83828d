"""Metrics of forecasts: how near they came, and to which side they lean."""

from collections.abc import Sequence
from fractions import Fraction

from app.reporting.metrics.arithmetic import mean, ratio, total
from app.reporting.metrics.definition import (
    Answer,
    Area,
    Form,
    Metric,
    Unit,
    parts,
    series,
    single,
)
from app.reporting.metrics.text import plain

AREA = Area.FORECAST
_OWNER = "Analyst"


def accuracy(actual: Fraction, forecast: Fraction) -> Answer:
    """Return 1 - |A - F| / A; the error instead where A is zero or F is more than twice A."""
    error = abs(actual - forecast)
    shown = parts(Unit.MONEY, error=error)
    if not actual:
        note = f"The actual is zero; the error is {plain(error)}."
        return Answer(None, shown, note)
    if forecast > 2 * actual:
        note = "The forecast is more than twice the actual: the error is shown, not an accuracy."
        return Answer(error / actual, shown, note, unit=Unit.PERCENT_ERROR)
    return Answer(1 - error / actual, shown)


def wape(actual: Sequence[Fraction], forecast: Sequence[Fraction]) -> Fraction | None:
    """Return the sum of absolute errors over the sum of absolute actuals."""
    errors = [abs(a - f) for a, f in zip(actual, forecast, strict=True)]
    return ratio(total(errors), total([abs(a) for a in actual]))


def mape(actual: Sequence[Fraction], forecast: Sequence[Fraction]) -> Fraction | None:
    """Return the mean of absolute errors in percent of each actual; n/a where one is zero."""
    if not all(actual):
        return None
    return mean([abs(a - f) / abs(a) for a, f in zip(actual, forecast, strict=True)])


def bias(actual: Sequence[Fraction], forecast: Sequence[Fraction]) -> Answer:
    """Return by how much forecasts were too high (above zero) or too low, of all actuals."""
    excess = total(forecast) - total(actual)
    return Answer(ratio(excess, total([abs(a) for a in actual])), parts(Unit.MONEY, excess=excess))


_PAIRED = (
    series("actual", "What came, period by period.", "actuals", least=None),
    series("forecast", "What was forecast for each.", "forecasts", least=None),
)

METRICS = (
    Metric(
        name="forecast_accuracy",
        title="Forecast accuracy",
        words="How near a forecast came to what was booked.",
        formula="(1 - |actual - forecast| / actual) x 100; where actual = 0 or forecast > 2 x "
        "actual the error is shown instead",
        unit=Unit.PERCENT,
        grain="one period, and the forecast as it stood on its snapshot day",
        owner=_OWNER,
        forms=(Form(accuracy, (
            single("actual", "What came.", "a"),
            single("forecast", "What was forecast.", "f"))),),
        example="actual=100 forecast=90",
        gives="90 %",
        pitfalls=(
            "Too high and too low look alike; the side is in bias.",
            "Of several periods take wape: a mean of accuracies hides large misses.",
        ),
        aliases=("accuracy",),
    ),
    Metric(
        name="wape",
        title="WAPE",
        words="Weighted absolute percentage error: what was missed, of all that came.",
        formula="sum |actual - forecast| / sum |actual|",
        unit=Unit.PERCENT,
        grain="several periods or segments, in one currency",
        owner=_OWNER,
        forms=(Form(wape, _PAIRED),),
        example="actual=100,200 forecast=110,170",
        gives="13.333333 %",
        pitfalls=("Large periods weigh more than small ones.",),
        aliases=("weighted_absolute_percentage_error", "wmape"),
    ),
    Metric(
        name="mape",
        title="MAPE",
        words="Mean absolute percentage error: the average of each period's miss.",
        formula="mean(|actual - forecast| / |actual|)",
        unit=Unit.PERCENT,
        grain="several periods or segments",
        owner=_OWNER,
        forms=(Form(mape, _PAIRED),),
        example="actual=100,200 forecast=110,170",
        gives="12.5 %",
        pitfalls=(
            "n/a where an actual is zero; near zero it explodes.",
            "It favours forecasts that are too low.",
        ),
        aliases=("mean_absolute_percentage_error",),
    ),
    Metric(
        name="bias",
        title="Forecast bias",
        words="By how much forecasts were too high (above zero) or too low (below zero).",
        formula="(sum forecast - sum actual) / sum |actual|",
        unit=Unit.PERCENT,
        grain="several periods or segments, in one currency",
        owner=_OWNER,
        forms=(Form(bias, _PAIRED),),
        example="actual=100,200 forecast=110,220",
        gives="10 %",
        pitfalls=("Misses to both sides cancel: zero bias is not accuracy.",),
        aliases=("forecast_bias",),
    ),
)  # fmt: skip
