"""Submit a registration: check it, find its customer and rivals, number it, give a receipt."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM, Actor
from app.accounts.services import find_or_add
from app.db.engine import elevated
from app.db.numbering import next_reference
from app.deals import queries
from app.deals.models import Registration
from app.deals.rules import LIFECYCLE, Content, DealAct, DealState, complaints
from app.deals.services.acts import move, own, tell
from app.deals.services.clock import start_clock
from app.deals.services.conflicts import assess, party_of
from app.kernel.errors import Conflict, FieldError, Invalid
from app.ledger.rules.canonical import canonical, salted
from app.ledger.services import record
from app.partners.rules import PartnerState

_EVENTS = {
    DealAct.SUBMIT: "deal.registration.submitted",
    DealAct.RESUBMIT: "deal.registration.resubmitted",
}
_CUSTOMER = "customer_"


class PartnerNotActive(Conflict):
    """The organisation is suspended or has left, and registers nothing."""

    code = "deal.partner_not_active"


def submit(session: Session, registration_id: UUID, *, actor: Actor, at: datetime) -> Registration:
    """Submit a draft, or one that was sent back, for review; its receipt is the ledger entry.

    :raises NotFound: where there is none that the actor may see
    :raises TransitionRefused: if it was submitted before
    :raises PartnerNotActive: if the actor's organisation may register nothing
    :raises Invalid: with every field that is missing or wrong
    """
    registration = own(session, registration_id, actor=actor)
    again = registration.state is DealState.ACTION_REQUIRED
    act = DealAct.RESUBMIT if again else DealAct.SUBMIT
    LIFECYCLE.next(registration.state, act)
    _refuse_inactive(registration)
    content = queries.content_of(registration, queries.lines(session, registration.id))
    registration.family_id = _checked_family(session, content, actor, at)
    with elevated(session):
        _find_customer(session, registration, at)
        assess(session, registration, at=at)
        registration.queue_place = queries.queue_length(session) + 1
    _number(session, registration, content, actor=actor, at=at)
    move(session, registration, act, actor=actor, at=at)
    start_clock(session, registration, at=at)
    _receipt(session, registration, _EVENTS[act], actor=actor, at=at)
    tell(session, registration, "review")
    return registration


def sealed_content(registration: Registration, content: Content) -> str:
    """Return the canonical text over which the digest of a registration is made."""
    said = {"number": registration.number, "partner_id": registration.partner_id}
    return canonical({**said, **asdict(content)})


def _refuse_inactive(registration: Registration) -> None:
    if registration.partner.state in (PartnerState.SUSPENDED, PartnerState.ENDED):
        raise PartnerNotActive("Your organisation cannot register deals at present.")


def _checked_family(session: Session, content: Content, actor: Actor, at: datetime) -> UUID:
    families = queries.families_of_products(session)
    found = complaints(content, families, at.astimezone(ZoneInfo(actor.zone)).date())
    if found:
        raise Invalid.fields(*found)
    return next(families[line.product_id] for line in content.lines if line.product_id)


def _find_customer(session: Session, registration: Registration, at: datetime) -> None:
    """Link the customer's account; one that a reviewer chose stays unless the customer changed."""
    asked = any(name.startswith(_CUSTOMER) for name in registration.fields_asked)
    if registration.account_id is None or asked:
        account = find_or_add(session, party_of(registration), actor=SYSTEM, at=at)
        registration.account_id = account.id
    if registration.family_id is None:
        return
    number = queries.own_claim(
        session,
        registration.account_id,
        registration.family_id,
        partner_id=registration.partner_id,
        but=registration.id,
    )
    if number is not None:
        message = f"You already registered this customer for this product family: {number}."
        raise Invalid.fields(FieldError("customer_name", message, "deal.own_duplicate"))


def _number(
    session: Session, registration: Registration, content: Content, *, actor: Actor, at: datetime
) -> None:
    if registration.number is None:
        registration.number = next_reference(session, "DR", at.year)
    registration.submitted_at = registration.submitted_at or at
    registration.submitted_by = actor.user_id
    registration.fields_asked = []
    digest = salted(registration.salt, sealed_content(registration, content))
    registration.content_digest = digest


def _receipt(
    session: Session, registration: Registration, event: str, *, actor: Actor, at: datetime
) -> None:
    entry = record(
        session,
        event,
        subject=registration,
        actor=actor,
        at=at,
        partner_id=registration.partner_id,
        number=registration.number,
        content_sha256=registration.content_digest,
        queue_place=registration.queue_place,
        amount_minor=registration.amount_minor,
        currency=registration.currency,
        family_id=registration.family_id,
        answer_due_at=registration.answer_due_at,
    )
    registration.receipt_entry_id = entry.id
