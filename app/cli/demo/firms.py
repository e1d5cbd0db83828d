"""The forty partners: recruited before the first deal and since, promoted, suspended, ended."""

from datetime import datetime, timedelta

from app.access.rules import Role
from app.cli.demo.agenda import moment, working
from app.cli.demo.banks import account_number
from app.cli.demo.people import staff_partner
from app.cli.demo.words import (
    CITIES,
    CURRENCY_OF,
    LEGAL_FORMS,
    PARTNER_KINDS,
    PARTNER_STEMS,
    address,
)
from app.cli.demo.world import Firm, World
from app.kernel.period import add_months
from app.partners import services
from app.partners.rules import BankAccount, Details, Ground, Profile

PARTNERS, LATER = 40, 12
"""All of them, and how many of them join while the history runs."""
_COUNTRIES = ("GB", "DE", "FR", "NL")
_WEIGHTS = {"gold": 3.0, "silver": 1.4, "registered": 0.55, "distributor": 0.8}
_DISTRIBUTOR, _CHILDREN = 1, (5, 9)
_STILL_ONBOARDING, _WITHOUT_ACCOUNT = 2, 6


def recruit(world: World, at: datetime) -> None:
    """Admit the partners that are there from the beginning, and plan the others."""
    total = world.sized(PARTNERS, least=10)
    later = world.sized(LATER, least=2)
    for number in range(total - later):
        admit(world, at + timedelta(hours=number), number)
    for place in range(later):
        days = (world.today - world.first).days * (place + 1) // (later + 1)
        joined = working(moment(world.first, 10) + timedelta(days=days))
        is_new = place >= later - min(_STILL_ONBOARDING, later // 2)
        number = total - later + place
        joined = working(world.end - timedelta(days=12 - place % 5)) if is_new else joined
        world.plan(joined, admit, number, is_new)
    _plan_changes(world)


def admit(world: World, at: datetime, number: int, is_new: bool = False) -> None:
    """Admit one partner with its people; a new one stands at onboarding still."""
    code, country = _tier(number), _COUNTRIES[number % len(_COUNTRIES)]
    lead = world.one_of(Role.CHANNEL_LEAD)
    manager = world.one_of(Role.CHANNEL_MANAGER, {"GB": 0, "DE": 2}.get(country, 1))
    stem = PARTNER_STEMS[number % len(PARTNER_STEMS)]
    kinds = PARTNER_KINDS[country]
    name = f"{stem} {kinds[number // len(_COUNTRIES) % len(kinds)]}"
    domain = f"{stem.lower()}.example"
    parent = world.firms[_DISTRIBUTOR].id if number in _CHILDREN else None
    details = Details(
        name=name,
        legal_name=f"{name} {LEGAL_FORMS[country]}",
        country=country,
        currency=CURRENCY_OF[country],
        region="UKI" if country == "GB" else "EU",
        parent_id=parent,
        profile=_profile(world, country, domain, number),
    )
    made = services.admit(world.session, details, tier_id=world.tiers[code],
                          manager_id=manager.user_id, actor=lead, at=at)  # fmt: skip
    firm = Firm(made.id, name, country, made.currency, manager, _WEIGHTS[code], domain)
    staff_partner(world, firm, at)
    world.firms.append(firm)
    if number % _WITHOUT_ACCOUNT != _WITHOUT_ACCOUNT - 1:
        world.plan(at + timedelta(days=3), give_account, firm, number)
    if is_new:
        firm.is_closed = True
    else:
        services.activate(world.session, firm.id, actor=lead, at=at + timedelta(minutes=20))


def _tier(number: int) -> str:
    if number == _DISTRIBUTOR:
        return "distributor"
    return "gold" if number < 6 else "silver" if number < 18 else "registered"


def _profile(world: World, country: str, domain: str, number: int) -> Profile:
    city, postcode = CITIES[country][number % len(CITIES[country])]
    line = address(country, number, world.dice.randint(2, 90))
    return Profile(line, city, postcode, website=f"https://www.{domain}",
                   contact_email=f"hello@{domain}")  # fmt: skip


def give_account(world: World, at: datetime, firm: Firm, number: int) -> None:
    """Have a partner's admin say where it is paid."""
    assert firm.admin is not None  # noqa: S101 - staffed when it was admitted
    iban = account_number(firm.country, 1_000_001 + 7919 * number)
    account = BankAccount(f"{firm.name} {LEGAL_FORMS[firm.country]}", iban)
    services.set_payout_details(world.session, firm.id, account=account, actor=firm.admin, at=at)


def _plan_changes(world: World) -> None:
    """Promote some as they grow, and part with two."""
    for months, number, code in ((5, 6, "gold"), (8, 18, "silver"), (9, 7, "gold"),
                                 (11, 20, "silver"), (14, 19, "silver")):  # fmt: skip
        world.plan(moment(add_months(world.first, months), 11), promote, number, code)
    world.plan(moment(add_months(world.first, 13), 15), part, 22, Ground.INACTIVE, False)
    world.plan(moment(add_months(world.first, 15), 15), part, 23, Ground.OWN_WISH, True)


def promote(world: World, at: datetime, number: int, code: str) -> None:
    """Give a partner a higher tier."""
    if number < len(world.firms):
        firm, lead = world.firms[number], world.one_of(Role.CHANNEL_LEAD)
        services.set_tier(world.session, firm.id, tier_id=world.tiers[code], on=at.date(),
                          actor=lead, at=at)  # fmt: skip
        firm.weight = _WEIGHTS[code]


def part(world: World, at: datetime, number: int, ground: Ground, for_good: bool) -> None:
    """Suspend a partner, or end the partnership."""
    if number < len(world.firms):
        firm, lead = world.firms[number], world.one_of(Role.CHANNEL_LEAD)
        act = services.end if for_good else services.suspend
        act(world.session, firm.id, ground=ground, actor=lead, at=at)
        firm.is_closed = True
