"""The portal's main job, played by the people who do it: from a registered deal to a paid one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from app.access.rules import SYSTEM, Role
from app.identity.models import SignedInSession
from app.kernel.clock import now, today
from app.kernel.format import month
from app.ledger.services import record
from tests.browser import money, papers, people
from tests.browser.conftest import PASSWORD, Person, complaints
from tests.browser.people import Sale
from tests.browser.site import Site
from tests.factories.catalogue import make_family, make_price, make_product
from tests.factories.clockwork import NOON
from tests.factories.partners import make_partner
from tests.factories.revenue import make_entity

pytestmark = pytest.mark.browser

AMOUNT, SHOWN = "12345.67", "12,345.67"
SOURCED, BOOKINGS, TOTAL = 1_234_57, 158_64, 1_393_21
"""A tenth of what was collected; 1 % of the first 10,000 booked and 2.5 % of the rest; both."""


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
        sale=Sale("Route planner", 3, AMOUNT, today() + timedelta(days=60)),
    )


def test_a_registered_deal_becomes_a_commission_that_explains_itself(
    site: Site, cast: Cast, enter: Callable[..., Page], visitor: Callable[..., Page]
) -> None:
    partner, manager, first, second, analyst = (
        enter(who) for who in (cast.partner, cast.manager, cast.first, cast.second, cast.analyst)
    )
    order = sell(partner, manager, first, cast.sale)
    plan(first, second)
    money.give_account(partner)
    run(site, first, (second, cast.second))
    read_statement(partner, order)
    check_receipt(partner, visitor())
    pay(first, second)
    money.read_revenue(analyst, order, SHOWN)
    noted = [
        each for page in (partner, manager, first, second, analyst) for each in complaints(page)
    ]
    assert [each for each in noted if "422" not in each] == []  # the one refusal was expected


def sell(partner: Page, manager: Page, finance: Page, sale: Sale) -> str:
    """Register, approve, win, book and collect; return the number of the order."""
    people.describe_the_deal(partner, sale)
    expect(partner.locator("[data-saved]")).to_contain_text("Draft saved", timeout=money.SLOW)
    number = people.submit(partner)
    people.approve_the_deal(manager, number)
    people.open_deal(partner, number)
    people.reads(partner, "The customer is protected for Kestrel Systems until")
    opportunity = people.start_opportunity(manager, number)
    people.win(manager, sale)
    order = people.book(finance, opportunity, SHOWN)
    money.sees_credit(finance, order, "Kestrel Systems", SHOWN)
    return order


def plan(first: Page, second: Page) -> None:
    """One person of finance drafts the plan, the other publishes it."""
    money.draft_plan(first, today().replace(day=1))
    money.publish_plan(second)


def run(site: Site, first: Page, approver: tuple[Page, Person]) -> None:
    """One person calculates this month; only the other can approve it."""
    this_month = month(today())
    money.calculate(first, this_month, shown(TOTAL))
    money.refused_to_approve(first)
    with site.changes() as session:  # the second person's password was given long ago
        mine = SignedInSession.user_id == approver[1].actor.user_id
        long_ago = now() - timedelta(hours=1)
        session.execute(update(SignedInSession).where(mine).values(fresh_at=long_ago))
    money.approve(approver[0], this_month, PASSWORD)


def read_statement(page: Page, order: str) -> None:
    """Read the statement on the page and in its files; all say the same to the cent."""
    number = money.open_statement(page, month(today()), shown(TOTAL))
    money.ask_why(page, "Sourced revenue", "10 %", f"EUR {shown(SOURCED)}")
    money.ask_why(page, "Bookings", "1 %", "2.5 %", f"EUR {shown(BOOKINGS)}")
    assert order in page.locator("main").inner_text()
    pdf = papers.content(people.taken(page, "Download PDF"))
    table = papers.content(people.taken(page, "CSV"))
    assert papers.paid_on_paper(pdf) == TOTAL
    assert sorted(papers.amounts(table)) == [BOOKINGS, SOURCED]
    assert papers.attached(pdf, f"{number}.csv") == table
    book = papers.numbers(papers.content(people.taken(page, "Excel")))
    assert {"1234.57", "158.64", "1393.21"} <= book


def shown(minor: int) -> str:
    """Return cents as people read them."""
    return f"{minor // 100:,}.{minor % 100:02}"


def check_receipt(page: Page, stranger: Page) -> None:
    """Follow the verify link; then somebody else checks the receipt's file."""
    money.verify(page)
    receipt = papers.content(people.taken(page, "download its receipt"))
    stranger.goto("/verify")
    stranger.get_by_label("Receipt, receipt number or hash").fill(receipt.decode())
    people.press(stranger, "Check")
    expect(stranger.locator(".notice.good")).to_be_visible()


def pay(first: Page, second: Page) -> None:
    """One person proposes the payout, the other approves it; the bank's file says the amount."""
    money.propose(first, month(today()))
    file = money.approve_payouts(second)
    assert papers.amounts(papers.content(file)) == [TOTAL]
