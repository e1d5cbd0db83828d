"""The portal's main job, played by the people who do it: from a registered deal to a paid one."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from app.access.rules import SYSTEM, Role
from app.incentives import services as incentives
from app.ledger.services import record
from tests.browser import people
from tests.browser.conftest import Person, complaints
from tests.browser.people import Sale
from tests.browser.site import Site
from tests.factories.catalogue import make_family, make_price, make_product
from tests.factories.clockwork import NOON
from tests.factories.partners import make_partner
from tests.factories.revenue import make_entity

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AMOUNT, SHOWN = "12345.67", "12,345.67"


@dataclass(frozen=True)
class Cast:
    """Everybody who takes part, and what is sold."""

    partner: Person
    manager: Person
    first: Person
    second: Person
    analyst: Person
    sale: Sale


@pytest.fixture(scope="module")
def cast(site: Site, worker: None, person: Callable[..., Person]) -> Cast:
    """A partner with its manager, two people of finance, an analyst; a product and its price."""
    manager = person(Role.CHANNEL_MANAGER, name="Mona Manager")
    with site.changes() as session:
        partner = make_partner(session, name="Kestrel Systems", manager_id=manager.actor.user_id)
        record(session, "partners.partner.admitted", subject=partner, actor=SYSTEM, at=NOON)
        product = make_product(session, make_family(session, name="Routing"), name="Route planner")
        make_price(session, product, 411_522)
        make_entity(session, iban="DE02120300000000202051", bic="BYLADEM1001")
    return Cast(
        partner=person(Role.PARTNER_ADMIN, name="Petra Partner", partner_id=partner.id),
        manager=manager,
        first=person(Role.FINANCE, name="Fiona First"),
        second=person(Role.FINANCE, name="Simon Second"),
        analyst=person(Role.ANALYST, name="Anna Analyst"),
        sale=Sale("Route planner", 3, AMOUNT, people.later(60)),
    )


def test_a_registered_deal_becomes_a_commission_that_explains_itself(
    site: Site, cast: Cast, enter: Callable[..., Page]
) -> None:
    partner, manager = enter(cast.partner), enter(cast.manager)
    number = register(partner, cast.sale)
    people.approve_the_deal(manager, number)
    people.open_deal(partner, number)
    people.reads(partner, "The customer is protected for Kestrel Systems until")
    opportunity = people.start_opportunity(manager, number)
    people.win(manager, cast.sale)
    first = enter(cast.first)
    order = people.book(first, opportunity, SHOWN)
    print(order)


def register(page: Page, sale: Sale) -> str:
    """Check the customer, let the draft save itself, submit it."""
    people.go(page, "Deals")
    people.follow(page, "Register a deal")
    people.describe_the_deal(page, sale)
    people.press(page, "Check the customer")
    expect(page.locator("#pre-check")).to_contain_text("Nobody claims this customer at present.")
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved")
    return people.submit(page)
