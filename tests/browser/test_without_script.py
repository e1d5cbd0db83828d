"""The same people with browsers that run no script: everything still works, in plain HTML."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from app.access.rules import Role
from app.kernel.clock import today
from tests.browser import papers, people
from tests.browser.conftest import Person
from tests.browser.people import Sale
from tests.browser.site import Site
from tests.factories.catalogue import make_price, make_product
from tests.factories.statements import issue, make_accrual, make_payee, make_period

pytestmark = pytest.mark.browser

PLAIN: dict[str, Any] = {"java_script_enabled": False}


@pytest.fixture(scope="module")
def manager(person: Callable[..., Person]) -> Person:
    """Who decides on registrations."""
    return person(Role.CHANNEL_MANAGER)


@pytest.fixture(scope="module")
def partner(site: Site, person: Callable[..., Person], manager: Person) -> Person:
    """The admin of a partner that has a statement over 123.45, where there is a product to sell."""
    with site.changes() as session:
        partner = make_payee(session, manager_id=manager.actor.user_id)
        make_price(session, make_product(session, name="Route planner"), 411_522)
        period = make_period(session)
        make_accrual(session, partner, 123_45)
        issue(session, period)
    return person(Role.PARTNER_ADMIN, partner_id=partner.id)


@pytest.mark.usefixtures("worker")
def test_a_deal_is_registered_and_approved_without_script(
    partner: Person, manager: Person, enter: Callable[..., Page]
) -> None:
    theirs, ours = enter(partner, **PLAIN), enter(manager, **PLAIN)
    people.describe_the_deal(
        theirs, Sale("Route planner", 3, "12345.67", today() + timedelta(days=60))
    )
    number = people.submit(theirs)
    people.approve_the_deal(ours, number)
    people.open_deal(theirs, number)
    people.reads(theirs, "The customer is protected for", "Approved")


def test_a_statement_is_read_and_taken_without_script(
    partner: Person, enter: Callable[..., Page]
) -> None:
    page = enter(partner, **PLAIN)
    people.go(page, "Earnings")
    people.follow(page, "March 2026")
    page.get_by_text("Why this amount?").click()
    people.reads(page, "EUR 123.45")
    pdf = papers.content(people.taken(page, "Download PDF"))
    assert papers.paid_on_paper(pdf) == 123_45
