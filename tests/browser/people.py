"""What the people of the portal do in their browsers, step by step, each with what they see."""

import re
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Download, Locator, Page, expect

CUSTOMER = "Quorvex Logistik GmbH"
expect.set_options(timeout=20_000)  # the machine may be busy with other tests
STAGES = ("Technical validation", "Business validation", "Committed")


@dataclass(frozen=True)
class Sale:
    """What is sold: a product, how many of it, and for how much altogether."""

    product: str
    quantity: int
    amount: str
    closes: date


def fill(page: Page | Locator, **values: str) -> None:
    """Fill the inputs of these names."""
    for name, value in values.items():
        page.locator(f'[name="{name.replace("__", "-")}"]').first.fill(value)


def choose(page: Page | Locator, **wanted: str) -> None:
    """Choose what has this label or value in the lists of these names."""
    for name, chosen in wanted.items():
        page.locator(f'[name="{name.replace("__", "-")}"]').first.select_option(chosen)


def press(page: Page | Locator, name: str) -> None:
    """Press a button."""
    page.get_by_role("button", name=name, exact=True).first.click()


def follow(page: Page | Locator, name: str) -> None:
    """Follow a link."""
    page.get_by_role("link", name=name, exact=True).first.click()


def go(page: Page, place: str) -> None:
    """Choose a place of the main navigation."""
    follow(page.get_by_role("navigation", name="Main"), place)


def reads(page: Page | Locator, *texts: str) -> None:
    """Expect each text to stand on the page, with any white space."""
    body = page.locator("body") if isinstance(page, Page) else page
    for text in texts:
        expect(body).to_contain_text(text.replace("\u00a0", " "))


def fact(page: Page, term: str) -> Locator:
    """Return what stands beside a term."""
    named = page.get_by_role("term").filter(has_text=re.compile(f"^{re.escape(term)}$"))
    return page.locator("dl.facts > div", has=named).locator("dd").first


def taken(place: Page | Locator, name: str) -> Download:
    """Take the file that a link or button hands out."""
    page = place if isinstance(place, Page) else place.page
    either = place.get_by_role("link", name=name, exact=True)
    with page.expect_download() as waiting:
        either.or_(place.get_by_role("button", name=name, exact=True)).first.click()
    return waiting.value


def describe_the_deal(page: Page, sale: Sale) -> None:
    """Fill in the whole registration, and ask whether the customer is free."""
    go(page, "Deals")
    follow(page, "Register a deal")
    fill(
        page, title="Routes for three depots", customer_name=CUSTOMER,
        customer_domain="quorvex-logistik.de", customer_city="Köln", contact_name="Ada Byron",
        contact_email="ada@quorvex-logistik.de", expected_close_on=sale.closes.isoformat(),
        problem="They cannot see where their goods are at night.",
        lines__0__quantity=str(sale.quantity), lines__0__amount=sale.amount,
    )  # fmt: skip
    choose(
        page, customer_country="Germany", consent_basis="Consent", source="Event",
        delivery_model="Resale", lines__0__product=sale.product,
    )  # fmt: skip
    press(page, "Check the customer")
    expect(page.locator("#pre-check")).to_contain_text("Nobody claims this customer at present.")


def submit(page: Page) -> str:
    """Submit the registration; the receipt says its number."""
    press(page, "Submit registration")
    expect(page.get_by_role("heading", level=1)).to_have_text("Registration received")
    number = page.locator(".receipt .number").inner_text()
    assert re.fullmatch(r"DR-\d{4}-\d{6}-\d", number)
    expect(fact(page, "Place in the queue")).to_have_text("1")
    return number


def approve_the_deal(page: Page, number: str) -> None:
    """Find the registration at home with its clock, take it up, approve it."""
    go(page, "Home")
    waiting = page.get_by_role("listitem").filter(has_text=f"Decide on {number}: {CUSTOMER}")
    expect(waiting.locator("time")).to_have_text(re.compile(r"\d+ (h|min|days) left"))
    waiting.get_by_role("link").click()
    follow(page, "Review")
    reads(page, CUSTOMER, "Nobody else claims this customer")
    press(page, "Take it up")
    press(page, "Approve")
    reads(page, f"{number} is approved and protected.")


def open_deal(page: Page, number: str) -> None:
    """Open a registration from the list."""
    go(page, "Deals")
    page.get_by_role("row").filter(has_text=number).get_by_role("link").first.click()


def start_opportunity(page: Page, number: str) -> str:
    """Start the opportunity of the approved registration; its partner is the source."""
    open_deal(page, number)
    press(page, "Start the opportunity")
    expect(page.get_by_role("row").filter(has_text="Source")).to_contain_text("Accepted")
    return page.locator(".lead .ref").inner_text()


def refused_to_move(page: Page, missing: str) -> None:
    """Try to move on too early; the form says what is missing."""
    follow(page, "Move elsewhere")
    press(page, "Move")
    reads(page.get_by_role("alert"), missing)
    follow(page, "Cancel")


def win(page: Page, sale: Sale) -> None:
    """Say what each stage asks, and go on through all of them."""
    refused_to_move(page, "Name the next step.")
    follow(page, "Edit")
    fill(page, next_step="Show the pilot", decision_on=sale.closes.isoformat())
    press(page, "Save")
    for stage in ("Qualified", *STAGES):
        press(page, f"Move to {stage.lower()}")
        reads(page, f"is now {stage.lower()}.")
    press(page, "Close as won")
    reads(page, "is now launched.")


def book(page: Page, opportunity: str, shown: str) -> str:
    """Book the order of a won opportunity, issue the invoice and record the payment."""
    go(page, "Home")
    follow(page, f"Book the order of {opportunity}")
    follow(page, "Book the order")
    press(page, "Book the order")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Order SO-")
    order = re.search(r"SO-\d{4}-\d{6}-\d", heading.inner_text())
    follow(page, "Issue an invoice")
    press(page, "Issue the invoice")
    page.get_by_role("table", name="Invoices of the order").get_by_role("link").first.click()
    follow(page, "Record a payment")
    fill(page, reference="Transfer 4711")
    press(page, "Record the payment")
    expect(page.locator(".tile", has_text="Collected")).to_contain_text(shown)
    assert order is not None
    return order[0]
