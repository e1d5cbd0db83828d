"""Plans of every kind for what must hold of any plan."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from app.incentives.engine import CreditedEvent, EventKind, PartnerFacts, TierSpan
from app.kernel.money import allocate
from tests.incentives.engine.build import GOLD, RECORDED, plan
from tests.incentives.engine.test_rates import BONUS, accelerator, growth, running

SUED = replace(
    GOLD,
    id="suedwind",
    country="FR",
    tiers=(
        TierSpan("silver", date(2024, 1, 1), date(2026, 7, 1)),
        TierSpan("gold", date(2026, 7, 1)),
    ),
)
PARTNERS: list[PartnerFacts] = [GOLD, SUED]
ROLLING = {"period": "rolling", "months": 2}
FISCAL = {"period": "fiscal_quarter", "start_month": 2}
LOW = [{"from": 0, "rate": "5%"}, {"from": 50000, "rate": "7.25%"}]
HIGH = [{"from": 0, "rate": "3%"}, {"from": 20000, "to": 90000, "rate": "1/3"}]
STEADY = [
    {"mode": "flat", "rate": "7.125%"},
    {"mode": "flat", "by_tier": {"gold": {"rate": "8%"}, "silver": {"rate": "6.05%"}}},
    {"mode": "flat", "amount": "12.34", "per": "event"},
    {"mode": "age", "brackets": [{"from": 0, "rate": "20%"}, {"from": 3, "rate": "1/7"}]},
    running("next_sale"),
]
"""Tables that have no running total to be taken back, or pay by what went before."""
VOLUME = [
    running("marginal", reset="month"),
    running("marginal", reset=FISCAL),
    {"mode": "marginal", "reset": "year", "by_tier": {
        "gold": {"brackets": LOW}, "silver": {"brackets": HIGH}}},
    running("retroactive"),
    running("on_excess", baseline="100000"),
    running("threshold_bonus", brackets=BONUS, applies="each"),
    growth("stepped") | {"baseline": "100000"},
    growth("whole") | {"baseline": "100000"},
    accelerator("sliced"),
    accelerator("whole"),
]  # fmt: skip
"""Tables that can be read again with a smaller volume."""
TOPPING = [
    running("marginal", reset=ROLLING),
    running("retroactive", reset=ROLLING),
    running("retroactive", qualify="booked"),
    running("retroactive", qualify={"event": "collected", "of": "quantity"}, brackets=[
        {"from": 0, "rate": "2%"}, {"from": 5, "rate": "3.3%"}]),
    running("next_sale", qualify="booked"),
    growth("whole") | {"baseline": "100000", "qualify": "booked"},
    accelerator("whole") | {"qualify": "booked"},
]  # fmt: skip
RATES = st.sampled_from(STEADY + VOLUME + TOPPING)
ROLES = {"by_role": {"source": "2/3", "technical": "1/3"}}
FULL: list[dict[str, Any]] = [
    {},
    {"share": "credit"},
    {"share": ROLES},
    {"share": {"by_role": {"source": "1/7"}, "remainder": "unpaid"}},
    {"caps": [{"per": "deal", "limit": "999.99"}]},
    {"base_caps": [{"per": "period", "period": "quarter", "limit": "80000"}]},
    {"caps": [{"per": "partner", "period": ROLLING, "limit": "1234.56"}]},
    {"timing": {"hold_days": 30, "holdback": {"share": "1/3", "days": 60}}},
    {"stacking": {"group": "one", "rule": "best"}},
    {"term": {"kind": "once"}},
]
"""What leaves a reversal in full as it is."""
EXTRAS: list[dict[str, Any]] = [
    *FULL,
    {"applies_to": {"country": ["DE"]}},
    {"reversal": {"mode": "pro_rata", "months": 12}},
    {"reversal": {"mode": "pro_rata", "months": "contract"}},
    {"reversal": {"mode": "full", "within_days": 60}},
    {"reversal": {"mode": "none"}},
    {"stacking": {"group": "two", "rule": "priority", "priority": 3}},
    {"timing": {"minimum_payout": "500", "payable": "month_end"}},
    {"term": {"kind": "months", "months": 3, "anchor": "customer"}},
]
LAPSES: list[dict[str, Any]] = [
    {"mode": "full", "lapse": "all", "within_days": 90},
    {"mode": "pro_rata", "months": 6, "lapse": "all"},
    {"mode": "full", "lapse": "unreleased"},
]
WHOLE = [{}, {"minimum_payout": "2000"}, {"draw": {
    "amount": "750", "period": "month", "recoverable": True}}]  # fmt: skip


@st.composite
def full_plans(draw: Any) -> Any:
    """Return plans whose payments a refund of everything takes back in full."""
    first = {"basis": "collected", "rates": draw(RATES)} | draw(st.sampled_from(FULL))
    second = {"code": "second", "basis": "collected", "rates": draw(RATES)}
    second |= draw(st.sampled_from(FULL))
    third = {"code": "third", "basis": "collected", "rates": draw(st.sampled_from(VOLUME))}
    third["reversal"] = {"mode": "full", "at": "by_volume"}
    return plan(first, second, third)


@st.composite
def any_plans(draw: Any) -> Any:
    """Return plans of any kind that pay each partner by what it did alone."""
    parts = []
    for code in ("first", "second"):
        part = {"code": code, "basis": "collected", "rates": draw(RATES)}
        part |= draw(st.sampled_from(EXTRAS))
        if draw(st.booleans()) and "reversal" not in part:
            on = {"on": ["refunded", "certification_lapsed"]}
            part["reversal"] = draw(st.sampled_from(LAPSES)) | on
        parts.append(part)
    whole = draw(st.sampled_from(WHOLE))
    return plan(*parts, effective={"from": "2026-01-01"}, **whole)


def told(key: str, kind: str, day: int, order: str, minor: int, **over: Any) -> list[CreditedEvent]:
    """Return one event for each partner, its cents split one to two."""
    parts = allocate(minor, [1, 2])
    given: dict[str, Any] = {
        "key": key,
        "kind": EventKind(kind),
        "on": date(2026, 1, 1) + timedelta(days=day),
        "order_id": order,
        "minor": minor,
        "currency": "EUR",
        "recorded_at": RECORDED,
        "quantity": minor % 4,
        "contract_months": 6,
    } | over
    return [
        CreditedEvent(
            partner_id=partner.id,
            share=Fraction(share, 3),
            credited_minor=part,
            roles=frozenset({role}),
            **given,
        )
        for partner, part, share, role in zip(
            PARTNERS, parts, [1, 2], ["technical", "source"], strict=True
        )
    ]
