"""Small builders for the engine's tests: a plan of one component, a partner, an event."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from app.incentives.engine import (
    CreditedEvent,
    EventKind,
    Facts,
    Line,
    PartnerFacts,
    PlanVersion,
    Result,
    TierSpan,
    calculate,
    read_plan,
)

RECORDED = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2030, 1, 1, tzinfo=UTC)
GOLD = PartnerFacts("nordwind", "reseller", (TierSpan("gold", date(2024, 1, 1)),), "DE", "EMEA")
BRACKETS = [
    {"from": "0", "rate": "5%"},
    {"from": "100000", "rate": "6%"},
    {"from": "125000", "rate": "7%"},
]


def document(*components: dict[str, Any], **over: Any) -> dict[str, Any]:
    """Return a plan document in euros from 2024 on."""
    return {
        "code": "reseller",
        "version": 1,
        "title": "Reseller plan",
        "currency": "EUR",
        "effective": {"from": "2024-01-01"},
        "components": [component(**each) for each in components],
    } | over


def component(**over: Any) -> dict[str, Any]:
    """Return a component that pays 10 % of what is booked."""
    return {
        "code": "base",
        "title": "Commission",
        "basis": "booked",
        "rates": {"mode": "flat", "rate": "10%"},
    } | over


def plan(*components: dict[str, Any], **over: Any) -> PlanVersion:
    """Return a plan of the components, each given by what differs from the usual one."""
    return read_plan(document(*components or ({},), **over))


def event(key: str, kind: str, amount: int, on: date = date(2026, 2, 1), **over: Any) -> Any:
    """Return an event of a whole amount in euros."""
    given: dict[str, Any] = {
        "order_id": "order-1",
        "partner_id": GOLD.id,
        "minor": amount * 100,
        "currency": "EUR",
        "recorded_at": RECORDED,
        "share": Fraction(1),
    } | over
    return CreditedEvent(key=key, kind=EventKind(kind), on=on, **given)


def run(plans: PlanVersion | list[PlanVersion], *events: CreditedEvent, **over: Any) -> Result:
    """Return the result of a calculation for one gold partner in Germany."""
    versions = plans if isinstance(plans, list) else [plans]
    facts = Facts.of(over.get("partners", [GOLD]), events, over.get("rates", ()))
    return calculate(facts, versions, over.get("as_of", LATER))


def amounts(result: Result) -> list[str]:
    """Return the amounts of the lines in euros, in the engine's order."""
    return [euros(line) for line in result.lines]


def euros(line: Line) -> str:
    """Return a line's amount as text, without decimals where it has none."""
    whole, cents = divmod(abs(line.minor), 100)
    sign = "-" if line.minor < 0 else ""
    return f"{sign}{whole}" + (f".{cents:02d}" if cents else "")
