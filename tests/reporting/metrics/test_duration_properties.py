"""What holds for all durations, open cases among them."""

from fractions import Fraction
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from app.reporting.metrics.survival import incidence, quantile
from tests.reporting.metrics.amounts import HALF


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
