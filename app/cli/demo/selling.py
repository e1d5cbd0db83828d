"""Opportunities: started from registrations or directly, co-sold, moved, stalled, won and lost."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from app.access.rules import Actor
from app.accounts.matching import Party
from app.accounts.rules import Details
from app.accounts.services import add_account
from app.cli.demo import helpers, money, moves
from app.cli.demo.content import content
from app.cli.demo.customers import new_customer
from app.cli.demo.words import NEXT_STEPS, NOTES
from app.cli.demo.world import Firm, World
from app.deals.rules import DealType
from app.kernel.money import Money
from app.pipeline import services
from app.pipeline.models import Opportunity
from app.pipeline.rules import Line, LossReason, Stage, Terms

if TYPE_CHECKING:
    from app.cli.demo.claims import Claim

WON, LOST, STALLED = 0.42, 0.40, 0.09
"""How opportunities end; the rest takes twice as long."""
_LOSSES = (LossReason.COMPETITOR, LossReason.PRICE, LossReason.NO_DECISION, LossReason.TIMING,
           LossReason.PRODUCT_GAP, LossReason.LOST_CONTACT)  # fmt: skip
_WAY = (Stage.QUALIFIED, Stage.TECHNICAL_VALIDATION, Stage.BUSINESS_VALIDATION, Stage.COMMITTED,
        Stage.LAUNCHED)  # fmt: skip


@dataclass(slots=True)
class Sale:
    """One opportunity on its way, and what the dice have in store for it."""

    id: UUID
    owner: Actor
    firm: Firm | None
    ends_at: Stage | None
    """The stage at which it is lost or gets stuck; none where it is won."""
    is_stuck: bool
    pace: float
    close_on: datetime
    terms: Terms
    is_open: bool = True
    helpers: list[Firm] = field(default_factory=list)
    asked: int = 0
    accepted: int = 0


def start_from_claim(world: World, at: datetime, claim: "Claim") -> None:
    """Start the opportunity of an approved registration."""
    owner = claim.firm.manager
    made = services.start_from_registration(world.session, claim.id, actor=owner, at=at)
    _begin(world, at, made, owner, claim.firm)


def start_directly(world: World, at: datetime) -> None:
    """Start an opportunity of the vendor's own, on an account of its own sales team."""
    firm = world.dice.choice([firm for firm in world.firms if not firm.is_closed])
    family = world.dice.choice(list(world.wares))
    customer = new_customer(world, firm.country)
    owner, session = firm.manager, world.session
    party = Party(customer.name, customer.country, city=customer.city, address=customer.address)
    known = Details(industry=customer.industry, is_named=world.chance(0.25))
    account = add_account(session, party, actor=owner, at=at, details=known)
    said = content(world, firm, customer, family, DealType.NEW_BUSINESS, at)
    lines = [Line(one.product_id, one.quantity or 1, one.amount_minor or 0)
             for one in said.lines if one.product_id]  # fmt: skip
    total = sum(line.amount_minor for line in lines)
    terms = Terms(said.title, Money(total, firm.currency), said.expected_close_on,
                  problem=said.problem, family_id=world.families[family],
                  owner_id=owner.user_id)  # fmt: skip
    made = services.start(session, account.id, terms=terms, actor=owner, at=at)
    services.set_lines(session, made.id, lines=lines, actor=owner, at=at)
    _begin(world, at, made, owner, None)


def _begin(world: World, at: datetime, made: Opportunity, owner: Actor, firm: Firm | None) -> None:
    throw = world.dice.random()
    is_lost, is_stuck = WON <= throw < WON + LOST, WON + LOST <= throw < WON + LOST + STALLED
    ends_at = world.dice.choice(_WAY[:-1]) if is_lost or is_stuck else None
    pace = world.dice.uniform(0.6, 1.4) * (2 if throw >= WON + LOST + STALLED else 1)
    closes = at + timedelta(days=round(75 * pace) + 14)
    terms = Terms(made.title, Money(made.amount_minor, made.currency), made.close_on,
                  problem=made.problem, family_id=made.family_id,
                  owner_id=made.owner_id)  # fmt: skip
    sale = Sale(made.id, owner, firm, ends_at, is_stuck, pace, closes, terms)
    sale.accepted = sale.asked = int(firm is not None)
    world.plan(world.after(at, 2, 10), qualify, sale)
    helpers.plan(world, at, sale)
    if world.chance(0.2):
        world.plan(world.after(at, 1, 30), note, sale)


def _find(world: World, sale: Sale) -> Opportunity:
    return world.session.get_one(Opportunity, sale.id)


def _say(world: World, at: datetime, sale: Sale, *, decides: bool) -> None:
    """Bring the terms up to date: a next step, a close date, later the day of the decision."""
    close_on = max(sale.close_on.date(), at.date() + timedelta(days=7))
    said = replace(sale.terms, close_on=close_on, next_step=world.dice.choice(NEXT_STEPS))
    sale.terms = replace(said, decision_on=close_on - timedelta(days=5)) if decides else said
    moves.say(world.session, _find(world, sale), sale.terms, actor=sale.owner, at=at)


def qualify(world: World, at: datetime, sale: Sale) -> None:
    """Name the next step and a date, then go on; half of the sales go two stages at once."""
    _say(world, at, sale, decides=False)
    advance(world, at, sale, int(sale.ends_at is not _WAY[0] and world.chance(0.5)))


def advance(world: World, at: datetime, sale: Sale, place: int) -> None:
    """Move to the next stage, unless the sale is lost there, or stuck until it is given up."""
    stage = _WAY[place]
    if sale.ends_at is stage:
        if not sale.is_stuck:
            lose(world, at, sale)
        else:
            world.plan(world.after(at, 25, 80), lose, sale)
        return
    if stage is Stage.BUSINESS_VALIDATION or _is_late(at, sale):
        _push(world, at, sale)
        _say(world, at, sale, decides=True)
    if stage is Stage.LAUNCHED:
        win(world, at, sale)
        return
    if stage is Stage.COMMITTED and sale.asked and not sale.accepted:
        world.plan(world.after(at, 5, 9), advance, sale, place)
        return
    moves.advance(world.session, _find(world, sale), stage, actor=sale.owner, at=at)
    days = 13 * sale.pace
    world.plan(world.after(at, 0.6 * days, 1.6 * days), advance, sale, place + 1)


def _is_late(at: datetime, sale: Sale) -> bool:
    close_on = sale.terms.close_on
    return close_on is not None and close_on <= at.date()


def _push(world: World, at: datetime, sale: Sale) -> None:
    """Move the close date where it has become unlikely."""
    if sale.close_on - at < timedelta(days=20) or world.chance(0.15):
        sale.close_on = max(sale.close_on, at) + timedelta(days=world.dice.randint(14, 40))


def lose(world: World, at: datetime, sale: Sale) -> None:
    """Close a sale as lost."""
    if not sale.is_open:
        return
    sale.is_open = False
    services.close_lost(world.session, sale.id, loss_reason=world.dice.choice(_LOSSES),
                        actor=sale.owner, at=at)  # fmt: skip


def win(world: World, at: datetime, sale: Sale) -> None:
    """Win, and have the order booked."""
    sale.is_open = False
    services.close_won(world.session, sale.id, actor=sale.owner, at=at)
    world.plan(world.after(at, 0.05, 2.5), money.book_order, sale.id)


def note(world: World, at: datetime, sale: Sale) -> None:
    """Write a note to the partners that take part."""
    services.add_shared_note(world.session, sale.id, text=world.dice.choice(NOTES),
                             actor=sale.owner, at=at)  # fmt: skip
