"""What stands before the first deal: programmes and tiers, products and prices, two companies."""

from datetime import datetime, timedelta
from decimal import Decimal

from app.access.rules import Role
from app.catalogue.rules import ListFacts, ProductFacts
from app.catalogue.services import add_family, add_product, publish_price_list
from app.cli.demo.agenda import moment
from app.cli.demo.banks import account_number
from app.cli.demo.words import COUNTRY_PRICE, FAMILIES
from app.cli.demo.world import Ware, World
from app.kernel.period import add_months
from app.partners.rules import Course, ProgrammeKind, Terms
from app.partners.services import add_programme, add_tier, edit_programme
from app.revenue.services import EntityFacts, add_entity

TIERS = (
    ("registered", Terms("Registered", 1, 60, 30, 1, 0, Decimal("0.05"))),
    ("silver", Terms("Silver", 2, 90, 30, 1, 250_000_00, Decimal("0.10"))),
    ("gold", Terms("Gold", 3, 120, 45, 2, 900_000_00, Decimal("0.15"))),
)
_DISTRIBUTOR = Terms("Distributor", 1, 120, 45, 2, 1_500_000_00, Decimal("0.18"))
RAISE = Decimal("1.04")


def found(world: World, at: datetime) -> None:
    """Found the vendor's two companies, its programmes and its catalogue."""
    _companies(world, at)
    _programmes(world, at + timedelta(hours=1))
    _catalogue(world, at + timedelta(hours=2))


def _companies(world: World, at: datetime) -> None:
    finance = world.one_of(Role.FINANCE)
    for code, suffix, country, currency, place in (
        ("NW-EU", "Europe B.V.", "NL", "EUR", ("Havenkade 12", "Rotterdam", "3011 AA")),
        ("NW-UK", "UK Ltd", "GB", "GBP", ("4 Wharf Street", "Leeds", "LS1 4AP")),
    ):
        facts = EntityFacts(
            code, f"{world.vendor} {suffix}", country, currency, *place,
            iban=account_number(country, 7_000_001), bic=f"NWND{country}2L",
        )  # fmt: skip
        add_entity(world.session, facts, actor=finance, at=at)


def _programmes(world: World, at: datetime) -> None:
    lead, session = world.one_of(Role.CHANNEL_LEAD), world.session
    reseller = add_programme(session, code="RESELL", name="Reseller programme",
                             kind=ProgrammeKind.RESELLER, actor=lead, at=at)  # fmt: skip
    for code, terms in TIERS:
        tier = add_tier(session, reseller.id, code=code, terms=terms, actor=lead, at=at)
        world.tiers[code] = tier.id
    distribution = add_programme(session, code="DISTRI", name="Distribution programme",
                                 kind=ProgrammeKind.DISTRIBUTION, actor=lead, at=at)  # fmt: skip
    edit_programme(
        session, distribution.id, actor=lead, at=at,
        course=Course("Distribution programme", answer_hours=16, parents_see_children=True),
    )  # fmt: skip
    tier = add_tier(session, distribution.id, code="distributor", terms=_DISTRIBUTOR,
                    actor=lead, at=at)  # fmt: skip
    world.tiers["distributor"] = tier.id


def _catalogue(world: World, at: datetime) -> None:
    lead, session = world.one_of(Role.ADMIN), world.session
    for code, (name, products) in FAMILIES.items():
        family = add_family(session, code=code, name=name, actor=lead, at=at)
        world.families[code] = family.id
        for product_code, product_name, cents in products:
            said = ProductFacts(product_code, product_name, family.id)
            product = add_product(session, facts=said, actor=lead, at=at)
            prices = {money: cents * percent // 100 for money, percent in COUNTRY_PRICE.items()}
            world.family_of[product.id] = family.id
            world.wares.setdefault(code, []).append(Ware(product.id, code, prices))
    publish_prices(world, at)
    raised = add_months(at.date(), 12)
    world.plan(moment(raised), publish_prices, RAISE)


def publish_prices(world: World, at: datetime, factor: Decimal = Decimal(1)) -> None:
    """Publish a price list in each currency; the second year is dearer."""
    for currency in COUNTRY_PRICE:
        wares = [ware for family in world.wares.values() for ware in family]
        prices = {ware.id: int(ware.prices[currency] * factor) // 100 * 100 for ware in wares}
        facts = ListFacts(f"{currency} from {at:%B %Y}", currency, at.date(), prices)
        publish_price_list(world.session, facts=facts, actor=world.one_of(Role.ADMIN), at=at)
