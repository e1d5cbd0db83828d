"""The library, a page and a file for each tier, and the certificates that people earned."""

from collections.abc import Sequence
from datetime import date, datetime
from importlib.resources import files

from app.access.rules import Role
from app.cli.demo.agenda import moment, working
from app.cli.demo.words import COUNTRY_PRICE, FAMILIES
from app.cli.demo.world import MONTHS, World
from app.enablement import services
from app.enablement.rules import Award, Content, ItemKind
from app.kernel.money import Money
from app.kernel.period import add_months
from app.web.exports import csv_bytes

SUBJECTS = ("Campus network, associate", "Security, associate", "Cloud platform, professional",
            "Migration, professional")  # fmt: skip
CERTIFICATES = 70
SKILL = "Solution design, professional"
"""What the plans watch; the busiest partner loses it in the month before the last settled one."""
_PAGES = (
    ("getting-started", "Getting started", "What to do in the first week.", None),
    ("selling-the-platform", "Selling the cloud platform", "Questions that open a talk.",
     "registered"),
    ("sizing-a-network", "Sizing a campus network", "Rules of thumb, and when to ask us.",
     "silver"),
    ("winning-renewals", "Winning renewals early", "What Gold partners do at ninety days.",
     "gold"),
)  # fmt: skip
"""Address, title, summary, lowest tier; the text is in ``pages``."""
_PRICES = [
    (code, name, Money(cents, "EUR"), Money(cents * COUNTRY_PRICE["GBP"] // 100, "GBP"))
    for _, products in FAMILIES.values()
    for code, name, cents in products
]
_PAPERS: dict[str, tuple[Sequence[str], Sequence[Sequence[object]]]] = {
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
    for slug, title, summary, tier in _PAGES:
        body = files("app.cli.demo").joinpath("pages", f"{slug}.md").read_text("utf-8")
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
    _plan_loss(world)
    span = (world.end - at).days
    for _ in range(world.sized(CERTIFICATES)):
        world.plan(world.after(at, 20, span), certify)


def _plan_loss(world: World) -> None:
    """Have somebody of the busiest partner earn what ends, unrenewed, three months before today."""
    ends = add_months(world.first, MONTHS - 3).replace(day=24)
    world.plan(working(moment(add_months(ends, -12))), certify_once, ends)


def certify_once(world: World, at: datetime, ends: date) -> None:
    """Award the certificate that is watched."""
    firm = world.firms[0]
    person = firm.team[0]
    given = Award(firm.id, SKILL, person.name, at.date(), ends, person.user_id)
    services.award(world.session, given, actor=world.one_of(Role.CHANNEL_LEAD), at=at)


def certify(world: World, at: datetime) -> None:
    """Award a certificate to somebody of a busy partner; it holds for a year."""
    firms = [firm for firm in world.firms if not firm.is_closed]
    firm = world.dice.choices(firms, [firm.weight for firm in firms])[0]
    person, on = world.dice.choice(firm.team), at.date()
    given = Award(firm.id, world.dice.choice(SUBJECTS), person.name, on, add_months(on, 12),
                  person.user_id)  # fmt: skip
    services.award(world.session, given, actor=world.one_of(Role.CHANNEL_LEAD), at=at)
