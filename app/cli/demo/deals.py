"""Registrations: written, submitted, reviewed, returned, decided, appealed, extended, left."""

from datetime import datetime, timedelta

from app.access.rules import Actor, Role
from app.cli.demo import past, selling
from app.cli.demo.claims import Claim, new_claim
from app.cli.demo.content import content, corrected
from app.cli.demo.words import ASKED, REJECTIONS
from app.cli.demo.world import World
from app.deals import services
from app.deals.models import Registration
from app.deals.rules import ClosingCode, DealState, DealType
from app.deals.services import CustomerAlreadyClaimed

RECENT = timedelta(days=9)
LATELY = timedelta(days=25)


def register(world: World, at: datetime) -> None:
    """Have a partner write a registration, often about somebody whom others know too."""
    claim = new_claim(world)
    firm = claim.firm
    before = any(one.firm is firm and one.customer is claim.customer for one in world.claims)
    kind = DealType.EXPANSION if before else DealType.NEW_BUSINESS
    said = content(world, firm, claim.customer, claim.family, kind, at)
    claim.said, claim.is_old = said, world.end - at > LATELY
    is_left = world.chance(0.3 if world.end - at < RECENT else 0.01)
    if claim.is_old and not is_left:
        past.draft(world, at, claim)
    else:
        services.save(world.session, claim.id, actor=claim.member, at=at, content=said)
    world.claimed.setdefault(claim.what, []).append(firm.id)
    if not is_left:
        world.plan(world.after(at, 0.02, 1.5), submit, claim)


def _decider(world: World, claim: Claim) -> Actor:
    """Return who decides on a claim: an appeal is for a channel lead."""
    return world.one_of(Role.CHANNEL_LEAD) if claim.is_appealed else claim.firm.manager


def submit(world: World, at: datetime, claim: Claim) -> None:
    """Submit a draft."""
    if claim.firm.is_closed:
        return
    if claim.is_old:
        past.submit(world, at, claim)
    else:
        services.submit(world.session, claim.id, actor=claim.member, at=at)
        row = world.session.get_one(Registration, claim.id)
        world.accounts[claim.customer.domain] = row.account_id
    claim.state = DealState.SUBMITTED
    world.claims.append(claim)
    if world.chance(0.03):
        world.plan(world.after(at, 0.1, 1), withdraw, claim, "The customer has put it off.")
        return
    is_slow = world.end - at < RECENT and world.chance(0.3)
    wait = (0.8, 2.5) if is_slow else (0.05, 0.9)
    world.plan(world.after(at, *wait), take_up, claim)


def take_up(world: World, at: datetime, claim: Claim) -> None:
    """Begin a review, and plan its outcome."""
    if claim.state is not DealState.SUBMITTED:
        return
    if claim.is_old:
        past.take_up(world, at, claim)
    else:
        services.take_up(world.session, claim.id, actor=claim.firm.manager, at=at)
    claim.state = DealState.IN_REVIEW
    is_slow = world.end - at < RECENT and world.chance(0.2)
    world.plan(world.after(at, *((1.2, 3.5) if is_slow else (0.05, 0.9))), decide, claim)


def decide(world: World, at: datetime, claim: Claim) -> None:
    """Approve, reject or send back."""
    if claim.state is not DealState.IN_REVIEW:
        return
    throw = world.dice.random()
    if claim.is_rival and throw < 0.5:
        code = world.dice.choice((ClosingCode.DUPLICATE, ClosingCode.INCUMBENT_PARTNER))
        _reject(world, at, claim, code)
    elif throw < (0.3 if world.end - at < RECENT else 0.1):
        send_back(world, at, claim)
    elif throw < (0.36 if world.end - at < RECENT else 0.21):
        _reject(world, at, claim, world.dice.choice(
            (ClosingCode.NOT_QUALIFIED, ClosingCode.EXISTING_OPPORTUNITY,
             ClosingCode.OUTSIDE_TERRITORY, ClosingCode.INCOMPLETE)))  # fmt: skip
    else:
        approve(world, at, claim)


def approve(world: World, at: datetime, claim: Claim) -> None:
    """Approve; where another holds the customer the registration waits in line."""
    if not _is_approved(world, at, claim):
        if world.end - at < LATELY or world.chance(0.5):
            _reject(world, at, claim, ClosingCode.DUPLICATE)
        else:
            world.plan(world.after(at, 10, 20), decide, claim)
        return
    claim.state = DealState.APPROVED
    if world.chance(0.78):
        world.plan(world.after(at, 0.5, 24), convert, claim)
    elif world.chance(0.6):
        world.plan(world.after(at, 35, 52), ask_extension, claim)
    elif world.chance(0.3):
        world.plan(world.after(at, 10, 50), withdraw, claim, "The customer chose another way.")


