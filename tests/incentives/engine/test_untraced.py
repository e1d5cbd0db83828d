"""Lines calculated without their traces are the lines, and the reasons for nothing the reasons."""

from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.incentives.engine import calculate
from tests.incentives.columns.samples import (
    AS_OF,
    PLAINLY,
    RARE,
    TABLES,
    TERMS,
    events,
    facts,
    plans,
)

CHANCE = st.builds(Random, st.integers(0, 2**64))
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def bare(lines):
    return [replace(line, trace={"kind": line.kind}) for line in lines]


@MANY
@given(CHANCE)
def test_only_traces_differ(chance):
    versions, told = plans(chance, TABLES + PLAINLY, TERMS + RARE), facts(events(chance))

    traced = calculate(told, versions, AS_OF)
    untraced = calculate(told, versions, AS_OF, traced=False)

    assert bare(untraced.lines) == bare(traced.lines)
    assert untraced.nothing == traced.nothing
