"""Registrations of long ago, up to their review: the rows and entries that the services leave.

The services read a registration some forty times on this way, which is too slow for hundreds; the
rules, the states, the receipt and the matching of known customers are the same.
"""

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING

from app.access.rules import SYSTEM
from app.accounts.services import add_account
from app.cli.demo.world import World
from app.db.numbering import next_reference
from app.deals.models import Registration, RegistrationLine
from app.deals.rules import WAITING, Content, DealAct, DealState, answer_clock, complaints
from app.deals.services import assess, sealed_content
from app.deals.services.acts import move
from app.deals.services.conflicts import party_of
from app.kernel.clock import Calendar
from app.kernel.errors import Invalid
from app.kernel.ids import new_salt
from app.ledger.rules.canonical import salted
from app.ledger.services import record

if TYPE_CHECKING:
    from app.cli.demo.claims import Claim

ANSWER_HOURS = 16
"""What the programmes of the demo company promise."""
_LISTS = {"lines", "help_wanted"}


def draft(world: World, at: datetime, claim: "Claim") -> None:
    """Enter that a draft was begun; its row is written when it is submitted."""
    claim.drafted_at = at
    begun = Registration(id=claim.id)
    record(world.session, "deal.registration.drafted", subject=begun, actor=claim.member, at=at,
           partner_id=claim.firm.id)  # fmt: skip


def submit(world: World, at: datetime, claim: "Claim") -> None:
    """Write a registration as submitted, with its customer, its number and its receipt."""
    session, said = world.session, claim.said
    wrong = complaints(said, world.family_of, at.date())
    if wrong:
        raise Invalid.fields(*wrong)
    row = _row(world, claim, said)
    is_known = claim.customer.domain in world.accounts
    if not is_known:
        account = add_account(session, party_of(row), actor=SYSTEM, at=at)
        world.accounts[claim.customer.domain] = account.id
    row.account_id = world.accounts[claim.customer.domain]
    session.add(row)
    session.flush()
    session.add_all(_lines(row, said))
    if is_known:
        assess(session, row, at=at)
    _number(world, row, said, at)
    move(session, row, DealAct.SUBMIT, actor=claim.member, at=at)
    _receipt(world, row, claim, at)


def _row(world: World, claim: "Claim", said: Content) -> Registration:
    plain = {one.name: getattr(said, one.name) for one in fields(said) if one.name not in _LISTS}
    return Registration(
        id=claim.id,
        partner_id=claim.firm.id,
        state=DealState.DRAFT,
        created_by=claim.member.user_id,
        created_at=claim.drafted_at,
        salt=new_salt(),
        help_wanted=list(said.help_wanted),
        fields_asked=[],
        family_id=world.families[claim.family],
        amount_minor=sum(line.amount_minor or 0 for line in said.lines),
        **plain,
    )


def _lines(row: Registration, said: Content) -> list[RegistrationLine]:
    return [
        RegistrationLine(
            registration_id=row.id,
            partner_id=row.partner_id,
            position=position,
            product_id=line.product_id,
            quantity=line.quantity,
            amount_minor=line.amount_minor,
        )
        for position, line in enumerate(said.lines)
    ]


def _number(world: World, row: Registration, said: Content, at: datetime) -> None:
    row.number = next_reference(world.session, "DR", at.year)
    row.submitted_at, row.submitted_by = at, row.created_by
    row.queue_place = 1 + sum(claim.state in WAITING for claim in world.claims)
    row.content_digest = salted(row.salt, sealed_content(row, said))


def _receipt(world: World, row: Registration, claim: "Claim", at: datetime) -> None:
    manager = claim.firm.manager
    clock = answer_clock(at, ANSWER_HOURS, Calendar(manager.zone, manager.country))
    row.reviewer_id = manager.user_id
    row.warn_at, row.answer_due_at = clock.warn_at, clock.due_at
    entry = record(
        world.session,
        "deal.registration.submitted",
        subject=row,
        actor=claim.member,
        at=at,
        partner_id=row.partner_id,
        number=row.number,
        content_sha256=row.content_digest,
        queue_place=row.queue_place,
        amount_minor=row.amount_minor,
        currency=row.currency,
        family_id=row.family_id,
        answer_due_at=row.answer_due_at,
    )
    row.receipt_entry_id = entry.id


def take_up(world: World, at: datetime, claim: "Claim") -> None:
    """Note that the review began."""
    row, manager = world.session.get_one(Registration, claim.id), claim.firm.manager
    move(world.session, row, DealAct.TAKE_UP, actor=manager, at=at)
    row.reviewer_id = manager.user_id
    record(world.session, "deal.registration.reviewing", subject=row, actor=manager, at=at,
           partner_id=row.partner_id, number=row.number)  # fmt: skip
