"""Who works here: the vendor's people, and those of each partner; one password for all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.access.rules import Actor, Role
from app.cli.demo import PASSWORD
from app.cli.demo.words import FIRST_NAMES, LAST_NAMES, ZONES
from app.cli.demo.world import Firm, World
from app.identity.models import Credential, User
from app.identity.services import set_password
from app.ledger.services import record

DOMAIN = "northwind.example"
_STAFF = (
    (Role.ADMIN, "Rosa Thornvliet", "GB"),
    (Role.CHANNEL_LEAD, "Maud Oakenrade", "GB"),
    (Role.CHANNEL_MANAGER, "Nils Ravenhagen", "GB"),
    (Role.CHANNEL_MANAGER, "Sanne Veldstra", "NL"),
    (Role.CHANNEL_MANAGER, "Tobias Wiesengrund", "DE"),
    (Role.FINANCE, "Orla Pellworth", "GB"),
    (Role.FINANCE, "Piet Quillstrom", "NL"),
    (Role.ANALYST, "Quinn Silberau", "GB"),
)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody about to join the vendor, or a partner."""

    name: str
    role: Role
    country: str
    domain: str = DOMAIN
    partner: Firm | None = None


def hire(world: World, at: datetime) -> None:
    """Let the vendor's people in, the one of each one-click sign-in first."""
    for minutes, (role, name, country) in enumerate(_STAFF):
        joined = at + timedelta(minutes=minutes)
        actor = _join(world, Newcomer(name, role, country), joined)
        world.staff.setdefault(role, []).append(actor)


def staff_partner(world: World, firm: Firm, at: datetime) -> None:
    """Give a partner its admin, and members where it is one of the busier ones."""
    first = not world.firms
    names = ["Ada Amberlake", "Elin Brookmoor"] if first else []
    members = 2 if first else 1 + (firm.weight > 1)
    while len(names) <= members:
        names.append(_name(world))
    for number, name in enumerate(names):
        role = Role.PARTNER_MEMBER if number else Role.PARTNER_ADMIN
        joined = at + timedelta(minutes=1 + number)
        newcomer = Newcomer(name, role, firm.country, firm.domain, firm)
        actor = _join(world, newcomer, joined)
        firm.team.append(actor)
    firm.admin = firm.team[0]


def _name(world: World) -> str:
    while True:
        name = f"{world.dice.choice(FIRST_NAMES)} {world.dice.choice(LAST_NAMES)}"
        if name not in world.names:
            world.names.add(name)
            return name


def _join(world: World, who: Newcomer, at: datetime) -> Actor:
    zone, locale = ZONES[who.country]
    partner_id = who.partner.id if who.partner else None
    user = User(
        email=f"{who.name.lower().replace(' ', '.')}@{who.domain}",
        name=who.name,
        role=who.role,
        partner_id=partner_id,
        locale=locale if who.partner else "en_GB",
        zone=zone,
        country=who.country,
        created_at=at,
    )
    world.session.add(user)
    world.session.flush()
    ids = (partner_id,) if partner_id else ()
    actor = Actor(user.id, who.name, who.role, partner_id, ids, user.locale, zone, who.country)
    _give_password(world, user, at)
    record(world.session, "identity.user.joined", subject=user, actor=actor, at=at,
           partner_id=partner_id, role=who.role.value)  # fmt: skip
    return actor


def _give_password(world: World, user: User, at: datetime) -> None:
    """Hash the password once: it is everybody's, and hashing is slow on purpose."""
    if world.password_hash is None:
        set_password(world.session, user, PASSWORD, at=at)
        world.session.flush()
        made = world.session.get_one(Credential, user.id)
        world.password_hash = made.password_hash
        return
    hashed = world.password_hash
    row = Credential(user_id=user.id, password_hash=hashed, password_changed_at=at)
    world.session.add(row)
