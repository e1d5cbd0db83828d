"""Plans and facts of every kind, drawn at random, for what must hold of all of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from app.incentives.engine import (
    Block,
    CreditedEvent,
    DocumentRefused,
    EventKind,
    ExchangeRate,
    Facts,
    PartnerFacts,
    PlanVersion,
    TierSpan,
    read_plan,
)

FIRST = date(2024, 11, 1)
AS_OF = datetime(2026, 9, 30, 12, tzinfo=UTC)
BRACKETS = [
    {"from": "0", "rate": "5%"},
    {"from": "20000", "rate": "6.125%"},
    {"from": "35000.50", "rate": "1/13"},
]
GAPS = [{"from": "1000", "to": "9000", "rate": "3%"}, {"from": "20000", "rate": "4%"}]
RATIOS = [{"from": "1.1", "to": "1.15", "rate": "2%"}, {"from": "6/5", "rate": "3%"}]
OVER = [
    {"from": "1", "to": "1.25", "multiplier": "1.5"},
    {"from": "1.25", "to": "1.5", "multiplier": "2"},
]
BONUS = [{"from": "10000", "amount": "1000"}, {"from": "14000", "amount": "500.55"}]


def running(mode: str, **over: Any) -> dict[str, Any]:
    return {"mode": mode, "reset": "year", "brackets": BRACKETS} | over


TABLES = [
    {"mode": "flat", "rate": "7.125%", "reset": "year"},
    {"mode": "flat", "amount": "99.95", "reset": "lifetime"},
    {"mode": "flat", "amount": "250", "per": "order"},
    {"mode": "flat", "amount": "1.25", "per": "unit"},
    {"mode": "flat", "by_tier": {"gold": {"rate": "8%"}, "silver": {"rate": "2/3"}}},
    {"mode": "age", "brackets": [{"from": 0, "to": 3, "rate": "20%"}, {"from": 3, "rate": "5%"}]},
    running("marginal"),
    running("marginal", reset="month", brackets=GAPS),
    running("marginal", reset={"period": "fiscal_quarter", "start_month": 2}),
    {
        "mode": "marginal",
        "reset": "quarter",
        "by_tier": {"gold": {"brackets": BRACKETS}, "silver": {"brackets": GAPS}},
    },
    running("retroactive", reset="lifetime"),
    running("retroactive", reset="quarter", brackets=GAPS),
    running("on_excess", baseline="15000"),
    running("next_sale"),
    running("next_sale", qualify="booked"),
    running("threshold_bonus", brackets=BONUS, applies="each"),
    running("threshold_bonus", brackets=BONUS, applies="highest", reset="quarter"),
    running("growth", brackets=RATIOS, baseline="9999.99", applies="stepped"),
    running("growth", brackets=RATIOS, baseline="10000", applies="whole"),
    running("growth", brackets=RATIOS, baseline="10000", applies="excess"),
    running("accelerator", brackets=OVER, target="10000.01", rate="60%", applies="sliced"),
    running("accelerator", brackets=OVER, target="10000", rate="1/3", applies="whole"),
]
PLAINLY = [
    running("marginal", reset={"period": "rolling", "months": 3}),
    running("retroactive", qualify="booked"),
    running("on_excess", baseline="previous_year"),
    running("growth", brackets=RATIOS, baseline="previous_year", applies="whole"),
]
CONDITIONS = [
    {"country": ["DE"]},
    {"tier": ["gold", "silver"]},
    {"any": [{"family": ["cloud"]}, {"not": {"route": ["sourced"]}}]},
    {"all": [{"role": "technical"}, {"region": ["EMEA"]}, {"programme": "reseller"}]},
    {"order_size": {"at_least": "5000", "below": "90000"}},
    {"event_date": {"from": "2025-06-01", "until": "2026-03-01"}},
    {"order_date": {"until": "2026-01-15"}},
    {"not": {"any": [{"customer": "acme"}, {"product": "pump"}, {"partner": "b"}]}},
    {"deal_type": "new_business"},
]
BY_ROLE = {"source": "1/3", "technical": "1/2"}
TERMS = [
    {"basis": "booked"},
    {"basis": {"event": "collected", "of": "margin"}},
    {"basis": "billed"},
    {"share": "credit"},
    {"share": {"by_role": BY_ROLE, "remainder": "unpaid"}},
    {"share": {"by_role": BY_ROLE | {"source": "2/3"}, "overlay": True}},
    {"timing": {"hold_days": 30, "holdback": {"share": "1/3", "days": 60}}},
    {"timing": {"payable": "collection", "hold_days": 5}},
    {"timing": {"payable": "month_end"}},
    {"caps": [{"per": "event", "limit": "500"}, {"per": "deal", "limit": "812.34"}]},
    {"caps": [{"per": "period", "period": "quarter", "limit": "1500"}]},
    {"caps": [{"per": "partner", "period": "year", "limit": "2500"}]},
    {"base_caps": [{"per": "period", "period": "quarter", "limit": "18000"}]},
    {"term": {"kind": "months", "months": 3}},
    {"term": {"kind": "months", "months": 14, "anchor": "customer"}},
    {"term": {"kind": "once"}},
    {"term": {"kind": "once", "anchor": "customer"}},
    {"first_deals": 2},
    {"reversal": {"mode": "pro_rata", "months": 12}},
    {"reversal": {"mode": "pro_rata", "months": "contract"}},
    {"reversal": {"mode": "full", "within_days": 60}},
    {"reversal": {"mode": "none"}},
    {"reversal": {"mode": "full", "on": ["refunded", "cancelled", "credited"]}},
    {"stacking": {"group": "one", "rule": "best"}},
    {"stacking": {"group": "one", "rule": "priority", "priority": 2}},
]
EVER = {"period": "lifetime"}
RARE = [
    {"caps": [{"per": "deal", "limit": "600"}, {"per": "partner", "limit": "900", **EVER}]},
    {"caps": [{"per": "component", "limit": "3000", **EVER}]},
    {"reversal": {"mode": "full", "at": "by_volume"}},
    {"reversal": {"mode": "full", "on": ["refunded", "certification_lapsed"], "lapse": "all"}},
    {"timing": {"minimum_payout": "400"}},
    {
        "stacking": {
            "group": "one",
            "rule": "best",
            "spend_limit": {"limit": "90", "period": "year"},
        }
    },
]
PARTNERS = (
    PartnerFacts(
        "a",
        "reseller",
        (TierSpan("silver", FIRST, date(2025, 9, 1)), TierSpan("gold", date(2025, 9, 1))),
        "DE",
        "EMEA",
    ),
    PartnerFacts("b", "reseller", (TierSpan("gold", date(2025, 2, 1), date(2026, 2, 1)),), "FR"),
    PartnerFacts("c", "agent", (), "DE", "EMEA"),
)
RATES = (
    ExchangeRate("USD", "EUR", date(2025, 1, 1), Fraction("0.9217")),
    ExchangeRate("USD", "EUR", date(2025, 8, 1), Fraction("0.88"), "a"),
    ExchangeRate("USD", "EUR", date(2025, 8, 1), Fraction("0.91"), "b"),
    ExchangeRate("JPY", "EUR", date(2025, 8, 1), Fraction("0.00613")),
)


def plans(chance: Random, tables: Any = TABLES, terms: Any = TERMS) -> list[PlanVersion]:
    """Return one or two versions of a plan, the second with other rates, and perhaps another."""
    parts = [_component(chance, code, tables, terms) for code in "xyz"]
    until = chance.choice([None, "2025-11-15"])
    made = [_plan("one", 1, parts, "2024-11-15", until)]
    if until is not None:
        later = [_rated(chance, each, tables) for each in parts]
        made.append(_plan("one", 2, later[: chance.randint(2, 3)], until, None))
    if chance.random() < 0.3:
        other = _component(chance, "x", tables, terms)
        made.append(_plan("two", 1, [other], "2024-01-01", None))
    return [read for read in (_read(each) for each in made) if read is not None]


def _component(chance: Random, code: str, tables: Any, terms: Any) -> dict[str, Any]:
    """Return a component, mostly on what is collected."""
    found = {"code": code, "title": code, "basis": "collected", "rates": chance.choice(tables)}
    for term in chance.sample(terms, chance.choice([0, 1, 1, 2])):
        found |= term
    if chance.random() < 0.3:
        found["applies_to"] = {"all": chance.sample(CONDITIONS, chance.randint(0, 2))}
    return found


def _rated(chance: Random, part: dict[str, Any], tables: Any) -> dict[str, Any]:
    """Return a component as a later version has it: often with other brackets, or another table."""
    rates = part["rates"]
    if chance.random() < 0.6 and rates.get("brackets") is BRACKETS:
        return part | {"rates": rates | {"brackets": GAPS}}
    return part | {"rates": chance.choice(tables)} if chance.random() < 0.3 else part


def _plan(
    code: str, version: int, parts: list[Any], start: str, until: str | None
) -> dict[str, Any]:
    return {
        "code": code,
        "version": version,
        "title": "A plan",
        "currency": "EUR",
        "effective": {"from": start} | ({} if until is None else {"until": until}),
        "components": parts,
    }


def _read(document: dict[str, Any]) -> PlanVersion | None:
    """Return a plan without the components that are refused; None where none are left."""
    kept: list[dict[str, Any]] = []
    for part in document["components"]:
        try:
            read_plan(document | {"components": [*kept, part]})
        except DocumentRefused:
            continue
        kept.append(part)
    return read_plan(document | {"components": kept}) if kept else None


PAYS = (*[EventKind.COLLECTED] * 9, EventKind.BOOKED, EventKind.BILLED, EventKind.RENEWED)
UNDOES = (*[EventKind.REFUNDED] * 3, EventKind.CREDITED, EventKind.CANCELLED)
LARGEST = (0, 300, 2_000_000, 2_000_000)


def events(chance: Random) -> list[CreditedEvent]:
    """Return what happened to some orders: bookings, bills, payments, and what undoes them."""
    size = chance.choice([1, 3, 12, 40])
    found: list[CreditedEvent] = []
    for number in range(size):
        if found and chance.random() < 0.2:
            found.append(_undoing(chance, number, chance.choice(found)))
        elif found and chance.random() < 0.1:
            found.append(_again(chance, chance.choice(found)))
        else:
            found.append(_one(chance, number))
    chance.shuffle(found)
    return found


def _one(chance: Random, number: int) -> CreditedEvent:
    minor = chance.randint(0, chance.choice(LARGEST))
    share = chance.choice([Fraction(1), Fraction(1), Fraction(1, 3), Fraction(0)])
    return CreditedEvent(
        key=f"{chance.choice('nm')}{number}",
        kind=chance.choice(PAYS),
        on=FIRST + timedelta(days=chance.randint(0, 700)),
        order_id=chance.choice("opq"),
        partner_id=chance.choice([*"aaaaabbbbcc", "stranger"]),
        minor=minor,
        currency=chance.choice(["EUR"] * 30 + ["USD", "JPY", "GBP"]),
        recorded_at=AS_OF - timedelta(days=chance.randint(0, 300), microseconds=7),
        credited_minor=chance.choice([None, int(minor * share)]),
        share=share,
        order_minor=chance.choice([None, None, 1_000_000]),
        ordered_on=chance.choice([None, date(2026, 1, 1)]),
        quantity=chance.randint(0, 9),
        margin_minor=chance.choice([None, minor // 3, minor // 7]),
        product=chance.choice(["", "pump", "drill"]),
        family=chance.choice(["", "cloud"]),
        deal_type=chance.choice(["new_business", "renewal"]),
        routes=frozenset(chance.sample(["sourced", "registered"], chance.randint(0, 2))),
        roles=frozenset(chance.sample(["source", "technical"], chance.randint(0, 2))),
        customer_id=chance.choice(["", "acme", "o"]),
        customer_since=chance.choice([None, date(2025, 1, 31)]),
        credit_class=chance.choice(["", "", "", "sourced"]),
        contract_months=chance.choice([0, 24]),
    )


def _undoing(chance: Random, number: int, one: CreditedEvent) -> CreditedEvent:
    """Return what undoes a part of an event, or of its order."""
    return replace(
        one,
        key=f"u{number}",
        kind=chance.choice(UNDOES),
        on=one.on + timedelta(days=chance.randint(0, 200)),
        minor=chance.choice([one.minor, one.minor // 2, chance.randint(0, 500_000)]),
        reverses=chance.choice(["", one.key]),
    )


def _again(chance: Random, one: CreditedEvent) -> CreditedEvent:
    """Return a record made later of an event, or one of another partner's part in it."""
    if chance.random() < 0.5:
        return replace(one, partner_id="b" if one.partner_id == "a" else "a")
    later = one.recorded_at + timedelta(hours=chance.randint(1, 9000))
    return replace(one, recorded_at=later, minor=one.minor // 2, on=one.on + timedelta(days=40))


def facts(told: list[CreditedEvent], *, blocks: tuple[Block, ...] = ()) -> Facts:
    """Return events with the partners and rates that they need."""
    return Facts.of(PARTNERS, told, RATES, blocks)
