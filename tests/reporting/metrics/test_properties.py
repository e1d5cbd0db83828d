"""What holds for any numbers, and each computation against another way of doing it."""

import math
from fractions import Fraction
from itertools import permutations
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reporting import metrics
from app.reporting.metrics import METRICS, MetricRefused, factors
from app.reporting.metrics.contribution import assisted, cube, direct, flagged
from app.reporting.metrics.partner import scorecard
from app.reporting.metrics.recurring import movements_by_customer
from app.reporting.metrics.retention import grr, grr_by_customer, nrr, nrr_by_customer
from app.reporting.metrics.survival import incidence, quantile

HALF = Fraction(1, 2)
amounts = st.integers(0, 10**6).map(Fraction)
few = st.integers(0, 40)


@st.composite
def funnels(draw):
    """Return five steps, each possible only where the one before it is above zero."""
    steps, reach = {}, 60
    for name in ("leads", "qualified", "opportunities", "won"):
        reach = draw(st.integers(0, reach))
        steps[name] = Fraction(reach)
    cents = draw(st.integers(0, 10**8)) if reach else 0
    return steps | {"value": Fraction(cents, 100)}


class TestBridge:
    @given(funnels(), funnels())
    def test_contributions_add_up_to_the_change_to_the_cent(self, before, after):
        answer = metrics.bridge(before, after)

        *drivers, change = answer.parts
        assert answer.value == after["value"] - before["value"]
        for column in (0, 1):
            parts = [part.values[column] for part in drivers]
            assert sum(parts) == change.values[column] == answer.value
            assert all((part * 100).denominator == 1 for part in parts)

    @given(funnels(), funnels())
    def test_swapping_the_periods_turns_the_signs(self, before, after):
        there, back = metrics.bridge(before, after), metrics.bridge(after, before)

        for a, b in zip(there.parts, back.parts, strict=True):
            assert a.values[0] == -b.values[0]

    @given(st.lists(st.tuples(*[st.integers(1, 99).map(Fraction)] * 2), min_size=1, max_size=5))
    def test_log_mean_agrees_with_floating_point_and_knows_no_order(self, pairs):
        before, after = zip(*pairs, strict=True)
        old, new = (float(factors.product(each)) for each in (before, after))
        weight = old if old == new else (new - old) / (math.log(new) - math.log(old))

        found = factors.log_mean(before, after)

        expected = [weight * math.log(b / a) for a, b in pairs]
        assert [float(each) for each in found] == pytest.approx(expected, rel=1e-6, abs=1e-6 * new)
        turned = factors.log_mean(before[::-1], after[::-1])
        assert sorted(turned) == sorted(found)

    @given(st.tuples(*[st.integers(1, 99).map(Fraction)] * 5), st.integers(0, 4))
    def test_a_zero_is_the_limit_of_a_small_value(self, after, place):
        before = [Fraction(7)] * 5
        exact = factors.log_mean([*before[:place], Fraction(0), *before[place + 1 :]], after)

        before[place] = Fraction(1, 10**4000)
        near = factors.log_mean(before, after)

        whole = factors.product(after)
        assert exact == [whole if index == place else 0 for index in range(5)]
        assert all(abs(a - b) < whole / 50 for a, b in zip(exact, near, strict=True))

    def test_sequential_depends_on_the_order(self):
        before, after = [Fraction(2), Fraction(5)], [Fraction(3), Fraction(7)]

        found = {
            tuple(factors.sequential([before[i] for i in order], [after[i] for i in order]))
            for order in permutations(range(2))
        }

        assert found == {(5, 6), (4, 7)}

    def test_a_currency_has_its_own_decimals(self):
        before = dict(
            zip(("leads", "qualified", "opportunities", "won"), [9, 7, 5, 3], strict=True)
        )
        after = dict(zip(before, [13, 11, 7, 5], strict=True))
        funnel = [
            {name: Fraction(value) for name, value in steps.items()} | {"value": Fraction(1000)}
            for steps in (before, after)
        ]

        for code, places in (("JPY", 0), ("EUR", 2), ("BHD", 3)):
            answer = metrics.bridge(funnel[0], funnel[1], code)
            scaled = [part.values[0] * 10**places for part in answer.parts]
            assert all(each.denominator == 1 for each in scaled)
            assert sum(scaled[:-1]) == scaled[-1] == 0


def redistributed(days, outcomes):
    """Return the mass of each case when the mass of each open one goes to those to its right."""
    order = sorted(range(len(days)), key=lambda i: (days[i], outcomes[i] == "open"))
    mass = {index: Fraction(1, len(days)) for index in order}
    for place, index in enumerate(order):
        right = [other for other in order[place + 1 :] if days[other] > days[index]]
        if outcomes[index] != "open":
            continue
        right += [o for o in order[place + 1 :] if days[o] == days[index] and outcomes[o] == "open"]
        if not right:
            continue
        for other in right:
            mass[other] += mass[index] / len(right)
        mass[index] = Fraction(0)
    return mass


cases = st.lists(
    st.tuples(st.integers(0, 8).map(Fraction), st.sampled_from(["advanced", "lost", "open"])),
    min_size=1,
    max_size=12,
)


