"""The library, a page and a file for each tier, and the certificates that people earned."""

from datetime import datetime

from app.access.rules import Role
from app.cli.demo.words import COUNTRY_PRICE, FAMILIES
from app.cli.demo.world import World
from app.enablement import services
from app.enablement.rules import Award, Content, ItemKind
from app.kernel.money import Money
from app.kernel.period import add_months
from app.web.exports import csv_bytes

SUBJECTS = ("Campus network, associate", "Security, associate", "Cloud platform, professional",
            "Migration, professional")  # fmt: skip
CERTIFICATES = 70
_START = """## Your first week

1. Say where you are paid: **Company**, then *Payout details*.
2. Invite your colleagues: **Team**.
3. Register your first deal. A draft needs only a title and a customer.

## How a registration is answered

A channel manager answers within sixteen working hours. An approved registration protects the customer
for you, for one product family, as long as your tier says.

| tier | protection | longer by |
|---|---|---|
| Registered | 60 days | 30 days, once |
| Silver | 90 days | 30 days, once |
| Gold | 120 days | 45 days, twice |
"""
_PAGES = (
    ("getting-started", "Getting started", "What to do in the first week.", None, _START),
    ("selling-the-platform", "Selling the cloud platform", "Questions that open a talk.", "registered",
     "## Ask first\n\n- How long may a site be without its systems?\n- Who carries data between sites today?\n"
     "- When does the present contract end?\n\n## Then show\n\nThe platform with **their** data, not ours."),
    ("sizing-a-network", "Sizing a campus network", "Rules of thumb, and when to ask us.", "silver",
     "## Rules of thumb\n\n- One edge switch for forty seats.\n- One access point for twenty-five people.\n"
     "- Two core switches from three floors on.\n\nAbove five hundred seats ask for a design workshop."),
    ("winning-renewals", "Winning renewals early", "What Gold partners do at ninety days.", "gold",
     "## Ninety days before the end\n\nBring the record of the year: outages avoided, sites moved, tickets closed. "
     "Offer the next term before the customer asks for prices."),
)  # fmt: skip
_PRICES = [
    (code, name, Money(cents, "EUR"), Money(cents * COUNTRY_PRICE["GBP"] // 100, "GBP"))
    for _, products in FAMILIES.values()
    for code, name, cents in products
]
_PAPERS = {
    "price-guide": (("Product", "Name", "EUR", "GBP"), _PRICES),
    "comparison": (("Question", "We", "Halden Networks", "Orbis Data"), [
        ("Move of a site", "one weekend", "two weeks", "by own staff"),
        ("Answer at night", "yes", "no", "for a fee"),
        ("Second site included", "from Gold", "no", "no"),
    ]),
    "joint-plan": (("Quarter", "Goal", "Owner", "By", "Done"), [
        ("Q1", "Ten registrations in logistics", "partner", "", ""),
        ("Q1", "Two people certified for the platform", "partner", "", ""),
        ("Q2", "Joint event for the region", "both", "", ""),
    ]),
}  # fmt: skip
_FILES = (
    ("price-guide", "Price guide", "registered"),
    ("comparison", "Comparison with two competitors", "silver"),
    ("joint-plan", "Template of a joint business plan", "gold"),
)


def stock(world: World, at: datetime) -> None:
    """Publish the pages and files, and plan the certificates."""
    lead = world.one_of(Role.CHANNEL_LEAD)
    for slug, title, summary, tier, body in _PAGES:
        said = Content(slug, title, ItemKind.PAGE, summary, body,
                       tier_id=world.tiers[tier] if tier else None)  # fmt: skip
        made = services.add_item(world.session, said, actor=lead, at=at)
        services.publish(world.session, made.id, actor=lead, at=at)
    for slug, title, tier in _FILES:
        said = Content(slug, title, ItemKind.FILE, f"For {tier.title()} and above.",
                       tier_id=world.tiers[tier])  # fmt: skip
        upload = services.Upload(f"{slug}.csv", csv_bytes(*_PAPERS[slug]))
        made = services.add_item(world.session, said, upload=upload, actor=lead, at=at)
        services.publish(world.session, made.id, actor=lead, at=at)
    span = (world.end - at).days
    for _ in range(world.sized(CERTIFICATES)):
        world.plan(world.after(at, 20, span), certify)


def certify(world: World, at: datetime) -> None:
    """Award a certificate to somebody of a busy partner; it holds for a year."""
    firms = [firm for firm in world.firms if not firm.is_closed]
    firm = world.dice.choices(firms, [firm.weight for firm in firms])[0]
    person, on = world.dice.choice(firm.team), at.date()
    given = Award(firm.id, world.dice.choice(SUBJECTS), person.name, on, add_months(on, 12),
                  person.user_id)  # fmt: skip
    services.award(world.session, given, actor=world.one_of(Role.CHANNEL_LEAD), at=at)
