"""All metrics by name, and the one way to compute one from what was given."""

from collections.abc import Mapping, Sized
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction

from app.reporting.metrics import (
    billing,
    bridging,
    cash,
    contribution,
    deals,
    efficiency,
    forecast,
    funnel,
    ladder,
    obligations,
    partner,
    pipeline,
    recurring,
    retention,
    service,
    unit_economics,
)
from app.reporting.metrics.definition import Answer, Area, Form, Key, Metric, MetricRefused
from app.reporting.metrics.reading import read

_SHELVES = (
    funnel, pipeline, deals, forecast, ladder, obligations, recurring, retention, billing, cash,
    bridging, efficiency, unit_economics, contribution, partner, service,
)  # fmt: skip
METRICS: dict[str, Metric] = {each.name: each for shelf in _SHELVES for each in shelf.METRICS}
"""Every metric by its name, area by area."""
AREAS: dict[str, Area] = {each.name: shelf.AREA for shelf in _SHELVES for each in shelf.METRICS}
"""The area of each metric."""
_ALIASES = {alias: each.name for each in METRICS.values() for alias in each.aliases}


def standard(name: str) -> str:
    """Return a name as it is written here: small letters and underscores."""
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def find(name: str) -> Metric:
    """Return the metric of a name or of another name that it goes by.

    :raises MetricRefused: if there is none
    """
    wanted = standard(name)
    found = METRICS.get(_ALIASES.get(wanted, wanted))
    if found is None:
        hint = _hint(wanted, _ALIASES | {each: each for each in METRICS})
        raise MetricRefused(f"There is no metric “{name[:60]}”{hint}.")
    return found


def _hint(wanted: str, known: Mapping[str, str]) -> str:
    """Return the standard name of what comes nearest, as a question."""
    near = get_close_matches(wanted, list(known), n=1, cutoff=0.6)
    return f" (did you mean {known[near[0]]}?)" if near else ""


def compute(metric: Metric, given: Mapping[str, str]) -> Answer:
    """Return the metric's value for what was given as text for each key.

    :raises MetricRefused: if a key is unknown, missing or wrong
    """
    form, texts = _form(metric, {standard(name): text for name, text in given.items()})
    values = {key.name: read(key, texts[key.name]) for key in form.keys if key.name in texts}
    _check(form, values)
    found = form.function(*(values.get(key.name, key.default) for key in form.keys))
    return found if isinstance(found, Answer) else Answer(found)


@dataclass(frozen=True, slots=True)
class _Fit:
    """How what was given fits a form: what it does not know, what it lacks, what is a series."""

    form: Form
    texts: dict[str, str]
    unknown: list[str]
    missing: list[str]
    series: list[str]

    @property
    def rank(self) -> tuple[int, int, int]:
        return len(self.unknown), len(self.missing), len(self.series)


def _fit(form: Form, given: Mapping[str, str]) -> _Fit:
    texts = _named(form, given)
    names = _names(form)
    single = [key.name for key in form.keys if not key.is_series]
    return _Fit(
        form,
        texts,
        unknown=[name for name in given if name not in names],
        missing=[name for name in form.required if name not in texts],
        series=[name for name in single if "," in texts.get(name, "")],
    )


def _form(metric: Metric, given: Mapping[str, str]) -> tuple[Form, dict[str, str]]:
    """Return the form that fits best; complain about its keys where none fits."""
    best = min((_fit(form, given) for form in metric.forms), key=lambda fit: fit.rank)
    if best.unknown or best.missing:
        raise MetricRefused(_complaint(metric, best))
    return best.form, best.texts


def _names(form: Form) -> dict[str, str]:
    """Return the key that each name stands for: its own, another, or either in the other number."""
    names = {alias: key.name for key in form.keys for alias in key.aliases}
    names |= {key.name: key.name for key in form.keys}
    return {_other_number(name): key for name, key in names.items()} | names


def _other_number(name: str) -> str:
    """Return a name in the plural, or the singular of a plural: amount and amounts are one key."""
    return name.removesuffix("s") if name.endswith("s") else f"{name}s"


def _named(form: Form, given: Mapping[str, str]) -> dict[str, str]:
    names = _names(form)
    found: dict[str, str] = {}
    for name, text in given.items():
        key = names.get(name)
        if key in found:
            raise MetricRefused(f"{key}: it is given twice.")
        if key is not None:
            found[key] = text
    return found


def _complaint(metric: Metric, fit: _Fit) -> str:
    """Return what stands in the way of the form that fits best."""
    keys = "; or ".join(_listed(form) for form in metric.forms)
    known = {name: key for form in metric.forms for name, key in _names(form).items()}
    if fit.unknown and (strange := [name for name in fit.unknown if name not in known]):
        hint = _hint(strange[0], known)
        return f"{metric.name} has no key “{strange[0][:60]}”{hint}; its keys are {keys}."
    if fit.unknown:
        together = " and ".join((*fit.texts, *fit.unknown))
        return f"{metric.name} does not take {together} together; its keys are {keys}."
    return f"{metric.name} needs {' and '.join(fit.missing)} too; its keys are {keys}."


def _listed(form: Form) -> str:
    return ", ".join(key.name if key.is_required else f"[{key.name}]" for key in form.keys)


def _check(form: Form, values: Mapping[str, object]) -> None:
    if form.is_paired:
        _check_pairs(form, values)
    if form.is_within:
        part, whole = form.keys[:2]
        _check_within(part, whole, values)


def _check_pairs(form: Form, values: Mapping[str, object]) -> None:
    series = {key.name: values.get(key.name) for key in form.keys if key.is_series}
    lengths = {name: len(value) for name, value in series.items() if isinstance(value, Sized)}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} has {count}" for name, count in lengths.items())
        raise MetricRefused(f"The series go together value by value: {told}.")


def _check_within(part: Key, whole: Key, values: Mapping[str, object]) -> None:
    some, all_ = values[part.name], values[whole.name]
    if isinstance(some, Fraction) and isinstance(all_, Fraction) and all_ and some > all_:
        raise MetricRefused(f"{part.name} cannot be more than {whole.name}, of which it is a part.")
