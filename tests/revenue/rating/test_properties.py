"""What holds for any usage, and each model against counting unit by unit."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.revenue.rating import (
    Graduated,
    Package,
    PerUnit,
    Tier,
    Volume,
    exact_text,
    rate,
)
from tests.revenue.rating.prices import (
    ZERO,
    counts,
    exact,
    flats,
    prices,
    tier_lists,
    tier_of,
)


class TestTiers:
    @given(tier_lists(), counts)
    def test_graduated_is_the_price_of_each_unit_by_its_tier(self, tiers, quantity):
        units = [tier_of(tiers, unit) for unit in range(1, quantity + 1)]
        expected = sum((tier.unit_amount for tier in units), ZERO)
        expected += sum((tier.flat_amount for tier in dict.fromkeys(units)), ZERO)

        assert rate(Graduated(tiers), Fraction(quantity)).amount == expected

    @given(tier_lists(), exact, exact)
    def test_graduated_never_falls(self, tiers, first, second):
        low, high = sorted((first, second))

        assert rate(Graduated(tiers), low).amount <= rate(Graduated(tiers), high).amount

    @given(tier_lists(flat=st.just(ZERO)), exact, st.fractions(0, 1, max_denominator=1000))
    def test_graduated_without_flat_amounts_never_jumps(self, tiers, quantity, step):
        dearest = max(tier.unit_amount for tier in tiers)

        before, after = (rate(Graduated(tiers), q).amount for q in (quantity, quantity + step))

        assert 0 <= after - before <= dearest * step

    @given(tier_lists(), st.integers(1, 60))
    def test_volume_is_the_whole_at_the_tier_reached(self, tiers, quantity):
        reached = tier_of(tiers, quantity)

        found = rate(Volume(tiers), Fraction(quantity)).amount

        assert found == quantity * reached.unit_amount + reached.flat_amount

    @given(tier_lists())
    def test_no_usage_costs_nothing_unless_declared(self, tiers):
        for model in (Graduated, Volume):
            assert rate(model(tiers), ZERO).amount == 0
            assert rate(model(tiers, is_flat_at_zero=True), ZERO).amount == tiers[0].flat_amount

    @given(prices, counts)
    def test_one_tier_is_a_price_for_each_unit(self, price, quantity):
        tiers = (Tier(ZERO, None, price),)

        found = {rate(m, Fraction(quantity)).amount for m in (Graduated(tiers), Volume(tiers))}

        assert found == {rate(PerUnit(price), Fraction(quantity)).amount}


class TestPackages:
    @given(st.integers(1, 20), flats, counts, counts)
    def test_each_package_begun_is_paid(self, size, amount, free, quantity):
        paid, room = 0, 0
        for _ in range(max(0, quantity - free)):
            if not room:
                paid, room = paid + 1, size
            room -= 1
        package = Package(Fraction(size), amount, Fraction(free))

        assert rate(package, Fraction(quantity)).amount == paid * amount

    @given(st.integers(1, 20), flats, counts)
    def test_what_is_begun_is_at_most_one_more_than_what_is_completed(self, size, amount, quantity):
        up, down = (
            rate(Package(Fraction(size), amount, is_rounded_up=way), Fraction(quantity)).amount
            for way in (True, False)
        )

        assert up - down == (amount if quantity % size else 0)


@given(tier_lists(), counts)
def test_the_rows_of_a_line_add_up_to_it(tiers, quantity):
    found = rate(Graduated(tiers), Fraction(quantity))

    assert sum((row.amount for row in found.rows), ZERO) == found.amount


@given(st.fractions(-1000, 1000, max_denominator=5000))
def test_a_number_is_written_exactly(value):
    text = exact_text(value)

    assert Fraction(text) == value
    assert ("/" in text) == (set(factors(value.denominator)) - {2, 5} != set())


def factors(number):
    found = 2
    while number > 1:
        while number % found == 0:
            yield found
            number //= found
        found += 1