def _is_approved(world: World, at: datetime, claim: Claim) -> bool:
    """Approve if the customer is free; only where others claim it too may it not be."""
    by = _decider(world, claim)
    if len(world.claimed[claim.what]) == 1:
        services.approve(world.session, claim.id, actor=by, at=at)
        return True
    try:
        with world.session.begin_nested():
            services.approve(world.session, claim.id, actor=by, at=at)
    except CustomerAlreadyClaimed:
        return False
    return True


def convert(world: World, at: datetime, claim: Claim) -> None:
    """Start the opportunity, if the protection still stands."""
    if claim.state is DealState.APPROVED:
        selling.start_from_claim(world, at, claim)
        claim.state = DealState.CONVERTED


def _reject(world: World, at: datetime, claim: Claim, code: ClosingCode) -> None:
    services.reject(world.session, claim.id, code=code, reason=REJECTIONS[code.value],
                          actor=_decider(world, claim), at=at)  # fmt: skip
    claim.state = DealState.REJECTED
    if not claim.is_appealed and not claim.firm.is_closed and world.chance(0.16):
        world.plan(world.after(at, 1, 6), appeal, claim)


def appeal(world: World, at: datetime, claim: Claim) -> None:
    """Ask a channel lead to look again; who finds for the partner now and then."""
    why = "We have a letter in which the customer names us; it was written last month."
    if claim.state is not DealState.REJECTED or claim.firm.is_closed:
        return
    services.appeal(world.session, claim.id, reason=why, actor=claim.member, at=at)
    claim.is_appealed = True
    claim.state = DealState.IN_REVIEW
    world.plan(world.after(at, 0.5, 3), settle_appeal, claim)


def settle_appeal(world: World, at: datetime, claim: Claim) -> None:
    """Decide an appeal."""
    if claim.state is not DealState.IN_REVIEW:
        return
    if world.chance(0.4):
        approve(world, at, claim)
    else:
        lead = world.one_of(Role.CHANNEL_LEAD)
        why = "We asked the customer once more; the first answer stands."
        services.reject(world.session, claim.id, code=ClosingCode.NOT_QUALIFIED, reason=why,
                        actor=lead, at=at)  # fmt: skip
        claim.state = DealState.REJECTED


def send_back(world: World, at: datetime, claim: Claim) -> None:
    """Ask for a correction, which comes within days, late, or never."""
    name = world.dice.choice(list(ASKED))
    services.send_back(world.session, claim.id, fields=[name], reason=ASKED[name],
                       actor=_decider(world, claim), at=at)  # fmt: skip
    claim.state = DealState.ACTION_REQUIRED
    if world.chance(0.85):
        world.plan(world.after(at, 0.5, 6), resubmit, claim, name)
    else:
        world.plan(world.after(at, 15, 30), withdraw, claim, "We could not find this out.")


def resubmit(world: World, at: datetime, claim: Claim, field: str) -> None:
    """Correct what was asked, and submit again."""
    if claim.firm.is_closed or claim.state is not DealState.ACTION_REQUIRED:
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
    if claim.state in open_states:
        services.withdraw(world.session, claim.id, actor=claim.member, at=at, reason=reason)
        claim.state = DealState.WITHDRAWN


def ask_extension(world: World, at: datetime, claim: Claim) -> None:
    """Ask for longer protection."""
    if claim.state is not DealState.APPROVED or claim.firm.is_closed:
        return
    why = "The customer's board meets only after our protection ends."
    services.ask_extension(world.session, claim.id, actor=claim.member, at=at, why=why)
    world.plan(world.after(at, 0.5, 5), answer_extension, claim)


def answer_extension(world: World, at: datetime, claim: Claim) -> None:
    """Grant it mostly; a granted one is then used."""
    if claim.state is not DealState.APPROVED:
        return
    granted = world.chance(0.75)
    words = "" if granted else "Nothing happened in six weeks; others should have their chance."
    services.answer_extension(world.session, claim.id, granted=granted, answer=words,
                              actor=claim.firm.manager, at=at)  # fmt: skip
    if granted:
        world.plan(world.after(at, 3, 20), convert, claim)
