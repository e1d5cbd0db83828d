"""Reasons told beside known lines are those of the whole calculation, whatever plans and facts."""

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.incentives.engine import apart, calculate
from app.incentives.engine.reasons import PaidBefore, reasons, without_rates
from tests.incentives.columns.samples import AS_OF, RARE, TABLES, TERMS, events, facts, plans

CHANCE = st.builds(Random, st.integers(0, 2**64))
MANY = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = [{"basis": "booked"}, {"applies_to": {"country": ["DE"]}}, {"share": "credit"}]


def told(part, versions):
    """Return the reasons beside the lines; None where they depend on what was paid before."""
    try:
        return reasons(part, versions, AS_OF, calculate(part, versions, AS_OF).lines)
    except PaidBefore:
        return None


@MANY
@given(CHANCE, st.sampled_from([TERMS + RARE, FEW]))
def test_reasons_are_those_of_the_calculation(chance, terms):
    versions = plans(chance, TABLES, terms)

    for part in apart(facts(events(chance)), versions):
        assert told(part, versions) in (None, tuple(calculate(part, versions, AS_OF).nothing))


def test_most_partners_need_no_calculation():
    found = []
    for seed in range(60):
        chance = Random(seed)  # noqa: S311  # samples, not secrets
        versions = plans(chance, [{"mode": "flat", "rate": "7%"}], FEW)
        found += [told(part, versions) for part in apart(facts(events(chance)), versions)]

    assert sum(each is not None for each in found) > len(found) / 4
    assert {each.code for one in found for each in one or ()} >= {"applies_to", "basis", "rate"}


@MANY
@given(CHANCE)
def test_missing_rates_are_those_of_the_calculation(chance):
    versions, all_ = plans(chance, TABLES, TERMS), facts(events(chance))

    nothing = calculate(all_, versions, AS_OF).nothing

    assert without_rates(all_, versions, AS_OF) == tuple(
        each for each in nothing if each.code == "rate"
    )


def test_one_currency_alone_needs_no_rate():
    chance = Random(7)  # noqa: S311  # samples, not secrets
    versions = plans(chance)
    own = [each for each in events(chance) if each.currency == "EUR"]

    assert without_rates(facts(own), versions, AS_OF) == ()
