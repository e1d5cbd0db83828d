"""What holds for all percentages, commitments and hybrid prices."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.kernel.money import round_half_away
from app.revenue import rating
from app.revenue.rating import (
    Commitment,
    Graduated,
    Hybrid,
    Percentage,
    PerUnit,
    Rollover,
    Tier,
    exact_text,
    rate,
)
from app.revenue.rating.commitments import rate_term
from tests.revenue.rating.prices import (
    ZERO,
    counts,
    flats,
    periods,
    prices,
    tier_lists,
    tier_of,
    used,
)

rates = st.integers(0, 100).map(lambda n: Fraction(n, 1000))


terms = st.fixed_dictionaries(
    {
        "fixed_amount": st.integers(0, 3).map(Fraction),
        "free_transactions": st.none() | st.integers(0, 4),
        "free_amount": st.none() | st.integers(0, 80).map(Fraction),
    }
)


@st.composite
def rate_tiers(draw):
    return tuple(
        Tier(each.above, each.up_to, draw(rates), each.flat_amount) for each in draw(tier_lists())
    )


class TestTransactions:
    @given(rate_tiers(), terms, used, st.none() | st.integers(0, 2), st.none() | st.integers(2, 4))
    def test_is_what_counting_each_unit_of_money_gives(self, tiers, terms, amounts, low, high):
        minimum, maximum = (None if each is None else Fraction(each) for each in (low, high))
        price = Percentage(tiers, minimum=minimum, maximum=maximum, **terms)

        found = rate(price, Fraction(sum(amounts)), [Fraction(each) for each in amounts])

        assert found.amount == counted(price, amounts)

    @given(rate_tiers(), used)
    def test_without_terms_of_transactions_only_the_sum_matters(self, tiers, amounts):
        price = Percentage(tiers)
        whole = Fraction(sum(amounts))

        assert rate(price, whole, [Fraction(each) for each in amounts]).amount == (
            rate(price, whole, [whole]).amount
        )


def counted(price, amounts):
    """Return the cost of whole amounts, unit of money by unit of money."""
    owed, position, free_left = ZERO, 0, price.free_amount
    for place, amount in enumerate(amounts, start=1):
        has_free = price.free_transactions is not None or free_left is not None
        in_count = price.free_transactions is None or place <= price.free_transactions
        was_left, charged, cost = free_left, 0, ZERO
        for _ in range(amount):
            if has_free and in_count and (free_left is None or free_left > 0):
                free_left = None if free_left is None else free_left - 1
                continue
            charged += 1
            position += 1
            cost += tier_of(price.tiers, position).unit_amount
        is_free = has_free and in_count and not charged and (amount > 0 or was_left != 0)
        if not is_free:
            cost += price.fixed_amount
            cost = max(cost, price.minimum) if price.minimum is not None else cost
            owed += min(cost, price.maximum) if price.maximum is not None else cost
    reached = {tier_of(price.tiers, unit) for unit in range(1, position + 1)}
    return owed + sum((tier.flat_amount for tier in reached), ZERO)


class TestCommitments:
    @given(counts, flats, tier_lists(), counts)
    def test_units_cost_the_commitment_and_the_overage(self, committed, amount, tiers, quantity):
        price = Commitment(amount, Graduated(tiers), units=Fraction(committed))
        over = Fraction(max(0, quantity - committed))

        found = rate(price, Fraction(quantity)).amount

        assert found == amount + rate(Graduated(tiers), over).amount

    @given(flats, tier_lists(), rates, counts)
    def test_money_costs_the_larger_and_a_premium_on_what_is_over(
        self, amount, tiers, premium, quantity
    ):
        price = Commitment(amount, Graduated(tiers), premium=premium)
        worth = rate(Graduated(tiers), Fraction(quantity)).amount

        found = rate(price, Fraction(quantity)).amount

        assert found == max(amount, worth) + premium * max(ZERO, worth - amount)

    @given(st.integers(1, 60), st.integers(0, 99), prices, used, st.booleans())
    def test_a_whole_term_owes_the_same_however_it_is_billed(
        self, committed, amount, price, quantities, is_trued_up
    ):
        document = {
            "currency": "EUR",
            "periods": periods(len(quantities)),
            "model": "commitment",
            "committed_units": committed,
            "committed_amount": amount,
            "overage": {"model": "per_unit", "unit_amount": exact_text(price)},
            "term": "whole",
            "billing": "true_up" if is_trued_up else "upfront",
            "quantities": quantities,
        }

        found = rating.bill(*rating.read_sheet(document))

        over = max(0, sum(quantities) - committed)
        assert found.minor == round_half_away((amount + over * price) * 100)
        assert sum(line.exact for line in found.lines) == amount + over * price

    @given(
        st.integers(0, 12),
        st.integers(1, 3),
        st.none() | st.integers(0, 15),
        st.booleans(),
        st.lists(st.integers(0, 25), min_size=1, max_size=6),
    )
    def test_rollover_is_that_of_single_units_with_a_day_of_lapse(
        self, committed, lasts, maximum, is_oldest_first, quantities
    ):
        most = None if maximum is None else Fraction(maximum)
        price = Commitment(
            ZERO,
            PerUnit(Fraction(1)),
            units=Fraction(committed),
            rollover=Rollover(lasts, most, is_oldest_first),
        )

        found = rate_term(price, [Fraction(q) for q in quantities], [Fraction(1)] * len(quantities))

        store: list[int] = []
        expected = []
        for place, quantity in enumerate(quantities):
            store = [last for last in store if last >= place] + [place + lasts] * committed
            store.sort(reverse=not is_oldest_first)
            expected.append(max(0, quantity - len(store)))
            store = store[quantity:]
            if maximum is not None:
                store = sorted(store)[max(0, len(store) - maximum) :]
        assert [each.amount for each in found] == expected


class TestHybrid:
    @given(flats, counts, prices, counts)
    def test_is_the_fixed_amount_and_the_units_above_those_included(
        self, fixed, included, price, quantity
    ):
        hybrid = Hybrid(fixed, PerUnit(price), Fraction(included))

        found = rate(hybrid, Fraction(quantity)).amount

        assert found == fixed + price * max(0, quantity - included)
