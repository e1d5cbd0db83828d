"""What finance, a partner's admin and an analyst do about money, each with what they see."""

import re
from datetime import date
from typing import Any

from playwright.sync_api import Download, Page, expect

from tests.browser.people import choose, fact, fill, follow, go, press, reads, taken

IBAN = "DE89 3704 0044 0532 0130 00"
SLOW = 30_000
"""How long somebody waits for what the worker does, in milliseconds."""


def comes(page: Page, text: str) -> None:
    """Load the page anew until it says something that the worker has to do first."""
    for _ in range(60):
        if text in page.locator("main").inner_text().replace("\u00a0", " "):
            return
        page.wait_for_timeout(400)
        page.reload()
    reads(page, text)


def sees_credit(page: Page, order: str, partner: str, shown: str) -> None:
    """Find the order credited to its partner, whole."""
    go(page, "Orders")
    follow(page, order)
    comes(page, partner)
    credit = page.get_by_role("table", name="Sourced").get_by_role("row").nth(1)
    reads(credit, partner, "100\u00a0%", shown)


def draft_plan(page: Page, since: date) -> None:
    """Write a plan: a tenth of collected cash that was sourced, and brackets on bookings."""
    go(page, "Plans")
    follow(page, "New plan")
    fill(page, title="Partner plan", code="partners", effective_from=since.isoformat())
    fill(page, components__0__title="Sourced revenue", components__0__rate="10")
    choose(page, components__0__basis="collected")
    page.locator('[name="components-0-routes"][value="sourced"]').check()
    press(page, "Add a component")
    fill(page, components__1__title="Bookings")
    choose(page, components__1__basis="booked")
    choose(page, components__1__mode="marginal")
    page.locator('[name="components-1-routes"][value="sourced"]').check()
    row: dict[str, Any] = {"lower": "0", "upper": "10000", "rate": "1"}
    fill(page, **{f"components__1__brackets__0__{name}": said for name, said in row.items()})
    fill(page, components__1__brackets__1__lower="10000", components__1__brackets__1__rate="2.5")
    press(page, "Look at it in words")
    reads(page, "10 %", "2.5 %")
    press(page, "Keep as draft")
    reads(page, "You drafted this version. Somebody else reads it and publishes it.")


def publish_plan(page: Page) -> None:
    """Read the draft of somebody else, and put it in force."""
    go(page, "Home")
    follow(page, "Look at the draft of Partner plan")
    press_surely(page, "Publish")
    reads(page, "Version 1 of Partner plan is in force from")


def press_surely(page: Page, name: str) -> None:
    """Press what a script asks about first, once that script is there, and confirm it."""
    page.get_by_role("button", name=name, exact=True).wait_for()
    page.wait_for_load_state()
    press(page, name)
    press(page.get_by_role("dialog"), name)


def calculate(page: Page, month: str, total: str) -> None:
    """Open the month, have it calculated, and send it to review."""
    go(page, "Commission runs")
    press(page, f"Open {month}")
    press(page, "Calculate")
    expect(page.get_by_role("button", name="Send to review")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("table", name="Totals")).to_contain_text(total)
    press(page, "Send to review")
    reads(page, "You calculated this period, so a second person of finance approves it.")
    expect(page.get_by_role("button", name="Approve and issue")).to_have_count(0)


def refused_to_approve(page: Page) -> None:
    """Send what the page does not offer: the portal refuses it all the same."""
    token = page.locator('[name="csrf_token"]').first.input_value()
    answer = page.request.post(f"{page.url}/approval", form={"csrf_token": token})
    assert answer.status == 403
    assert "a second person approves it" in answer.text()


def approve(page: Page, month: str, password: str) -> None:
    """Approve the month as the second person, giving the password once more."""
    go(page, "Commission runs")
    follow(page, month)
    press_surely(page, "Approve and issue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    page.get_by_label("Password").fill(password)
    press(page, "Go on")
    press_surely(page, "Approve and issue")
    expect(page.locator("#payouts")).to_contain_text("1 statement pays", timeout=SLOW)


def give_account(page: Page) -> None:
    """Say where to pay to."""
    go(page, "Earnings")
    follow(page, "Give payout details")
    page.get_by_role("link", name=re.compile("payout details")).first.click()
    fill(page, holder="Kestrel Systems Ltd", iban=IBAN, bic="COBADEFFXXX")
    press(page, "Save the payout details")
    reads(page, "The payout details are changed")


def open_statement(page: Page, month: str, total: str) -> str:
    """Open the statement of the month from Earnings; return its number."""
    go(page, "Earnings")
    follow(page, month)
    expect(page.locator(".tile", has_text="Paid")).to_contain_text(total)
    return page.locator(".receipt .number").inner_text()


def ask_why(page: Page, component: str, *words: str) -> None:
    """Ask why a line is its amount, and read the answer."""
    answer = page.locator("tr", has_text=component).locator("+ tr details").first
    answer.get_by_text("Why this amount?").click()
    reads(answer, *words)


def verify(page: Page) -> None:
    """Follow the link of the receipt to the verify page, where it holds."""
    comes(page, "Verify entry")
    page.get_by_role("link", name=re.compile("Verify entry")).click()
    expect(page.locator(".notice.good")).to_be_visible()
    page.go_back()


def propose(page: Page, month: str) -> None:
    """Propose what the month pays; whoever proposed it does not approve it."""
    go(page, "Commission runs")
    follow(page, month)
    press(page, "Propose 1 payout")
    reads(page, "1 payout is proposed.")
    reads(page.locator("#payouts"), "A second person approves", "Pending")


def approve_payouts(page: Page) -> Download:
    """Approve the payouts as the second person, and take the file for the bank."""
    page.reload()
    press(page, "Approve payouts")
    press(page, "Make payment files")
    return taken(page.get_by_role("table", name="Payment files"), "CSV")


def read_revenue(page: Page, order: str, shown: str) -> None:
    """Find what was booked, then what was collected, under sourced, down to the order."""
    for measure in ("Booked", "Collected"):
        go(page, "Ecosystem revenue")
        choose(page, measure=measure)
        press(page, "Show")
        tile = page.locator(".tile", has=page.get_by_text("Sourced", exact=True))
        expect(tile).to_contain_text(shown)
        tile.click()
        expect(fact(page, "Sum")).to_contain_text(shown)
        expect(page.get_by_role("row").filter(has_text=order)).to_contain_text(shown)
