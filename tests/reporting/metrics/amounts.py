"""Amounts and counts, for the properties of metrics."""

from fractions import Fraction

from hypothesis import strategies as st

HALF = Fraction(1, 2)
amounts = st.integers(0, 10**6).map(Fraction)
few = st.integers(0, 40)
