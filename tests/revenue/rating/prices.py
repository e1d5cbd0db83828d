"""Prices and quantities of any kind, for the properties of rating."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import strategies as st

from app.revenue.rating import (
    Tier,
)

ZERO = Fraction(0)
MONTHS = [f"2026-{month:02d}-01" for month in range(1, 8)]
prices = st.integers(0, 500).map(lambda n: Fraction(n, 1000))
flats = st.integers(0, 20).map(Fraction)
counts = st.integers(0, 60)
exact = st.fractions(0, 60, max_denominator=8)
used = st.lists(counts, min_size=1, max_size=6)


@st.composite
def tier_lists(draw, *, flat=flats):
    ends = sorted(draw(st.sets(st.integers(1, 50), max_size=4)))
    starts = [0, *ends]
    return tuple(
        Tier(Fraction(a), None if b is None else Fraction(b), draw(prices), draw(flat))
        for a, b in zip(starts, [*ends, None], strict=True)
    )


def tier_of(tiers, unit):
    return next(each for each in tiers if each.up_to is None or unit <= each.up_to)


def periods(count):
    spans = pairwise(MONTHS[: count + 1])
    return [{"start": start, "until": until} for start, until in spans]
