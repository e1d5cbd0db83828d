"""Money: exact, rounded once, split without a cent lost."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import Broken
from app.kernel.money import (
    Money,
    NotAnAmount,
    UnknownCurrency,
    allocate,
    round_half_away,
)

amounts = st.integers(-(10**12), 10**12)
weights = st.lists(st.fractions(0, 1000), min_size=1, max_size=12).filter(sum)


class TestOf:
    @pytest.mark.parametrize(
        ("text", "currency", "minor"),
        [("12.50", "EUR", 1250), ("12", "JPY", 12), ("1.234", "KWD", 1234), ("-3.1", "GBP", -310)],
    )
    def test_has_the_decimals_of_its_currency(self, text, currency, minor):
        assert Money.of(text, currency) == Money(minor, currency)

    @pytest.mark.parametrize("text", ["NaN", "1e309", "Infinity", "1.234", "x", "", "1" + "0" * 30])
    def test_refuses_what_is_no_amount(self, text):
        with pytest.raises(NotAnAmount):
            Money.of(text, "EUR")

    @pytest.mark.parametrize("code", ["", "EURO", "eur", "XXX", "DEM"])
    def test_refuses_a_currency_that_does_not_exist(self, code):
        with pytest.raises(UnknownCurrency):
            Money.of("1", code)

    @given(minor=amounts, code=st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
    def test_turns_back_into_the_same_amount(self, minor, code):
        assert Money.of(Money(minor, code).amount, code) == Money(minor, code)


class TestRounding:
    @pytest.mark.parametrize(
        ("value", "rounded"),
        [("0.5", 1), ("-0.5", -1), ("2.5", 3), ("1.4999", 1), ("-2.5", -3), ("0", 0)],
    )
    def test_goes_half_away_from_zero(self, value, rounded):
        assert round_half_away(Decimal(value)) == rounded

    @given(minor=amounts, rate=st.fractions(0, 2))
    def test_is_symmetric_for_reversals(self, minor, rate):
        money = Money(minor, "EUR")

        assert (-money).times(rate) == -(money.times(rate))

    @given(minor=amounts, rate=st.fractions(0, 2))
    def test_is_never_more_than_half_a_cent_off(self, minor, rate):
        exact = Fraction(rate) * minor

        assert abs(Money(minor, "EUR").times(rate).minor - exact) <= Fraction(1, 2)


class TestAllocate:
    def test_gives_the_odd_cent_to_the_largest_remainder(self):
        assert allocate(100, [1, 1, 1]) == [34, 33, 33]
        assert allocate(100, [Fraction(1, 6), Fraction(2, 6), Fraction(3, 6)]) == [17, 33, 50]

    @given(total=amounts, parts=weights)
    def test_adds_up_to_the_whole(self, total, parts):
        assert sum(allocate(total, parts)) == total

    @given(total=amounts, parts=weights)
    def test_mirrors_a_negative_whole(self, total, parts):
        assert allocate(-total, parts) == [-part for part in allocate(total, parts)]

    @given(total=st.integers(0, 10**12), parts=weights)
    def test_is_less_than_a_cent_off_for_everybody(self, total, parts):
        whole = sum(parts)

        for share, part in zip(parts, allocate(total, parts), strict=True):
            assert abs(part - total * share / whole) < 1

    @pytest.mark.parametrize("bad", [[], [0, 0], [1, -1]])
    def test_is_broken_without_weights(self, bad):
        with pytest.raises(Broken):
            allocate(1, bad)


def test_two_currencies_never_combine():
    with pytest.raises(Broken):
        Money(1, "EUR") + Money(1, "GBP")
