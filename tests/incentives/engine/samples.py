"""Documents that use every member at least once, for what must hold of every document."""

from typing import Any

Document = dict[str, Any]

BRACKETS = [{"from": 0, "rate": "5%"}, {"from": "100000", "to": "200000.00", "rate": "0.06"}]
RATIOS = [{"from": "110%", "to": "1.15", "rate": "2%"}, {"from": "6/5", "rate": "0.03"}]
OVER = [{"from": 1, "to": "1.25", "multiplier": "1.5"}, {"from": "1.25", "multiplier": 2}]
BONUS = [{"from": 100000, "amount": "1000"}]
FISCAL = {"period": "fiscal_year", "start_month": 4}
ROLLING = {"period": "rolling", "months": 12}
SPENT = {"limit": "90000", "period": "year"}


def component(title: str, rates: Document, **over: Any) -> Document:
    """Return a component called by what it shows."""
    return {"code": "one", "title": title, "basis": "booked", "rates": rates} | over


TABLES: list[Document] = [
    {"mode": "flat", "rate": "10%"},
    {"mode": "flat", "by_tier": {"gold": {"rate": "8%"}, "silver": {"rate": "6%"}}},
    {"mode": "flat", "amount": "250", "per": "order", "reset": "lifetime"},
    {"mode": "flat", "per": "unit", "by_tier": {"gold": {"amount": 5}}},
    {"mode": "age", "brackets": [{"from": 0, "to": 12, "rate": "20%"}]},
    {"mode": "marginal", "reset": "year", "brackets": BRACKETS},
    {"mode": "marginal", "reset": ROLLING, "by_tier": {"gold": {"brackets": BRACKETS}}},
    {"mode": "retroactive", "reset": FISCAL, "brackets": BRACKETS, "qualify": "billed"},
    {"mode": "retroactive", "reset": {"period": "rolling", "days": 90}, "brackets": BRACKETS},
    {"mode": "on_excess", "reset": "quarter", "brackets": BRACKETS, "baseline": "100000"},
    {"mode": "on_excess", "reset": "year", "brackets": BRACKETS, "baseline": "previous_year"},
    {
        "mode": "next_sale",
        "reset": {"period": "month"},
        "brackets": [{"from": 10, "rate": "3%"}],
        "qualify": {"event": "booked", "of": "quantity"},
    },
    {"mode": "threshold_bonus", "reset": "lifetime", "brackets": BONUS, "applies": "highest"},
    {
        "mode": "growth",
        "reset": {"period": "fiscal_quarter", "start_month": 2},
        "applies": "stepped",
        "by_tier": {"gold": {"brackets": RATIOS, "baseline": 2000000}},
    },
    {
        "mode": "growth",
        "reset": "year",
        "applies": "whole",
        "brackets": RATIOS,
        "baseline": "previous_year",
        "qualify": "booked",
    },
    {
        "mode": "accelerator",
        "reset": "year",
        "brackets": OVER,
        "target": "100000",
        "rate": "60%",
        "applies": "sliced",
    },
]
FLAT = TABLES[0]
CONDITION = {
    "all": [
        {"programme": "reseller"},
        {"any": [{"tier": ["gold"]}, {"partner": "nord"}, {"country": ["DE", "FR"]}]},
        {"not": {"region": ["APAC"]}},
        {"product": "pump"},
        {"family": ["cloud"]},
        {"deal_type": "new_business"},
        {"route": ["sourced", "registered"]},
        {"role": "technical"},
        {"customer": "acme"},
        {"order_size": {"at_least": "500", "below": 10000}},
        {"event_date": {"from": "2026-01-01", "until": "2026-07-01"}},
        {"order_date": {"until": "2026-07-01"}},
    ]
}
LAPSE = {"mode": "full", "on": ["refunded", "certification_lapsed"], "lapse": "unreleased"}
COMPONENTS: list[Document] = [
    *(component(f"{each['mode']} {index}", each) for index, each in enumerate(TABLES)),
    component("every condition", FLAT, applies_to=CONDITION),
    component(
        "margin and caps",
        FLAT,
        basis={"event": "billed", "of": "margin"},
        caps=[{"per": "deal", "limit": "500"}, {"per": "partner", "limit": 9, "period": FISCAL}],
        base_caps=[{"per": "event", "limit": 1000}],
        spend_limit=SPENT,
    ),
    component(
        "units", {"mode": "flat", "rate": "5.00"}, basis={"event": "booked", "of": "quantity"}
    ),
    component("credit", FLAT, share="credit", term={"kind": "once", "anchor": "customer"}),
    component(
        "roles",
        FLAT,
        share={"by_role": {"source": "60%", "technical": "60%"}, "overlay": True},
        term={"kind": "months", "months": 24},
    ),
    component("part", FLAT, share={"by_role": {"source": "1/3"}, "remainder": "unpaid"}),
    component(
        "timing",
        FLAT,
        basis="collected",
        timing={
            "hold_days": 30,
            "payable": "month_end",
            "holdback": {"share": "20%", "days": 180},
            "minimum_payout": "100",
        },
        reversal=LAPSE,
    ),
    component("contract", FLAT, reversal={"mode": "pro_rata", "months": "contract"}),
    component("pro rata", FLAT, reversal={"mode": "pro_rata", "months": 12, "on": ["cancelled"]}),
    component("by volume", TABLES[5], reversal={"mode": "full", "at": "by_volume"}),
    component(
        "spiff",
        TABLES[2],
        first_deals=5,
        stacking={"group": "a", "rule": "priority", "priority": 2, "spend_limit": SPENT},
    ),
]
PLAN: list[Document] = [
    {"effective": {"from": "2026-01-01", "until": "2027-01-01"}},
    {"spend_limit": {"limit": 1, "period": "lifetime"}, "minimum_payout": "50"},
    {
        "draw": {
            "amount": "5000",
            "period": "month",
            "recoverable": True,
            "from": "2026-01-01",
            "until": "2026-07-01",
            "applies_to": {"all": [{"tier": "gold"}, {"not": {"country": "US"}}]},
        }
    },
]
PARTNER: Document = {
    "id": "nord",
    "programme": "reseller",
    "tiers": [
        {"tier": "silver", "from": "2025-01-01", "until": "2026-01-01"},
        {"tier": "gold", "from": "2026-01-01"},
    ],
    "country": "DE",
    "region": "EMEA",
    "baselines": [
        {"component": "one", "from": "2025-01-01", "amount": "2000000", "currency": "EUR"}
    ],
}
RATE: Document = {"from": "USD", "to": "EUR", "on": "2026-01-31", "rate": "0.92", "source": "ECB"}
BLOCK: Document = {
    "code": "dispute",
    "partner": "nord",
    "from": "2026-03-01",
    "until": "2026-04-01",
    "order": "o",
    "event": "a",
}


