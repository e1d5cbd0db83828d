"""The columns give the very lines of the plain engine, whatever the plans and the facts."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from random import Random
from typing import get_args, get_type_hints

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.incentives.engine import Block, BlockCode, CreditedEvent, calculate, recompute
from app.incentives.engine.columns import (
    calculate_columns,
    columns_of,
    in_short,
    lines_in_short,
    lines_of,
    trace_of,
)
from app.incentives.engine.columns.facts import MOMENT, NUMBERS
from tests.incentives.columns.samples import (
    AS_OF,
    FIRST,
    PLAINLY,
    RARE,
    TABLES,
    TERMS,
    events,
    facts,
    plans,
)

CHANCE = st.builds(Random, st.integers(0, 2**64))
MANY = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CHOSEN = Random(1)  # noqa: S311  # samples, not secrets
SOME = settings(MANY, max_examples=60)


@MANY
@given(CHANCE)
def test_lines_and_traces_are_those_of_the_plain_engine(chance):
    versions, told = plans(chance), facts(events(chance))

    found = calculate_columns(columns_of(told), versions, AS_OF)

    assert lines_of(found) == calculate(told, versions, AS_OF).lines


@MANY
@given(CHANCE)
def test_what_is_not_calculated_in_columns_is_calculated_all_the_same(chance):
    versions = plans(chance, TABLES + PLAINLY * 3, TERMS + RARE * 3)
    told = facts(events(chance))

    found = calculate_columns(columns_of(told), versions, AS_OF)

    assert lines_of(found) == calculate(told, versions, AS_OF).lines


@SOME
@given(CHANCE)
def test_lines_in_short_are_the_lines_without_their_traces(chance):
    versions = plans(chance, TABLES, TERMS + RARE)
    blocks = (Block(BlockCode.DISPUTE, "a", FIRST, order_id="o"),)
    told = facts(events(chance), blocks=blocks)

    found = calculate_columns(columns_of(told), versions, AS_OF)

    lines = lines_of(found)
    assert lines_in_short(found) == tuple(
        replace(line, trace={"kind": line.kind}) for line in lines
    )
    shorts = {(each.key, each.minor, each.earned_on, each.payable_on) for each in in_short(found)}
    assert shorts == {(line.key, line.minor, line.earned_on, line.payable_on) for line in lines}
    assert sorted((each.full() for each in in_short(found)), key=_order) == list(lines)


def _order(line):
    return line.earned_on, line.key


@SOME
@given(CHANCE)
def test_some_partners_again_get_what_they_get_with_all(chance):
    versions = plans(chance, TABLES, TERMS + RARE)
    told = facts(events(chance))
    some = chance.sample(["a", "b", "c", "nobody"], chance.randint(0, 3))

    found = calculate_columns(columns_of(told), versions, AS_OF, partners=some)

    every = calculate(told, versions, AS_OF).lines
    assert lines_of(found) == tuple(line for line in every if line.partner_id in some)


@SOME
@given(CHANCE)
def test_every_trace_gives_the_cents_of_its_column_and_the_totals_add_up(chance):
    found = calculate_columns(columns_of(facts(events(chance))), plans(chance), AS_OF)

    for row, minor in enumerate(found.minor.tolist()):
        assert recompute(trace_of(found, row)) == minor
    lines = lines_of(found)
    totals = found.totals()
    assert sum(totals.values()) == sum(line.minor for line in lines)
    assert set(totals) == {(line.partner_id, line.currency) for line in lines}


@SOME
@given(CHANCE, st.integers(0, 900))
def test_an_earlier_moment_sees_what_was_known_then(chance, days):
    versions, told = plans(chance), facts(events(chance))
    as_of = AS_OF - timedelta(days=days)

    found = calculate_columns(columns_of(told), versions, as_of)

    assert lines_of(found) == calculate(told, versions, as_of).lines


@SOME
@given(CHANCE)
def test_what_blocks_a_line_is_told_with_it(chance):
    versions = plans(chance)
    told = facts(events(chance), blocks=(Block(BlockCode.DISPUTE, "a", FIRST, order_id="o"),))

    found = calculate_columns(columns_of(told), versions, AS_OF)

    assert lines_of(found) == calculate(told, versions, AS_OF).lines


@SOME
@given(CHANCE)
def test_a_row_of_the_columns_is_the_event_that_was_put_in(chance):
    told = events(chance)

    columns = columns_of(facts(told))

    assert [columns.event(row) for row in range(len(columns))] == told


def test_columns_have_a_place_for_every_number_and_day_of_an_event():
    counted = {int, date, datetime}
    hints = get_type_hints(CreditedEvent)

    numbers = {name for name, hint in hints.items() if counted & {hint, *get_args(hint)}}

    assert numbers == {*NUMBERS, MOMENT}


def test_moments_keep_the_zone_in_which_they_were_told():
    zone = timezone(timedelta(hours=5, minutes=30))
    told = [replace(each, recorded_at=AS_OF.astimezone(zone)) for each in events(CHOSEN)]

    columns = columns_of(facts(told))

    assert {columns.event(row).recorded_at.isoformat() for row in range(len(columns))} == {
        "2026-09-30T17:30:00+05:30"
    }
