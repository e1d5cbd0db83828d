"""Shares on the revenue page are those of the registry."""

from decimal import Decimal

import pytest

from app.reporting.rules import partner_share, share


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(1, 4, "0.25"), (0, 5, "0"), (-1, 2, "-0.5"), (3, 0, None)]
)
def test_a_share_of_nothing_is_none(part, whole, expected):
    assert share(part, whole) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(("whole", "expected"), [(1000, "0.5"), (0, None)])
def test_sourced_and_assisted_are_the_partners_share(whole, expected):
    assert partner_share(300, 200, whole) == (None if expected is None else Decimal(expected))