def event(key: str, kind: str, amount: Any, on: str = "2026-02-01", **over: Any) -> Document:
    """Return an event of one order in euros."""
    return {
        "key": key,
        "kind": kind,
        "on": on,
        "partner": "nord",
        "order": "o",
        "amount": amount,
        "currency": "EUR",
    } | over


EVENTS: list[Document] = [
    event(
        "a",
        "booked",
        "1000.00",
        share="50%",
        credited="500",
        credit_class="sourced",
        order_amount=1000,
        ordered_on="2026-01-31",
        quantity=3,
        margin="200",
        product="pump",
        family="cloud",
        deal_type="new_business",
        routes=["sourced"],
        roles=["technical"],
        customer="acme",
        customer_since="2024-01-01",
        contract_months=24,
        recorded_at="2026-02-02T12:00:00+01:00",
    ),
    event("b", "billed", 1000, invoice="I-1"),
    event("c", "collected", 800, invoice="I-1", certification="pro"),
    event("d", "credited", 100, "2026-03-01", invoice="I-1"),
    event("e", "refunded", "50.5", "2026-03-01", reverses="c"),
    event("f", "recognised", 70, overlay=True, share=1),
    event("g", "renewed", 1000, "2027-02-01"),
    event("h", "cancelled", 10, "2027-02-02"),
    {
        "key": "i",
        "kind": "certification_lapsed",
        "on": "2026-05-01",
        "partner": "nord",
        "certification": "pro",
        "product": "pump",
        "family": "cloud",
        "recorded_at": "2026-05-01T00:00:00Z",
    },
]


def plan_with(*components: Document) -> Document:
    """Return a plan of some components."""
    return {
        "code": "plan",
        "version": 1,
        "title": "A plan",
        "currency": "EUR",
        "effective": {"from": "2024-01-01"},
        "components": list(components),
    }


def facts_with(*events: Document) -> Document:
    """Return facts of one partner."""
    return {"partners": [PARTNER], "events": list(events)}
