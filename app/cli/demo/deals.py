"""Registrations: written, submitted, reviewed, returned, decided, appealed, extended, left."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.access.rules import Actor, Role
from app.cli.demo import selling
from app.cli.demo.content import content, corrected
from app.cli.demo.customers import misspelt, new_customer
from app.cli.demo.words import ASKED, REJECTIONS
from app.cli.demo.world import Customer, Firm, World
from app.deals import services
from app.deals.models import Registration
from app.deals.rules import ClosingCode, DealState, DealType
from app.deals.services import CustomerAlreadyClaimed
from app.kernel.errors import Invalid
from app.kernel.ids import new_id

RECENT = timedelta(days=9)
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


def register(world: World, at: datetime) -> None:
    """Have a partner write a registration, often about somebody whom others know too."""
    firm = _busy_firm(world)
    rival = _rival(world, firm) if world.chance(0.13) else None
    if rival is not None:
        customer, family = misspelt(world, rival.customer), rival.family
    else:
        known = [c for c in world.claims if c.firm is firm and c.state is DealState.CONVERTED]
        again = world.dice.choice(known) if known and world.chance(0.2) else None
        family = world.dice.choice([code for code in world.wares if again is None or code != again.family])
        customer = again.customer if again else new_customer(world, _country(world, firm))
    claim = Claim(new_id(), firm, world.dice.choice(firm.team), customer, family)
    claim.is_rival = rival is not None
    kind = DealType.EXPANSION if rival is None and customer_is_known(world, claim) else DealType.NEW_BUSINESS
    said = content(world, claim.firm, customer, family, kind, at)
    services.save(world.session, claim.id, actor=claim.member, at=at, content=said)
    if world.chance(0.3 if world.end - at < RECENT else 0.01):
        return  # it stays a draft
    world.plan(world.after(at, 0.02, 1.5), submit, claim)


def standing(world: World, claim: Claim) -> DealState:
    """Return the state of a claim by now: clocks and other people change it too."""
    claim.state = world.session.get_one(Registration, claim.id).state
    return claim.state


def customer_is_known(world: World, claim: Claim) -> bool:
    """Whether the same partner sold to this customer before."""
    return any(c.customer is claim.customer for c in world.claims if c.firm is claim.firm)


def _busy_firm(world: World) -> Firm:
    firms = [firm for firm in world.firms if not firm.is_closed]
    return world.dice.choices(firms, [firm.weight for firm in firms])[0]


def _rival(world: World, firm: Firm) -> Claim | None:
    live = (DealState.SUBMITTED, DealState.IN_REVIEW, DealState.APPROVED, DealState.CONVERTED)
    others = [c for c in world.claims[-_REMEMBERED:] if c.firm is not firm and c.state in live]
    near = [c for c in others if c.firm.country == firm.country]
    return world.dice.choice(near or others) if near or others else None


def _country(world: World, firm: Firm) -> str:
    return firm.country if world.chance(0.9) else world.dice.choice(("GB", "DE", "FR", "NL"))


def submit(world: World, at: datetime, claim: Claim) -> None:
    """Submit a draft; one's own claim of before stands in the way now and then."""
    if claim.firm.is_closed:
        return
    try:
        with world.session.begin_nested():
            services.submit(world.session, claim.id, actor=claim.member, at=at)
    except Invalid:
        return  # it stays a draft: the partner registered the same before
    claim.state = DealState.SUBMITTED
    world.claims.append(claim)
    if world.chance(0.03):
        world.plan(world.after(at, 0.1, 1), withdraw, claim, "The customer has put it off.")
        return
    is_slow = world.end - at < RECENT and world.chance(0.5)
    wait = (4.0, 12.0) if is_slow else (0.05, 1.2)
    world.plan(world.after(at, *wait), take_up, claim)


def take_up(world: World, at: datetime, claim: Claim) -> None:
    """Begin a review, and plan its outcome."""
    if standing(world, claim) is not DealState.SUBMITTED:
        return
    services.take_up(world.session, claim.id, actor=claim.firm.manager, at=at)
    claim.state = DealState.IN_REVIEW
    is_slow = world.end - at < RECENT and world.chance(0.4)
    world.plan(world.after(at, *((3.0, 9.0) if is_slow else (0.05, 0.9))), decide, claim)


def decide(world: World, at: datetime, claim: Claim) -> None:
    """Approve, reject or send back."""
    if standing(world, claim) is not DealState.IN_REVIEW:
        return
    throw = world.dice.random()
    if claim.is_rival and throw < 0.5:  # noqa: PLR2004 - half of the rivals are told so
        code = world.dice.choice((ClosingCode.DUPLICATE, ClosingCode.INCUMBENT_PARTNER))
        _reject(world, at, claim, code)
    elif throw < 0.13:  # noqa: PLR2004
        send_back(world, at, claim)
    elif throw < 0.24:  # noqa: PLR2004
        _reject(world, at, claim, world.dice.choice(
            (ClosingCode.NOT_QUALIFIED, ClosingCode.EXISTING_OPPORTUNITY,
             ClosingCode.OUTSIDE_TERRITORY, ClosingCode.INCOMPLETE)))  # fmt: skip
    else:
        approve(world, at, claim)


