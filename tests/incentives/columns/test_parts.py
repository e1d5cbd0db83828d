"""Each part of the calculation in columns against another way to the same number."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.incentives.engine import calculate
from app.incentives.engine.columns import calculate as calculation
from app.incentives.engine.columns import calculate_columns, columns_of, lines_of, supported
from app.incentives.engine.columns.arrays import Unfit, rounded
from app.incentives.engine.columns.pieces import pieces_of, work_out
from app.incentives.engine.columns.splitting import largest_remainder
from app.incentives.engine.columns.volume import running, running_apart, within_limit
from app.incentives.engine.tables import Position, work
from app.kernel.money import allocate, round_half_away
from tests.incentives.columns.samples import AS_OF, EVER, PARTNERS, PLAINLY, TABLES, TERMS, facts
from tests.incentives.engine.build import component, event, plan

WHOLE = st.integers(-(10**12), 10**12)
MARGINAL = TABLES[6]
BASES = st.lists(st.integers(-10, 6_000_000), min_size=1)
POSITIVE = st.lists(st.integers(0, 10**9), max_size=20)
RUNNING = [each for each in TABLES if each["mode"] not in ("flat", "age") and "by_tier" not in each]


@given(st.lists(WHOLE), st.integers(1, 10**6))
def test_halves_are_rounded_away_from_zero(tops, bottom):
    found = rounded(np.array(tops, np.int64), bottom)

    assert found.tolist() == [round_half_away(Fraction(top, bottom)) for top in tops]


@given(
    st.lists(st.integers(-(10**12), 10**12), min_size=1), st.lists(st.integers(0, 9), min_size=1)
)
def test_a_split_of_many_amounts_is_that_of_each(totals, parts):
    weights = [Fraction(part + 1, sum(parts) + len(parts)) for part in parts]

    found = np.stack(largest_remainder(np.array(totals), weights), axis=1)

    assert found.tolist() == [allocate(total, weights) for total in totals]


@given(st.lists(st.tuples(st.integers(0, 3), WHOLE)))
def test_running_sums_of_groups_that_stand_apart_are_those_of_each_alone(rows):
    groups, values = np.array(rows, np.int64).reshape(-1, 2).T

    found = running_apart(groups, values)

    for group in set(groups.tolist()):
        own = values[groups == group].tolist()
        assert found[groups == group].tolist() == list(accumulate(own))


def test_a_sum_over_all_segments_may_leave_64_bits():
    values = np.full(6, 2**61 - 1, np.int64)

    found = running(np.arange(6), values)

    assert found.tolist() == values.tolist()
    with pytest.raises(Unfit):
        running(np.zeros(6, np.int64), values)


@given(POSITIVE, st.integers(0, 10**10))
def test_a_limit_is_used_up_by_one_value_after_the_other(values, limit):
    found, used = within_limit(np.zeros(len(values), np.int64), np.array(values, np.int64), limit)

    left = limit
    for value, cut, before in zip(values, found.tolist(), used.tolist(), strict=True):
        assert (cut, before) == (min(value, left), limit - left)
        left -= cut


@given(
    st.sampled_from(RUNNING), st.lists(st.integers(-10, 6_000_000), min_size=1), st.integers(1, 3)
)
def test_pieces_give_what_the_table_gives(rates, bases, scale):
    table = plan({"rates": rates}).components[0].table
    base = np.array(bases, np.int64)
    after = np.cumsum(base)
    pieces = pieces_of(table, scale)

    worked = work_out(pieces, after - base, after, base, np.zeros(0, np.int64))

    baseline = table.baseline or Fraction(0)
    for row, exact in enumerate(worked.exact.tolist()):
        before, end, paid = (
            Fraction(int(each[row]), scale) for each in (after - base, after, base)
        )
        position = Position(before, end, paid, baseline)
        assert Fraction(exact, pieces.denominator) == work(table, position).exact


@pytest.mark.parametrize("rates", TABLES, ids=lambda each: each["mode"])
def test_every_kind_of_table_is_calculated_in_columns(rates):
    assert supported(plan({"rates": rates})) is None


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_every_kind_of_term_is_calculated_in_columns(term):
    flat = {"basis": "collected", "rates": TABLES[0]}

    assert supported(plan(flat | term)) is None


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"rates": PLAINLY[0]}, "Reset.months"),
        ({"rates": PLAINLY[1]}, "Earlier sales are not topped up"),
        ({"rates": PLAINLY[2]}, "the year before"),
        ({"caps": [{"per": "component", "limit": 5, **EVER}]}, "Cap.per component"),
        ({"timing": {"minimum_payout": 5}}, "Timing.minimum_payout"),
        (
            {"caps": [{"per": "deal", "limit": 5}, {"per": "partner", "limit": 5, **EVER}]},
            "Several caps",
        ),
    ],
)
def test_what_is_not_calculated_in_columns_is_told(parts, why):
    assert why in supported(plan(parts))


def test_a_cap_that_components_share_keeps_both_out():
    capped = {"caps": [{"per": "partner", "limit": 500, **EVER}]}

    assert "share" in supported(plan(capped, capped | {"code": "other"}))
    assert supported(plan(capped, {"code": "other"})) is None


def test_amounts_beyond_64_bits_are_calculated_by_the_plain_engine():
    version = plan({"rates": MARGINAL | {"brackets": [{"from": 0, "rate": "999982/999983"}]}})
    told = [
        event(f"e{number}", "booked", 10**13 - number, partner_id="a", recorded_at=AS_OF)
        for number in range(3)
    ]

    found = calculate_columns(columns_of(facts(told)), [version], AS_OF)

    assert len(found.plain) == 3
    assert lines_of(found) == calculate(facts(told), [version], AS_OF).lines


def test_partners_that_do_not_fit_leave_the_others_in_the_columns():
    version = plan({"reversal": {"mode": "full", "at": "by_volume"}})
    told = [
        event(key, kind, 100, on, partner_id=partner, recorded_at=AS_OF, order_id=partner)
        for key, kind, on, partner in (
            ("1", "booked", date(2026, 1, 1), "a"),
            ("2", "booked", date(2026, 1, 1), "b"),
            ("3", "cancelled", date(2026, 2, 1), "b"),
            ("4", "booked", date(2026, 1, 1), "c"),
        )
    ]

    found = calculate_columns(columns_of(facts(told)), [version], AS_OF)

    assert {line.partner_id for line in found.plain} == {"b"}
    assert lines_of(found) == calculate(facts(told), [version], AS_OF).lines


def test_parts_worked_on_side_by_side_give_what_one_gives(monkeypatch):
    version = plan(
        {"rates": MARGINAL}, {"code": "other", "timing": {"holdback": {"share": "1/3", "days": 3}}}
    )
    people = tuple(replace(PARTNERS[0], id=f"p{number}") for number in range(40))
    told = [
        event(f"e{number}", "booked", number * 77, partner_id=f"p{number % 40}", recorded_at=AS_OF)
        for number in range(400)
    ]
    columns = columns_of(replace(facts(told), partners=people))
    at_once = lines_of(calculate_columns(columns, [version], AS_OF))

    monkeypatch.setattr(calculation, "CHUNK", 16)

    assert lines_of(calculate_columns(columns, [version], AS_OF)) == at_once
    assert len(at_once) == 3 * 399


def test_no_facts_give_no_lines():
    assert lines_of(calculate_columns(columns_of(facts([])), [plan({})], AS_OF)) == ()


def test_columns_that_do_not_fit_together_are_refused():
    columns = columns_of(facts([event("e", "booked", 1)]))

    with pytest.raises(ValueError, match="the column on is missing"):
        replace(columns, numbers={"minor": columns.numbers["minor"]})
    with pytest.raises(ValueError, match="equally long"):
        replace(columns, numbers=columns.numbers | {"minor": np.zeros(2, np.int64)})


def test_components_are_told_apart_from_those_of_other_plans():
    first, second = (plan({}, code=code) for code in ("one", "two"))
    told = facts([event("e", "booked", 100, partner_id="a", recorded_at=AS_OF)])

    found = calculate_columns(columns_of(told), [second, first], AS_OF)

    assert [line.plan for line in lines_of(found)] == ["one", "two"]
    assert component()["code"] == lines_of(found)[0].component
