"""What a metric is: its words, its keys, the forms in which it is asked, and its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from app.kernel.errors import Invalid


class MetricRefused(Invalid):
    """There is no such metric, or it cannot be computed from what was given."""

    code = "metric.refused"


class Area(StrEnum):
    """What part of the business a metric speaks of."""

    FUNNEL = "funnel"
    PIPELINE = "pipeline"
    FORECAST = "forecast"
    REVENUE = "revenue"
    EFFICIENCY = "efficiency"
    PARTNER = "partner"
    SERVICE = "service"


class Basis(StrEnum):
    """Whether a number is an operating metric or an accounting figure: never mixed up."""

    OPERATING = "operating"
    ACCOUNTING = "accounting"


class Unit(StrEnum):
    """What a value counts; a share is kept as a fraction of one and shown in percent."""

    PERCENT = "%"
    PERCENT_ERROR = "% error"
    PERCENTAGE_POINTS = "percentage points"
    TIMES = "x"
    MONEY = "money"
    MONEY_PER_DAY = "money per day"
    DAYS = "days"
    HOURS = "hours"
    MONTHS = "months"
    POINTS = "points"
    COUNT = "rows"

    @property
    def scale(self) -> int:
        """By what a value is multiplied to be shown."""
        return 100 if "percent" in self.name.lower() else 1

    def label(self, currency: str = "") -> str:
        """Return the unit as it is printed; money is named by its currency where one is known."""
        return self.value.replace("money", currency) if currency else self.value


class Kind(StrEnum):
    """How the text of a key is read."""

    NUMBER = "number"
    SHARE = "share (25% or 0.25)"
    RATE = "rate (25% or 0.25; 150%)"
    FLAG = "yes or no (1 or 0)"
    DAY = "day (2026-03-31)"
    LABEL = "name"
    CURRENCY = "currency code"
    FUNNEL = "funnel (leads:100,qualified:50,opportunities:20,won:5,value:50000)"


REQUIRED = object()
"""Stands for the default of a key that has none."""


@dataclass(frozen=True, slots=True)
class Key:
    """One input of a metric. A series takes values split by commas."""

    name: str
    words: str
    kind: Kind = Kind.NUMBER
    is_series: bool = False
    default: object = REQUIRED
    aliases: tuple[str, ...] = ()
    least: Fraction | None = Fraction(0)
    may_be_blank: bool = False

    @property
    def is_required(self) -> bool:
        """Whether the metric cannot be computed without it."""
        return self.default is REQUIRED

    @property
    def kind_words(self) -> str:
        """What is written for it, in words."""
        return f"series, each a {self.kind}," if self.is_series else str(self.kind)


@dataclass(frozen=True, slots=True)
class Form:
    """One way to ask for a metric: a pure function and its keys, in the order of its arguments.

    ``is_within`` says that the first key is a part of the second and cannot exceed it;
    ``is_paired`` that all series go together value by value.
    """

    function: "Callable[..., Answer | Fraction | None]"
    keys: tuple[Key, ...]
    is_within: bool = False
    is_paired: bool = True

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the keys that must be given."""
        return tuple(key.name for key in self.keys if key.is_required)


@dataclass(frozen=True, slots=True)
class Part:
    """A row of the working below a value; ``values`` stand under the answer's columns."""

    name: str
    values: tuple[Fraction | None, ...]
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A value, the working below it, and a sentence where the value needs one.

    ``value`` is None where the metric has no denominator: that is n/a, never zero or infinity.
    ``unit`` stands where it differs from the metric's own; ``is_table`` where the working belongs
    to the answer and is always printed with it.
    """

    value: Fraction | None
    parts: tuple[Part, ...] = ()
    note: str = ""
    unit: Unit | None = None
    columns: tuple[str, ...] = ("value",)
    is_table: bool = False


@dataclass(frozen=True, slots=True)
class Metric:
    """A number of the product: what it means, how it is made, and how it misleads."""

    name: str
    title: str
    words: str
    formula: str
    unit: Unit
    grain: str
    owner: str
    forms: tuple[Form, ...]
    example: str
    gives: str
    pitfalls: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    version: int = 1
    basis: Basis = Basis.OPERATING


def parts(unit: Unit, **values: Fraction | int | None) -> tuple[Part, ...]:
    """Return the working as rows of one value each."""
    return tuple(
        Part(name, (None if value is None else Fraction(value),), unit)
        for name, value in values.items()
    )


def single(name: str, words: str, *aliases: str, **more: Any) -> Key:
    """Return a key that takes one number of zero or more."""
    return Key(name, words, aliases=aliases, **more)


def series(name: str, words: str, *aliases: str, **more: Any) -> Key:
    """Return a key that takes numbers of zero or more, split by commas."""
    return Key(name, words, aliases=aliases, is_series=True, **more)
