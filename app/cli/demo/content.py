"""What partners write into their registrations."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM
from app.cli.demo.words import COMPETITORS, DEALS, FIRST_NAMES, LAST_NAMES, PROBLEMS
from app.cli.demo.world import Customer, Firm, World
from app.deals import queries
from app.deals.rules import (
    ConsentBasis,
    Content,
    DealSource,
    DealType,
    DeliveryModel,
    Help,
    LineContent,
)

_SOURCES = (DealSource.PARTNER_PROSPECTING, DealSource.CUSTOMER_REQUEST, DealSource.EVENT,
            DealSource.TENDER)  # fmt: skip


def content(
    world: World, firm: Firm, customer: Customer, family: str, kind: DealType, at: datetime
) -> Content:
    """Return a whole registration of one product family."""
    dice = world.dice
    contact = f"{dice.choice(FIRST_NAMES)} {dice.choice(LAST_NAMES)}"
    return Content(
        title=dice.choice(DEALS[family]).format(n=dice.randint(3, 24)),
        customer_name=customer.name,
        customer_domain=customer.domain,
        customer_country=customer.country,
        customer_city=customer.city,
        customer_address=customer.address,
        customer_industry=customer.industry,
        contact_name=contact,
        contact_email=f"{contact.lower().replace(' ', '.')}@{customer.domain}",
        consent_basis=dice.choice(list(ConsentBasis)),
        problem=dice.choice(PROBLEMS),
        deal_type=kind,
        currency=firm.currency,
        expected_close_on=at.date() + timedelta(days=dice.randint(45, 170)),
        source=dice.choice(_SOURCES),
        delivery_model=dice.choice(list(DeliveryModel)),
        competitors=dice.choice(COMPETITORS),
        help_wanted=tuple(dice.sample([each.value for each in Help], dice.randint(0, 2))),
        partner_reference=f"C-{world.count('references') + 1041}" if world.chance(0.5) else "",
        lines=_lines(world, firm, family),
    )


def _lines(world: World, firm: Firm, family: str) -> tuple[LineContent, ...]:
    wares = world.dice.sample(world.wares[family], world.dice.choice((1, 1, 2)))
    return tuple(_line(world, ware.id, ware.prices[firm.currency]) for ware in wares)


def _line(world: World, product_id: UUID, unit: int) -> LineContent:
    """Return a line worth 5,000 to 90,000, at a discount of up to a tenth."""
    worth = world.dice.choice((600_000, 1_200_000, 2_400_000, 3_800_000, 7_500_000))
    quantity = max(1, round(worth / unit))
    percent = world.dice.choice((100, 100, 98, 95, 92, 90))
    return LineContent(product_id, quantity, quantity * unit * percent // 100)


def corrected(session: Session, registration_id: UUID, field: str, at: datetime) -> Content:
    """Return what a registration says, with the field that was asked put right."""
    row = queries.one(session, registration_id, actor=SYSTEM)
    said = queries.content_of(row, queries.lines(session, registration_id))
    if field == "problem":
        return replace(said, problem=f"{said.problem} It is about four sites and one warehouse.")
    if field == "expected_close_on":
        return replace(said, expected_close_on=at.date() + timedelta(days=95))
    if field == "contact_email":
        return replace(said, contact_email=f"office@{said.customer_domain}")
    lines = tuple(replace(line, quantity=(line.quantity or 0) + 1) for line in said.lines)
    return replace(said, lines=lines)
