"""Protection: granted, made longer, released, lapsed, and then offered to the next in line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.rules import SYSTEM, Actor
from app.db.engine import elevated
from app.deals import queries
from app.deals.models import Protection, Registration
from app.deals.rules import DealAct, DealState, ExtensionState, extended, protection
from app.deals.services.acts import constraint_of, move, note, tell
from app.deals.services.clock import start_clock
from app.deals.services.conflicts import assess
from app.kernel.errors import Broken, Conflict
from app.kernel.period import Period
from app.ledger.services import record

_ONE_AT_A_TIME = "ex_protection_one_partner_at_a_time"
_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:claim, 0))")


class CustomerAlreadyClaimed(Conflict):
    """Another partner's protection of the customer is in force."""

    code = "deal.customer_already_claimed"


def grant(
    session: Session, registration: Registration, *, actor: Actor, at: datetime
) -> Protection:
    """Protect the customer of an approved registration for as long as the partner's tier says.

    The database decides between two approvals of the same instant.

    :raises CustomerAlreadyClaimed: if another partner's protection is in force
    """
    window = protection(at, registration.partner.tier.protection_days)
    account, family = _serials(session, registration)
    row = Protection(
        registration_id=registration.id,
        partner_id=registration.partner_id,
        account_serial=account,
        family_serial=family,
        during=Range(window.start, window.end),
        granted_at=at,
    )
    with _one_at_a_time(session, registration, at):
        session.add(row)
        session.flush()
    registration.protected_until = window.end
    record(
        session, "deal.protection.granted", subject=row, actor=actor, at=at,
        partner_id=registration.partner_id, registration_id=registration.id, until=window.end,
    )  # fmt: skip
    return row


def prolong(
    session: Session, registration: Registration, days: int, *, actor: Actor, at: datetime
) -> datetime:
    """Make the protection in force longer by ``days`` and return its new end.

    :raises ProtectionOver: if it is not in force any more
    :raises CustomerAlreadyClaimed: if another's begins before the new end
    """
    row = queries.protection_of(session, registration.id, lock=True)
    window = _in_force(row, at)
    if row is None or window is None:
        raise ProtectionOver("The protection is over; it cannot be made longer.")
    longer = extended(window, days)
    with _one_at_a_time(session, registration, at):
        row.during = Range(longer.start, longer.end)
        session.flush()
    row.reminded_at = None
    registration.protected_until = longer.end
    record(
        session, "deal.protection.extended", subject=row, actor=actor, at=at,
        partner_id=registration.partner_id, registration_id=registration.id, until=longer.end,
    )  # fmt: skip
    return longer.end


class ProtectionOver(Conflict):
    """The protection has lapsed or was released."""

    code = "deal.protection_over"


def release(session: Session, registration: Registration, *, actor: Actor, at: datetime) -> None:
    """End a protection now, and offer the customer to the next in line."""
    row = queries.protection_of(session, registration.id, lock=True)
    window = _in_force(row, at)
    if row is None or window is None:
        return
    _take_turn(session, registration)
    row.during = Range(window.start, max(at, window.start))
    row.ended_at = registration.protected_until = at
    session.flush()
    record(
        session, "deal.protection.released", subject=row, actor=actor, at=at,
        partner_id=registration.partner_id, registration_id=registration.id,
    )  # fmt: skip
    offer_next(session, registration, at=at)


def lapse(session: Session, row: Protection, *, at: datetime) -> Registration | None:
    """See to a protection that has run out: expire its registration, offer the customer on.

    Return the registration, or None where this was done before.
    """
    if row.ended_at is not None:
        return None
    registration = queries.one(session, row.registration_id, actor=SYSTEM, lock=True)
    row.ended_at = at
    record(
        session, "deal.protection.lapsed", subject=row, actor=SYSTEM, at=at,
        partner_id=row.partner_id, registration_id=registration.id,
    )  # fmt: skip
    if registration.state is DealState.APPROVED:
        _expire(session, registration, at)
    offer_next(session, registration, at=at)
    return registration


def _expire(session: Session, registration: Registration, at: datetime) -> None:
    reason = "The protection ran out before an opportunity was started."
    move(session, registration, DealAct.EXPIRE, actor=SYSTEM, at=at, reason=reason)
    close_request(session, registration, at=at)
    record(
        session, "deal.registration.expired", subject=registration, actor=SYSTEM, at=at,
        partner_id=registration.partner_id,
    )  # fmt: skip
    tell(session, registration, "expired")


def offer_next(session: Session, freed: Registration, *, at: datetime) -> Registration | None:
    """Offer a freed customer to the registration submitted first of those that wait."""
    if freed.account_id is None or freed.family_id is None:
        return None
    with elevated(session):
        following = queries.next_in_line(session, freed.account_id, freed.family_id)
        if following is None:
            return None
        assess(session, following, at=at)
        if following.state is not DealState.ACTION_REQUIRED:
            start_clock(session, following, at=at)
        reason = "The customer is free again, and this registration is next in line."
        note(session, following, DealAct.OFFER, actor=SYSTEM, at=at, reason=reason)
        record(
            session, "deal.registration.offered", subject=following, actor=SYSTEM, at=at,
            partner_id=following.partner_id,
        )  # fmt: skip
        tell(session, following, "offered")
        tell(session, following, "review")
    return following


def close_request(session: Session, registration: Registration, *, at: datetime) -> None:
    """Refuse a request for longer protection that nobody can grant any more."""
    pending = queries.pending_extension(session, registration.id, lock=True)
    if pending is None:
        return
    pending.state, pending.answered_at = ExtensionState.REFUSED, at
    pending.answer = "The registration ended before this was answered."
    record(
        session, "deal.extension.refused", subject=pending, actor=SYSTEM, at=at,
        partner_id=registration.partner_id, registration_id=registration.id,
    )  # fmt: skip


def _serials(session: Session, registration: Registration) -> tuple[int, int]:
    if registration.account_id is None or registration.family_id is None:
        raise Broken("a submitted registration has a customer and a product family")
    return queries.serials(session, registration.account_id, registration.family_id)


def _take_turn(session: Session, registration: Registration) -> None:
    """Wait for others who change protection of the same customer and family.

    Who is refused is for the constraint to say; but two rows written at the same instant would each
    wait for the other to commit, and one of them end as a deadlock instead of a sentence.
    """
    claim = f"protection {registration.account_id} {registration.family_id}"
    session.execute(_TURN, {"claim": claim})


def _in_force(row: Protection | None, at: datetime) -> Period | None:
    if row is None or row.ended_at is not None:
        return None
    lower, upper = row.during.lower, row.during.upper
    return Period(lower, upper) if lower and upper and at < upper else None


@contextmanager
def _one_at_a_time(session: Session, registration: Registration, at: datetime) -> Iterator[None]:
    """Turn the database's refusal of an overlap into a sentence that names the holder."""
    _take_turn(session, registration)
    try:
        with session.begin_nested():
            yield
    except IntegrityError as refused:
        if constraint_of(refused) != _ONE_AT_A_TIME:
            raise
        raise CustomerAlreadyClaimed(_claimed(session, registration, at)) from None


def _claimed(session: Session, registration: Registration, at: datetime) -> str:
    held = queries.holder(session, *_serials(session, registration), at)
    if held is None:
        return f"{registration.customer_name} is protected for another partner."
    return (
        f"{registration.customer_name} is already protected for {held.partner_name} "
        f"({held.number}) until {held.until:%Y-%m-%d}. Nothing was changed; "
        f"{registration.number} keeps its place in line."
    )
