"""Partners that help to sell: invited, accepting or declining, and what they did about it."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from app.attribution.rules import TouchKind
from app.attribution.services import log_touch
from app.cli.demo.words import EVIDENCE
from app.cli.demo.world import Firm, World
from app.pipeline import services
from app.pipeline.rules import ParticipantRole

if TYPE_CHECKING:
    from app.cli.demo.selling import Sale

_ROLES = (ParticipantRole.CO_SELL, ParticipantRole.INFLUENCE, ParticipantRole.TECHNICAL,
          ParticipantRole.FULFILMENT)  # fmt: skip
_KINDS = [TouchKind(kind) for kind in EVIDENCE]


def plan(world: World, at: datetime, sale: "Sale") -> None:
    """Decide who is asked to help, and what the partner that brought it does."""
    for _ in range(
        world.dice.choice((0, 0, 0, 1, 1, 2)) if sale.firm else world.dice.choice((0, 1, 2))
    ):
        world.plan(world.after(at, 3, 30), invite, sale)
    if sale.firm is not None and world.chance(0.25):
        world.plan(world.after(at, 4, 40), touch, sale, sale.firm)


def invite(world: World, at: datetime, sale: "Sale") -> None:
    """Ask another partner of the same currency to take part."""
    taken = {sale.firm and sale.firm.id, *(firm.id for firm in sale.helpers)}
    free = [firm for firm in world.firms if not firm.is_closed and firm.id not in taken]
    near = [firm for firm in free if firm.currency == (sale.firm or free[0]).currency]
    if not near or not sale.is_open:
        return
    firm = world.dice.choices(near, [firm.weight for firm in near])[0]
    sale.helpers.append(firm)
    sale.asked += 1
    part = services.invite(world.session, sale.id, partner_id=firm.id, actor=sale.owner, at=at,
                           role=world.dice.choice(_ROLES))  # fmt: skip
    if world.chance(0.93):
        world.plan(world.after(at, 0.2, 4), answer, sale, firm, part.id)


def answer(world: World, at: datetime, sale: "Sale", firm: Firm, part_id: UUID) -> None:
    """Accept mostly, and then do something worth writing down."""
    if firm.is_closed or not sale.is_open:
        return
    act = services.accept if world.chance(0.85) else services.decline
    sale.accepted += act is services.accept
    sale.asked -= act is services.decline
    act(world.session, sale.id, part_id, actor=world.dice.choice(firm.team), at=at)
    if act is services.accept and world.chance(0.6):
        world.plan(world.after(at, 2, 20), touch, sale, firm)


def touch(world: World, at: datetime, sale: "Sale", firm: Firm) -> None:
    """Log what a partner did."""
    if firm.is_closed or not sale.is_open:
        return
    kind = world.dice.choice(_KINDS)
    log_touch(world.session, sale.id, partner_id=firm.id, kind=kind, at=at, now_at=at,
              evidence=EVIDENCE[kind.value], actor=world.dice.choice(firm.team))  # fmt: skip
