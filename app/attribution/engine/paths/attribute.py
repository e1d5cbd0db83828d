"""What each channel brought over many paths, by any model, and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from app.attribution.engine.integers import grouped
from app.attribution.engine.paths.brought import Attribution, Brought, Facts, Method, Number
from app.attribution.engine.paths.coalitions import shapley_values
from app.attribution.engine.paths.columns import Columns
from app.attribution.engine.paths.heuristics import heuristic
from app.attribution.engine.paths.reading import CONVERSIONS, VALUE, PathRefused
from app.attribution.engine.paths.reduce import firsts, reduced, some
from app.attribution.engine.paths.removal import removal_effects
from app.attribution.engine.paths.words import NOBODY, because
from app.attribution.engine.touches import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A model's answer: a number for each channel, and what it follows from."""

    conversions: Sequence[Number]
    value: Sequence[Number]
    facts: Sequence[Facts] = ()
    whole: Facts = field(default_factory=dict)
    errors: tuple[Sequence[float], Sequence[float]] | None = None
    samples: int | None = None


def attribute(columns: Columns, method: Method) -> Attribution:
    """Return what each channel brought; the rows and nobody's part add up to the paths' totals.

    :raises PathRefused: if there is nothing to credit, or the model lacks what it needs
    """
    if not columns.conversions.total and not columns.value.total:
        raise PathRefused("every row is zero, so there is nothing to credit.", CONVERSIONS)
    counted = reduced(columns, method.rule.repeats, method.rule.lookback_days)
    filled = some(counted, counted.lengths > 0)
    found = _MODELS.get(method.rule.model, _heuristic)(filled, method)
    rows = _rows(filled, found, method)
    totals = columns.conversions.total, columns.value.total
    return Attribution(
        rows=rows, nobody=_nobody(filled, rows, totals), facts=found.whole, samples=found.samples
    )


def _heuristic(columns: Columns, method: Method) -> _Found:
    parts = heuristic(columns, method.rule)
    return _Found(
        conversions=parts.conversions(columns.conversions.per),
        value=parts.values(columns.value.per),
    )


def _markov(columns: Columns, method: Method) -> _Found:
    effects = removal_effects(columns, method.order, nulls=method.nulls)
    pairs = zip(effects.conversions, effects.value, strict=True)
    error = {} if effects.error is None else {"error": effects.error}
    return _Found(
        conversions=_in_proportion(columns.conversions.total, effects.conversions),
        value=_in_proportion(columns.value.total, effects.value),
        facts=[{"removal_effect": one, "value_removal_effect": two} for one, two in pairs],
        whole={
            "order": method.order,
            "states": effects.states,
            "conversion_probability": effects.probability,
            "removal_effects": sum(effects.conversions),
            **error,
        },
    )


def _shapley(columns: Columns, method: Method) -> _Found:
    found = shapley_values(
        columns, method.worth, nulls=method.nulls, samples=method.samples, seed=method.seed
    )
    totals = columns.conversions.total, columns.value.total
    scales = [
        float(total) / float(worth) if worth else 0.0
        for total, worth in zip(totals, found.worth, strict=True)
    ]
    errors = found.errors and (
        [each * scales[0] for each in found.errors[0]],
        [each * scales[1] for each in found.errors[1]],
    )
    pairs = zip(found.conversions, found.value, strict=True)
    return _Found(
        conversions=_in_proportion(totals[0], found.conversions),
        value=_in_proportion(totals[1], found.value),
        facts=[{"shapley_value": one, "value_shapley_value": two} for one, two in pairs],
        whole={"worth": found.worth[0], "value_worth": found.worth[1]},
        errors=errors,
        samples=found.samples,
    )


_MODELS: dict[Model, Callable[[Columns, Method], _Found]] = {
    Model.MARKOV: _markov,
    Model.SHAPLEY: _shapley,
}


def _in_proportion(total: Fraction, weights: Sequence[Number]) -> list[Number]:
    """Return ``total`` in proportion to weights.

    :raises PathRefused: if there is a total, but no weight: value that came with no conversion
    """
    whole = sum(weights)
    if not whole:
        if total:
            raise PathRefused("there is value, but no conversion that it came with.", VALUE)
        return [Fraction(0) for _ in weights]
    if isinstance(whole, float):
        return [float(total) * (float(weight) / whole) for weight in weights]
    return [total * weight / whole for weight in weights]


def _rows(columns: Columns, found: _Found, method: Method) -> tuple[Brought, ...]:
    touched, total = _touched(columns), columns.conversions.total
    rows = []
    for place, channel in enumerate(columns.channels):
        facts = touched[place] | dict(found.facts[place] if found.facts else {})
        conversions = found.conversions[place]
        rows.append(
            Brought(
                channel=channel,
                conversions=conversions,
                value=found.value[place],
                share=conversions / total if total else None,
                facts=facts,
                because=because(method, facts, found.whole, total),
                errors=found.errors and (found.errors[0][place], found.errors[1][place]),
            )
        )
    return tuple(rows)


def _touched(columns: Columns) -> list[dict[str, Number | int]]:
    """Return for each channel the conversions that it touched, began and ended."""
    once, units = firsts(columns), columns.conversions.units
    last = columns.starts + columns.lengths - 1
    spots = {
        "touched": (columns.touches[once], units[columns.owners[once]]),
        "first": (columns.touches[columns.starts], units),
        "last": (columns.touches[last], units),
    }
    count, per = len(columns.channels), columns.conversions.per
    sums = {name: grouped(keys, each, count) for name, (keys, each) in spots.items()}
    return [
        {name: Fraction(each[channel], per) for name, each in sums.items()}
        for channel in range(count)
    ]


def _nobody(columns: Columns, rows: Sequence[Brought], totals: Sequence[Fraction]) -> Brought:
    """Return what no channel has: of floats, what belongs to paths without a counting touch."""
    filled = columns.conversions.total, columns.value.total
    given = [row.conversions for row in rows], [row.value for row in rows]
    left = [
        total - (sum(each, Fraction(0)) if all(isinstance(x, Fraction) for x in each) else whole)
        for total, each, whole in zip(totals, given, filled, strict=True)
    ]
    return Brought(channel="", conversions=left[0], value=left[1], because=NOBODY)
