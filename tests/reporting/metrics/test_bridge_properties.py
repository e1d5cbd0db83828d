"""What holds for every bridge between two funnels."""

import math
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reporting import metrics
from app.reporting.metrics import factors


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
