"""What holds for any usage, and each model against counting unit by unit."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.kernel.money import round_half_away
from app.revenue import rating
from app.revenue.rating import (
    Commitment,
    Graduated,
    Hybrid,
    Package,
    Percentage,
    PerUnit,
    Rollover,
    Tier,
    Volume,
    exact_text,
    rate,
)
from app.revenue.rating.commitments import rate_term

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


def periods(count):
    spans = pairwise(MONTHS[: count + 1])
    return [{"start": start, "until": until} for start, until in spans]


def one(quantity_or_events, **over):
    document = {
        "currency": "EUR",
        "model": "graduated",
        "tiers": [{"up_to": 10, "unit_amount": "0.333", "flat_amount": 1}, {"unit_amount": "0.1"}],
        **over,
    }
    return rating.bill(*rating.read_sheet(document | quantity_or_events))


class TestUsage:
    @given(st.lists(st.integers(0, 20), min_size=1, max_size=8))
    def test_splitting_usage_into_events_changes_nothing(self, parts):
        whole = one({"quantity": sum(parts)})
        split = one({"events": [{"quantity": each} for each in parts]})

        assert split.lines == whole.lines

    @given(
        st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), min_size=1, max_size=10),
        st.sampled_from(["sum", "count", "max", "unique_count"]),
        st.randoms(),
    )
    def test_the_order_of_events_in_a_file_does_not_matter(self, rows, kind, random):
        events = [
            {"at": f"2026-01-{1 + day:02d}", "quantity": quantity, "value": str(quantity)}
            for day, quantity in rows
        ]
        settings = {"period": {"start": "2026-01-01", "until": "2026-02-01"}, "aggregation": kind}
        shuffled = random.sample(events, len(events))

        assert one({"events": events}, **settings) == one({"events": shuffled}, **settings)

    @given(st.lists(st.tuples(st.integers(0, 58), st.integers(-3, 5)), max_size=10), counts)
    def test_a_level_averages_over_its_days(self, steps, opening):
        start, level, levels = datetime(2026, 1, 1, tzinfo=UTC), opening, []
        for day in range(59):
            level += sum(step for at, step in steps if at == day)
            levels.append(level)
        if min([opening, *lows(steps, opening)]) < 0:
            return
        events = [
            {"at": (start + timedelta(days=day)).isoformat(), "quantity": step}
            for day, step in steps
        ]
        document = {
            "currency": "EUR",
            "model": "per_unit",
            "unit_amount": 1,
            "aggregation": "time_weighted",
            "values": "changes",
            "opening": opening,
            "periods": periods(2),
            "events": events,
        }

        found = rating.bill(*rating.read_sheet(document))

        assert [line.quantity for line in found.lines] == [
            Fraction(sum(levels[:31]), 31),
            Fraction(sum(levels[31:]), 28),
        ]


def lows(steps, opening):
    """Return the level after each step, in the order in which steps are taken."""
    level = opening
    for _, step in sorted(steps, key=lambda each: each[0]):
        level += step
        yield level


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
