"""What the ecosystem revenue page counts, and the glossary of every metric."""

from decimal import Context, Decimal
from enum import StrEnum
from fractions import Fraction

from app.reporting import metrics
from app.reporting.metrics import AREAS, METRICS, Area, Metric

_SHOWN = Context(prec=12)


class Measure(StrEnum):
    """A rung of the ladder from order to cash."""

    BOOKED = "booked"
    BILLED = "billed"
    COLLECTED = "collected"


class Route(StrEnum):
    """How an order came, each order in exactly one: the parts add up to the whole."""

    SOURCED = "sourced"
    ASSISTED = "assisted"
    DIRECT = "direct"


def shown_metrics() -> dict[str, Metric]:
    """Return the definitions of the numbers on the revenue page, in their order there."""
    return {name: METRICS[name] for name in (*Measure, *Route, "influenced")}


def share(part: int, whole: int) -> Decimal | None:
    """Return ``part`` of ``whole`` as a share, for showing; None where there is no whole."""
    return _decimal(metrics.ratio(Fraction(part), Fraction(whole)))


def partner_share(sourced: int, assisted: int, whole: int) -> Decimal | None:
    """Return the share that came with a partner's help; None where there is no whole."""
    parts = (Fraction(sourced), Fraction(assisted), Fraction(whole))
    return _decimal(metrics.helped_share(*parts))


def _decimal(value: Fraction | None) -> Decimal | None:
    if value is None:
        return None
    return _SHOWN.divide(Decimal(value.numerator), Decimal(value.denominator))


def glossary(words: str = "") -> dict[Area, list[Metric]]:
    """Return the metrics in which every one of ``words`` occurs, by area, areas in their order."""
    wanted = words.casefold().split()
    found: dict[Area, list[Metric]] = {}
    for metric in METRICS.values():
        if all(word in _text(metric) for word in wanted):
            found.setdefault(AREAS[metric.name], []).append(metric)
    return {area: found[area] for area in Area if area in found}


def _text(metric: Metric) -> str:
    said = (metric.name, metric.title, metric.words, metric.formula, *metric.aliases)
    return " ".join((*said, *metric.pitfalls, AREAS[metric.name], metric.basis)).casefold()
