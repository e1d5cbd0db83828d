"""Exact arithmetic that many metrics share: ratios without infinity, means, quantiles, segments."""

from collections.abc import Sequence
from fractions import Fraction

from app.reporting.metrics.definition import Answer, Part, Unit


def ratio(part: Fraction, whole: Fraction) -> Fraction | None:
    """Return ``part / whole``; None (n/a) where the whole is zero."""
    return Fraction(part) / whole if whole else None


def of_both(part: Fraction, rest: Fraction) -> Fraction | None:
    """Return ``part / (part + rest)``; None where both are zero."""
    return ratio(part, part + rest)


def total(values: Sequence[Fraction]) -> Fraction:
    """Return the sum, exact."""
    return sum(values, Fraction(0))


def mean(values: Sequence[Fraction]) -> Fraction | None:
    """Return the arithmetic mean; None of nothing."""
    return ratio(total(values), Fraction(len(values)))


def median(values: Sequence[Fraction]) -> Fraction | None:
    """Return the middle value, or the mean of the two in the middle; None of nothing."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    if len(values) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2


def grouped(labels: Sequence[str], *columns: Sequence[Fraction]) -> dict[str, list[Fraction]]:
    """Return the sums of each column by label, labels in the order in which they first come."""
    sums: dict[str, list[Fraction]] = {}
    for label, *values in zip(labels, *columns, strict=True):
        row = sums.setdefault(label, [Fraction(0)] * len(columns))
        for index, value in enumerate(values):
            row[index] += value
    return sums


def ratio_by(part: Sequence[Fraction], whole: Sequence[Fraction], labels: Sequence[str]) -> Answer:
    """Return the ratio of the sums, and that of each label: never the mean of ratios."""
    rows = grouped(labels, part, whole)
    return Answer(
        ratio(total(part), total(whole)),
        tuple(Part(label, (ratio(*sums),), Unit.PERCENT) for label, sums in rows.items()),
        is_table=True,
    )


def of_both_by(part: Sequence[Fraction], rest: Sequence[Fraction], labels: Sequence[str]) -> Answer:
    """Return ``part / (part + rest)`` of the sums, and that of each label."""
    return ratio_by(part, [a + b for a, b in zip(part, rest, strict=True)], labels)


def sum_by(amounts: Sequence[Fraction], labels: Sequence[str] = ()) -> Answer:
    """Return the sum, and that of each label where labels are given."""
    rows = grouped(labels, amounts) if labels else {}
    parts = tuple(Part(label, tuple(sums), Unit.MONEY) for label, sums in rows.items())
    return Answer(total(amounts), parts, is_table=bool(labels))
