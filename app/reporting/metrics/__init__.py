"""Every metric: its definition in words and its pure function; one code path for each.

``METRICS`` holds all by name, ``find`` knows their other names too, ``compute`` answers one from
texts as a command or a form gives them. The glossary page, ``flask metrics`` and the tests are
made from the same definitions. No database, clock or locale.
"""

from app.reporting.metrics.arithmetic import ratio
from app.reporting.metrics.bridging import Funnel, bridge, read_funnel
from app.reporting.metrics.contribution import helped_share
from app.reporting.metrics.definition import (
    Answer,
    Area,
    Basis,
    Form,
    Key,
    Kind,
    Metric,
    MetricRefused,
    Part,
    Unit,
)
from app.reporting.metrics.registry import AREAS, METRICS, compute, find
from app.reporting.metrics.text import plain, shown, with_unit

__all__ = [
    "AREAS",
    "METRICS",
    "Answer",
    "Area",
    "Basis",
    "Form",
    "Funnel",
    "Key",
    "Kind",
    "Metric",
    "MetricRefused",
    "Part",
    "Unit",
    "bridge",
    "compute",
    "find",
    "helped_share",
    "plain",
    "ratio",
    "read_funnel",
    "shown",
    "with_unit",
]
