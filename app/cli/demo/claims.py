"""Whose claim comes next: which partner, which customer, which family, and who else wants it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.access.rules import Actor
from app.cli.demo.customers import misspelt, new_customer
from app.cli.demo.world import Customer, Firm, World
from app.deals.rules import Content, DealState
from app.kernel.ids import new_id

_REMEMBERED = 60


@dataclass(slots=True)
class Claim:
    """One registration on its way."""

    id: UUID
    firm: Firm
    member: Actor
    customer: Customer
    family: str
    state: DealState = DealState.DRAFT
    is_rival: bool = False
    is_appealed: bool = False
    is_old: bool = False
    said: Content = field(default_factory=Content)
    drafted_at: datetime | None = None

    @property
    def what(self) -> tuple[str, str]:
        """Return customer and family: what is claimed."""
        return self.customer.domain, self.family


def new_claim(world: World) -> Claim:
    """Return the next claim of a busy partner: on a new customer, an own one, or a rival's."""
    firm = _busy_firm(world)
    member = world.dice.choice(firm.team)
    rival = _rival(world, firm) if world.chance(0.16) else None
    if rival is not None:
        known = misspelt(world, rival.customer)
        return Claim(new_id(), firm, member, known, rival.family, is_rival=True)
    own = [one for one in world.claims if one.firm is firm and one.state is DealState.CONVERTED]
    again = world.dice.choice(own).customer if own and world.chance(0.2) else None
    if again is not None:
        free = [code for code in world.wares if (again.domain, code) not in world.claimed]
        if free:
            return Claim(new_id(), firm, member, again, world.dice.choice(free))
    customer = new_customer(world, _country(world, firm))
    return Claim(new_id(), firm, member, customer, world.dice.choice(list(world.wares)))


def _busy_firm(world: World) -> Firm:
    firms = [firm for firm in world.firms if not firm.is_closed]
    return world.dice.choices(firms, [firm.weight for firm in firms])[0]


def _rival(world: World, firm: Firm) -> Claim | None:
    live = (DealState.SUBMITTED, DealState.IN_REVIEW, DealState.APPROVED, DealState.CONVERTED)
    others = [
        one for one in world.claims[-_REMEMBERED:]
        if one.state in live and firm.id not in world.claimed[one.what]
    ]  # fmt: skip
    near = [one for one in others if one.firm.country == firm.country]
    return world.dice.choice(near or others) if near or others else None


def _country(world: World, firm: Firm) -> str:
    return firm.country if world.chance(0.9) else world.dice.choice(("GB", "DE", "FR", "NL"))
