"""The plans: commission on cash for whoever sourced a deal, and a quarterly bonus on bookings."""

from datetime import datetime, timedelta
from typing import Any

from app.access.rules import Role
from app.cli.demo.agenda import moment, working
from app.cli.demo.library import SKILL
from app.cli.demo.world import World
from app.incentives import services
from app.kernel.period import add_months

Document = dict[str, Any]

_RATES = (
    {"registered": "4%", "silver": "6%", "gold": "8%", "distributor": "3%"},
    {"registered": "4%", "silver": "6.5%", "gold": "9%", "distributor": "3.5%"},
)
"""The first version, and the one that follows after nine months."""
_BRACKETS = ((0, "1%"), (60_000, "2%"), (150_000, "3%"))
_NEW_BRACKETS = ((0, "1%"), (50_000, "2%"), (120_000, "3.5%"))
CURRENCIES = ("EUR", "GBP")


def plan(world: World) -> None:
    """Publish both plans before the first deal; the second version and a draft come later."""
    world.plan(world.opening + timedelta(days=20), publish_first)
    world.plan(moment(add_months(world.first, 8), 10) + timedelta(days=13), publish_second)
    world.plan(working(world.end - timedelta(days=4)), draft_third)


def publish_first(world: World, at: datetime) -> None:
    """One of finance drafts, the other publishes."""
    start = world.first.isoformat()
    for currency in CURRENCIES:
        _publish(world, at, sourced(currency, start, _RATES[0]))
        _publish(world, at, growth(currency, start, _BRACKETS))


def publish_second(world: World, at: datetime) -> None:
    """Raise the rates of silver and gold from the tenth month on, and pay for certified teams."""
    start = add_months(world.first, 9).isoformat()
    for currency in CURRENCIES:
        _publish(world, at, sourced(currency, start, _RATES[1], team()))


def draft_third(world: World, at: datetime) -> None:
    """Leave a draft for the person of the one-click sign-in to read and publish."""
    start = add_months(world.today.replace(day=1), 1).isoformat()
    services.draft_plan(world.session, growth("EUR", start, _NEW_BRACKETS),
                        actor=world.one_of(Role.FINANCE, 1), at=at)  # fmt: skip


def _publish(world: World, at: datetime, document: Document) -> None:
    draft = services.draft_plan(world.session, document, actor=world.one_of(Role.FINANCE, 1), at=at)
    world.session.flush()
    services.publish(world.session, draft.id, actor=world.one_of(Role.FINANCE),
                     at=at + timedelta(hours=2))  # fmt: skip


def team() -> Document:
    """Return what pays for a certified team, held, and taken back when that is lost."""
    return {
        "code": "team",
        "title": "Certified team",
        "basis": "collected",
        "applies_to": {"all": [{"route": ["sourced"]}, {"tier": ["silver", "gold"]}]},
        "share": "credit",
        "rates": {"mode": "flat", "rate": "0.25%"},
        "timing": {"hold_days": 35},
        "reversal": {
            "mode": "full",
            "on": ["refunded", "certification_lapsed"],
            "lapse": "all",
            "certification": [SKILL],
        },
    }


def sourced(currency: str, start: str, rates: dict[str, str], *more: Document) -> Document:
    """Return the plan that pays whoever sourced a deal, and a little to those who helped."""
    components = [
        {
            "code": f"sourced-{tier}",
            "title": f"Sourced deals, {tier.title()}",
            "basis": "collected",
            "applies_to": {"all": [{"route": ["sourced"]}, {"tier": [tier]}]},
            "share": "credit",
            "rates": {"mode": "flat", "rate": rate},
        }
        for tier, rate in rates.items()
    ]
    helped = {
        "code": "influenced",
        "title": "Influenced deals",
        "basis": "collected",
        "applies_to": {"route": ["influenced"]},
        "share": "credit",
        "rates": {"mode": "flat", "rate": "1.5%"},
    }
    held = {"timing": {"hold_days": 35}} if more else {}
    return _document(f"partner-{currency.lower()}", f"Partner commission, {currency}", currency,
                     start, [*components, helped | held, *more])  # fmt: skip


def growth(currency: str, start: str, brackets: tuple[tuple[int, str], ...]) -> Document:
    """Return the plan that pays on bookings of a quarter, held for thirty days."""
    component = {
        "code": "quarter",
        "title": "Quarterly bookings",
        "basis": "booked",
        "applies_to": {"all": [{"route": ["sourced"]}, {"tier": ["silver", "gold"]}]},
        "share": "credit",
        "rates": {
            "mode": "marginal",
            "reset": "quarter",
            "brackets": [{"from": start, "rate": rate} for start, rate in brackets],
        },
        "timing": {"hold_days": 30},
    }
    return _document(f"quarter-{currency.lower()}", f"Quarterly bonus, {currency}", currency,
                     start, [component])  # fmt: skip


def _document(
    code: str, title: str, currency: str, start: str, components: list[Document]
) -> Document:
    return {
        "code": code,
        "version": 1,
        "title": title,
        "currency": currency,
        "effective": {"from": start},
        "components": components,
    }