def approve(world: World, at: datetime, claim: Claim, by: Actor | None = None) -> None:
    """Approve; where another holds the customer the registration waits in line."""
    by = by or claim.firm.manager
    try:
        with world.session.begin_nested():
            services.approve(world.session, claim.id, actor=by, at=at)
    except CustomerAlreadyClaimed:
        if world.chance(0.5):
            _reject(world, at, claim, ClosingCode.DUPLICATE, by)
        else:
            world.plan(world.after(at, 20, 45), decide, claim)
        return
    claim.state = DealState.APPROVED
    if world.chance(0.83):
        world.plan(world.after(at, 0.5, 24), convert, claim)
    elif world.chance(0.6):
        world.plan(world.after(at, 35, 52), ask_extension, claim)
    elif world.chance(0.3):
        world.plan(world.after(at, 10, 50), withdraw, claim, "The customer chose another way.")


def convert(world: World, at: datetime, claim: Claim) -> None:
    """Start the opportunity, if the protection still stands."""
    if standing(world, claim) is DealState.APPROVED:
        selling.start_from_claim(world, at, claim)
        claim.state = DealState.CONVERTED


def _reject(
    world: World, at: datetime, claim: Claim, code: ClosingCode, by: Actor | None = None
) -> None:
    services.reject(world.session, claim.id, code=code, reason=REJECTIONS[code.value],
                    actor=by or claim.firm.manager, at=at)  # fmt: skip
    claim.state = DealState.REJECTED
    if claim.member.user_id and not claim.firm.is_closed and world.chance(0.16):
        world.plan(world.after(at, 1, 6), appeal, claim)


def appeal(world: World, at: datetime, claim: Claim) -> None:
    """Ask a channel lead to look again; who finds for the partner now and then."""
    why = "We have a letter of the customer of last month that names us; it is attached to the mail."
    if standing(world, claim) is not DealState.REJECTED or claim.firm.is_closed:
        return
    services.appeal(world.session, claim.id, reason=why, actor=claim.member, at=at)
    claim.state = DealState.IN_REVIEW
    world.plan(world.after(at, 0.5, 3), settle_appeal, claim)


def settle_appeal(world: World, at: datetime, claim: Claim) -> None:
    """Decide an appeal."""
    if standing(world, claim) is not DealState.IN_REVIEW:
        return
    lead = world.one_of(Role.CHANNEL_LEAD)
    if world.chance(0.4):
        approve(world, at, claim, lead)
    else:
        services.reject(world.session, claim.id, code=ClosingCode.NOT_QUALIFIED, actor=lead, at=at,
                        reason="We asked the customer once more; the first answer stands.")  # fmt: skip
        claim.state = DealState.REJECTED


def send_back(world: World, at: datetime, claim: Claim) -> None:
    """Ask for a correction, which comes within days, late, or never."""
    field = world.dice.choice(list(ASKED))
    services.send_back(world.session, claim.id, fields=[field], reason=ASKED[field],
                       actor=claim.firm.manager, at=at)  # fmt: skip
    claim.state = DealState.ACTION_REQUIRED
    if world.chance(0.85):
        world.plan(world.after(at, 0.5, 6), resubmit, claim, field)
    else:
        world.plan(world.after(at, 15, 30), withdraw, claim, "We could not find this out.")


def resubmit(world: World, at: datetime, claim: Claim, field: str) -> None:
    """Correct what was asked, and submit again."""
    if claim.firm.is_closed or standing(world, claim) is not DealState.ACTION_REQUIRED:
        return
    said = corrected(world.session, claim.id, field, at)
    services.save(world.session, claim.id, actor=claim.member, at=at, content=said)
    services.submit(world.session, claim.id, actor=claim.member, at=at)
    claim.state = DealState.SUBMITTED
    world.plan(world.after(at, 0.05, 1), take_up, claim)


def withdraw(world: World, at: datetime, claim: Claim, reason: str) -> None:
    """Take a registration back, unless it ended before."""
    open_states = (DealState.SUBMITTED, DealState.IN_REVIEW, DealState.ACTION_REQUIRED,
                   DealState.APPROVED)  # fmt: skip
    if standing(world, claim) in open_states:
        services.withdraw(world.session, claim.id, actor=claim.member, at=at, reason=reason)
        claim.state = DealState.WITHDRAWN


def ask_extension(world: World, at: datetime, claim: Claim) -> None:
    """Ask for longer protection."""
    if standing(world, claim) is not DealState.APPROVED or claim.firm.is_closed:
        return
    services.ask_extension(world.session, claim.id, actor=claim.member, at=at,
                           why="The customer's board meets only after our protection ends.")  # fmt: skip
    world.plan(world.after(at, 0.5, 5), answer_extension, claim)


def answer_extension(world: World, at: datetime, claim: Claim) -> None:
    """Grant it mostly; a granted one is then used."""
    if standing(world, claim) is not DealState.APPROVED:
        return
    granted = world.chance(0.75)
    words = "" if granted else "Nothing happened in six weeks; others should have their chance."
    services.answer_extension(world.session, claim.id, granted=granted, answer=words,
                              actor=claim.firm.manager, at=at)  # fmt: skip
    if granted:
        world.plan(world.after(at, 3, 20), convert, claim)
