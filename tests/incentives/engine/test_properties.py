"""What holds for any plan and any events, in any order of arrival."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.incentives.engine import (
    CreditedEvent,
    EventKind,
    Facts,
    calculate,
    difference,
    recompute,
    sentence,
    table,
)
from app.kernel.money import allocate
from tests.incentives.engine.build import GOLD, LATER, RECORDED, plan
from tests.incentives.engine.test_rates import BONUS, accelerator, growth, running

PARTNERS = [GOLD, replace(GOLD, id="suedwind", country="FR")]
RATES = st.sampled_from(
    [
        {"mode": "flat", "rate": "7.125%"},
        running("marginal", reset="month"),
        running("retroactive"),
        running("on_excess", baseline="100000"),
        running("next_sale"),
        running("threshold_bonus", brackets=BONUS, applies="each"),
        growth("stepped") | {"baseline": "100000"},
        growth("whole") | {"baseline": "100000"},
        accelerator("sliced"),
        accelerator("whole"),
    ]
)
EXTRAS = st.sampled_from(
    [
        {},
        {"share": "credit"},
        {"timing": {"hold_days": 30, "holdback": {"share": "1/3", "days": 60}}},
        {
            "caps": [
                {"per": "deal", "limit": "1234.56"},
                {"per": "partner", "period": "year", "limit": "9000"},
            ]
        },
        {"base_caps": [{"per": "period", "period": "quarter", "limit": "80000"}]},
        {"applies_to": {"country": ["DE"]}},
        {"reversal": {"mode": "pro_rata", "months": 12}},
        {"reversal": {"mode": "full", "within_days": 60}},
        {"stacking": {"group": "one", "rule": "best"}},
    ]
)
FULL = st.sampled_from([{}, {"caps": [{"per": "deal", "limit": "999.99"}]}, {"share": "credit"}])
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def plans(draw, extras=EXTRAS):
    first = {"basis": "collected", "rates": draw(RATES)} | draw(extras)
    second = {"code": "second", "basis": "collected", "rates": draw(RATES)} | draw(extras)
    return plan(first, second)


def credited(key, kind, day, order, minor):
    """Return one event for each partner, its cents split one to two."""
    parts = allocate(minor, [1, 2])
    return [
        CreditedEvent(
            key=key,
            kind=EventKind(kind),
            on=date(2026, 1, 1) + timedelta(days=day),
            order_id=order,
            partner_id=partner.id,
            minor=minor,
            currency="EUR",
            recorded_at=RECORDED,
            share=Fraction(share, 3),
            credited_minor=part,
        )
        for partner, part, share in zip(PARTNERS, parts, [1, 2], strict=True)
    ]


@st.composite
def histories(draw):
    """Return payments of a few orders, and refunds of parts of them."""
    events = []
    for number in range(draw(st.integers(1, 8))):
        minor, day = draw(st.integers(1, 9_000_000)), draw(st.integers(0, 300))
        order = f"order-{number % 3}"
        events += credited(f"c{number}", "collected", day, order, minor)
        if draw(st.booleans()):
            back = draw(st.integers(1, minor))
            events += credited(
                f"r{number}", "refunded", day + draw(st.integers(0, 60)), order, back
            )
    return events


def calculated(version, events, as_of=LATER):
    return calculate(Facts.of(PARTNERS, events), [version], as_of)


@QUICK
@given(plans(), histories())
def test_every_line_is_recomputed_from_its_trace_and_can_be_told(version, events):
    for line in calculated(version, events).lines:
        assert recompute(line.trace) == line.minor
        assert sentence(line.trace).endswith(".")
        assert table(line.trace)[-1][0] == "Amount of this line"


@QUICK
@given(plans(), histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter_and_events_told_twice_count_once(
    version, events, random
):
    shuffled = events + events[: len(events) // 2]
    random.shuffle(shuffled)

    assert calculated(version, shuffled) == calculated(version, events)


@QUICK
@given(plans(), histories())
def test_each_event_component_and_partner_has_one_line_per_part_or_a_reason(version, events):
    result = calculated(version, events)

    keys = [line.key for line in result.lines]
    assert len(keys) == len(set(keys))
    paid = {(line.component, line.event_key, line.partner_id) for line in result.lines}
    unpaid = {(each.component, each.event_key, each.partner_id) for each in result.nothing}
    assert not paid & unpaid
    assert len(paid) + len(unpaid) == 2 * len(events)


@QUICK
@given(plans(FULL), histories())
def test_refunding_everything_nets_every_component_to_zero(version, events):
    paid = [event for event in events if event.kind is EventKind.COLLECTED]
    refunds = [
        replace(event, key=f"x{event.key}", kind=EventKind.REFUNDED, on=date(2027, 6, 1))
        for event in paid
    ]

    assert calculated(version, paid + refunds).total("EUR") == 0


@QUICK
@given(plans(), histories())
def test_the_partners_calculated_apart_get_what_they_get_together(version, events):
    together = calculated(version, events).lines

    apart = [
        line
        for partner in PARTNERS
        for line in calculated(version, [e for e in events if e.partner_id == partner.id]).lines
    ]

    assert sorted(apart, key=lambda line: (line.earned_on, line.key)) == list(together)


@QUICK
@given(plans(), histories(), st.integers(0, 300))
def test_adjustments_bring_a_closed_period_to_what_late_facts_make_of_it(version, events, late):
    known = [e for e in events if (e.on - date(2026, 1, 1)).days != late and e.key[1:] != "0"]
    before, after = calculated(version, known).lines, calculated(version, events).lines

    adjustments = difference(before, after)

    assert sum(a.minor for a in adjustments) + sum(b.minor for b in before) == sum(
        line.minor for line in after
    )
    assert difference([*before, *adjustments], after) == ()
    assert all(recompute(line.trace) == line.minor for line in adjustments)


@QUICK
@given(st.integers(0, 10**12), st.lists(st.integers(1, 100), min_size=1, max_size=6))
def test_a_split_event_pays_on_parts_that_add_up_to_the_whole(minor, weights):
    parts = allocate(minor, weights)
    partners = [replace(GOLD, id=str(index)) for index in range(len(weights))]
    events = [
        replace(
            credited("a", "collected", 0, "o", minor)[0], partner_id=each.id, credited_minor=part
        )
        for each, part in zip(partners, parts, strict=True)
    ]
    version = plan({"basis": "collected", "share": "credit", "rates": {"mode": "flat", "rate": 1}})

    result = calculate(Facts.of(partners, events), [version], datetime(2030, 1, 1, tzinfo=UTC))

    assert result.total("EUR") == minor


@QUICK
@given(st.integers(1, 10**12), st.lists(st.integers(1, 100), min_size=1, max_size=6))
def test_shares_by_role_pay_parts_that_add_up_to_the_whole(minor, weights):
    roles = {f"role-{index}": f"{each}/{sum(weights)}" for index, each in enumerate(weights)}
    partners = [replace(GOLD, id=role) for role in roles]
    events = [
        replace(
            credited("a", "collected", 0, "o", minor)[0],
            partner_id=role,
            roles=frozenset({role}),
        )
        for role in roles
    ]
    version = plan(
        {"basis": "collected", "share": {"by_role": roles}, "rates": {"mode": "flat", "rate": 1}}
    )

    result = calculate(Facts.of(partners, events), [version], LATER)

    assert result.total("EUR") == minor
    assert all(recompute(line.trace) == line.minor for line in result.lines)