class TestDurations:
    @given(st.lists(st.integers(0, 30).map(Fraction), min_size=1, max_size=20))
    def test_without_open_cases_the_median_is_the_ordinary_one(self, days):
        assert quantile(days, [True] * len(days), HALF) == median(days)

    @given(cases)
    def test_the_curve_is_that_of_redistributing_to_the_right(self, rows):
        days, outcomes = zip(*rows, strict=True)
        mass = redistributed(days, outcomes)
        ended = [outcome != "open" for outcome in outcomes]

        found = quantile(days, ended, HALF)

        def left(day):
            return 1 - sum(mass[i] for i, d in enumerate(days) if ended[i] and d <= day)

        reached = [day for day in sorted({*days}) if left(day) <= HALF]
        if not reached:
            assert found is None
        elif left(reached[0]) < HALF:
            assert found == reached[0]
        else:
            later = [d for d, e in zip(days, ended, strict=True) if e and d > reached[0]]
            assert found == (reached[0] + min(later)) / 2 if later else found == reached[0]

    @given(cases)
    def test_cohort_conversion_is_the_mass_of_those_that_advance(self, rows):
        days, outcomes = zip(*rows, strict=True)
        mass = redistributed(days, outcomes)

        found = incidence(days, outcomes, "advanced")

        assert found == sum(mass[i] for i, each in enumerate(outcomes) if each == "advanced")

    @given(cases)
    def test_advancing_losing_and_staying_open_are_everything(self, rows):
        days, outcomes = zip(*rows, strict=True)

        found = sum(incidence(days, outcomes, each) or 0 for each in ("advanced", "lost"))

        assert 0 <= found <= 1
        if "open" not in outcomes:
            assert found == 1

    def test_many_cases_are_exact_and_quick(self):
        days = [Fraction(n) for n in range(5000)]
        ended = [n % 3 != 0 for n in range(5000)]

        assert quantile(days, ended, HALF) is not None


customers = st.lists(st.tuples(amounts, amounts), min_size=1, max_size=20)


class TestRetention:
    @given(customers)
    def test_movements_of_customers_give_the_same_retention(self, rows):
        start, end = ([*column] for column in zip(*rows, strict=True))
        answer = movements_by_customer(start, end, ())
        moves = {part.name: part.values[0] for part in answer.parts}

        net = nrr(sum(start), moves["expansion"], -moves["contraction"], -moves["churn"])
        gross = grr(sum(start), -moves["contraction"], -moves["churn"])

        assert answer.value == sum(end)
        assert net == nrr_by_customer(start, end)
        assert gross == grr_by_customer(start, end)

    @given(customers)
    def test_gross_retention_never_passes_all_of_it_nor_net_retention(self, rows):
        start, end = ([*column] for column in zip(*rows, strict=True))

        gross, net = grr_by_customer(start, end), nrr_by_customer(start, end)

        assert gross is None or (0 <= gross <= 1 and gross <= net)


marks = st.booleans()
orders = st.lists(st.tuples(amounts, marks, marks, marks), min_size=1, max_size=20)


class TestContribution:
    @given(orders)
    def test_the_eight_cells_add_up_and_give_each_flag(self, rows):
        columns = [[*column] for column in zip(*rows, strict=True)]
        answer = cube(*columns)
        cells = {part.name: part.values[0] or 0 for part in answer.parts}

        assert len(cells) == 8
        assert sum(cells.values()) == answer.value == sum(columns[0])
        for place, name in enumerate(("sourced", "influenced", "fulfilled"), start=1):
            having = sum(v for cell, v in cells.items() if name in cell)
            assert flagged(columns[0], columns[place]).value == having

    @given(orders)
    def test_sourced_assisted_and_direct_add_up(self, rows):
        columns = [[*column] for column in zip(*rows, strict=True)]

        found = (flagged(*columns[:2]), assisted(*columns), direct(*columns))

        assert sum(each.value or 0 for each in found) == sum(columns[0])


class TestScorecard:
    @given(st.lists(st.tuples(st.none() | amounts, st.integers(1, 9)), min_size=1, max_size=6))
    def test_is_the_score_of_the_factors_that_have_one(self, rows):
        scores, weights = ([*column] for column in zip(*rows, strict=True))
        repeated = [s for s, w in rows if s is not None for _ in range(w)]

        answer = scorecard(scores, [Fraction(w) for w in weights], ())

        assert answer.value == (sum(repeated) / len(repeated) if repeated else None)
        assert answer.note.startswith("Partial") == (None in scores)


class TestText:
    @given(st.fractions(-(10**9), 10**9))
    def test_is_the_nearest_number_of_six_decimals(self, value):
        shown = Fraction(metrics.plain(value))

        assert abs(shown - value) <= Fraction(1, 2 * 10**6)
        assert "e" not in metrics.plain(value).lower()
        assert Fraction(metrics.plain(-value)) == -shown


@given(few, few, few, few)
def test_the_forms_of_a_metric_agree(won, lost, other_won, other_lost):
    by_counts = {
        "enabled_won": won, "enabled_lost": lost, "other_won": other_won, "other_lost": other_lost,
    }  # fmt: skip
    lift = METRICS["enablement_lift"]

    counted = metrics.compute(lift, {name: str(value) for name, value in by_counts.items()})

    if not (won + lost and other_won + other_lost):
        assert counted.value is None
        return
    shares = {
        "enabled_win_rate": f"{won}/{won + lost}",
        "other_win_rate": f"{other_won}/{other_won + other_lost}",
    }
    assert counted.value == metrics.compute(lift, shares).value


@given(few, few)
def test_a_part_larger_than_its_whole_is_refused(part, whole):
    given = {"stalled": str(part), "open": str(whole)}

    if whole and part > whole:
        with pytest.raises(MetricRefused, match="of which it is a part"):
            metrics.compute(METRICS["stalled_share"], given)
    else:
        found = metrics.compute(METRICS["stalled_share"], given).value
        assert found == (Fraction(part, whole) if whole else None)
