"""Every page that a role can reach from its navigation: whole, quiet, and fit for everybody."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from app.access.rules import PARTNER_ROLES, Role
from app.deals.rules import DealState
from app.partners.models import Partner
from tests.browser.conftest import DESK, PASSWORD, PHONE, complaints
from tests.factories.attribution import credited, make_touch, make_won
from tests.factories.catalogue import make_price, make_product
from tests.factories.deals import Scene, make_deal
from tests.factories.enablement import make_certificate, make_item
from tests.factories.identity import make_actor
from tests.factories.pipeline import make_opportunity
from tests.factories.revenue import make_invoice, make_payment
from tests.factories.statements import issue, make_accrual, make_payee, make_period

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": TAGS}}
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
LINKS = "nodes => [...new Set(nodes.map(node => new URL(node.href).pathname))]"


def _sell(session: Session, partner: Partner) -> None:
    """Make deals of ``partner`` in several states, and what came of others."""
    member = make_actor(session, Role.PARTNER_MEMBER, partner)
    manager = make_actor(session, Role.CHANNEL_MANAGER)
    scene = Scene(member, manager, make_product(session), partner.id)
    for state in (DealState.DRAFT, DealState.SUBMITTED, DealState.APPROVED, DealState.REJECTED):
        make_deal(session, state, scene=scene)
    make_opportunity(session, lines=[400_000, 600_000])
    order = make_won(session, 250_000)
    make_touch(session, order.opportunity_id, partner)
    make_payment(session, make_invoice(session, credited(session, order)))


@pytest.fixture(scope="module")
def partner_id(site) -> Any:
    """A partner with one of everything."""
    with site.changes() as session:
        partner = make_payee(session)
        make_price(session, make_product(session), 120_000)
        make_item(session)
        make_certificate(session, partner)
        _sell(session, partner)
        period = make_period(session)
        make_accrual(session, partner, 12_345)
        issue(session, period)
        return partner.id


@pytest.fixture
def home(person, enter, partner_id) -> Any:
    """Sign somebody with a role in, and give the page that this leads to."""

    def open_home(role: Role, **options: Any) -> Page:
        over = {"partner_id": partner_id} if role in PARTNER_ROLES else {}
        return enter(person(role, **over), **options)

    return open_home


def _landings(page: Page, seen: Any = (), partner: bool = False) -> Iterator[str]:
    """Open one page after the other of those that the navigation leads to; yield each path."""
    paths = page.locator("nav.nav a[href]").evaluate_all(LINKS)
    for path in (path for path in paths if (partner, path) not in seen):
        page.goto(path, wait_until="load")  # the browser itself complains of a bad answer
        yield path


def _violations(page: Page, theme: str) -> list[str]:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{page.url} {theme}: {one['id']}: {one['nodes'][0]['target']}" for one in found]


@pytest.mark.parametrize("role", Role, ids=str)
def test_pages_of_a_role_load_without_complaint_and_fit_a_phone(home, role):
    page = home(role, **PHONE)
    wide = [path for path in _landings(page) if page.evaluate(OVERFLOW) > 0]
    assert wide == []
    assert complaints(page) == []


def test_on_a_phone_a_line_of_a_statement_says_what_its_figures_are(home):
    page = home(Role.PARTNER_ADMIN, **PHONE)
    page.goto("/earnings")
    page.get_by_role("link", name="March 2026").first.click()

    cells = page.locator("tr[id^=line]").first.locator("td")
    for place, label in enumerate(("For", "Payable", "Base", "Amount"), start=1):
        expect(cells.nth(place)).to_have_attribute("data-label", label)


@pytest.fixture(scope="module")
def seen() -> set[tuple[bool, str]]:
    """The pages that were looked at already, for partners and for the vendor: once is enough."""
    return set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "role", [Role.PARTNER_ADMIN, Role.CHANNEL_LEAD, Role.FINANCE, Role.ADMIN], ids=str
)
def test_pages_of_a_role_have_no_barrier_in_either_theme(home, seen, role):
    page, found = home(role, **DESK), []
    for path in _landings(page, seen, role in PARTNER_ROLES):
        seen.add((role in PARTNER_ROLES, path))
        for theme in ("light", "dark"):
            found += _violations(page, theme)
    assert found == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_door_has_no_barrier_and_fits(visitor, size):
    page = visitor(**size)
    page.goto("/sign-in")
    assert page.evaluate(OVERFLOW) == 0
    assert [one for theme in ("light", "dark") for one in _violations(page, theme)] == []
    assert complaints(page) == []


def test_a_wrong_password_is_refused_in_words(visitor, person):
    page = visitor()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(person(Role.FINANCE).email)
    page.get_by_label("Password").fill(PASSWORD[::-1])
    page.get_by_role("button", name="Sign in").click()
    assert page.locator("[role=alert], .error").first.is_visible()
    assert "/sign-in" in page.url
