"""What holds for any numbers, and each computation against another way of doing it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reporting import metrics
from app.reporting.metrics import METRICS, MetricRefused
from app.reporting.metrics.contribution import assisted, cube, direct, flagged
from app.reporting.metrics.partner import scorecard
from app.reporting.metrics.recurring import movements_by_customer
from app.reporting.metrics.retention import grr, grr_by_customer, nrr, nrr_by_customer
from tests.reporting.metrics.amounts import amounts, few

customers = st.lists(st.tuples(amounts, amounts), min_size=1, max_size=20)


class TestRetention:
    @given(customers)
    def test_movements_of_customers_give_the_same_retention(self, rows):
        start, end = ([*column] for column in zip(*rows, strict=True))
        answer = movements_by_customer(start, end, ())
        moves = {part.name: part.values[0] for part in answer.parts}

        net = nrr(sum(start), moves["expansion"], -moves["contraction"], -moves["churn"])
        gross = grr(sum(start), -moves["contraction"], -moves["churn"]).value

        assert answer.value == sum(end)
        assert net == nrr_by_customer(start, end)
        assert gross == grr_by_customer(start, end)

    @given(customers)
    def test_gross_retention_never_passes_all_of_it_nor_net_retention(self, rows):
        start, end = ([*column] for column in zip(*rows, strict=True))

        gross, net = grr_by_customer(start, end), nrr_by_customer(start, end)

        assert gross is None or (0 <= gross <= 1 and gross <= net)


@given(few, few, few)
def test_gross_retention_from_sums_lies_between_nothing_and_all(start, contraction, churn):
    answer = grr(Fraction(start), Fraction(contraction), Fraction(churn))

    if not start:
        assert answer.value is None
    else:
        kept = max(start - contraction - churn, 0)
        assert answer.value == Fraction(kept, start)
        assert answer.note.startswith("More was lost") == (contraction + churn > start)


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
