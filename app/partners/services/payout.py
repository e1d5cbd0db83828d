"""Keep where a partner is paid: sealed, announced, and opened for the payment file alone."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.kernel.errors import Broken
from app.kernel.sealing import seal, unseal
from app.ledger.services import record
from app.mail.services import post
from app.partners import queries
from app.partners.models import Partner, PayoutDetails
from app.partners.rules import BankAccount, checked_account

TAIL = 4


def set_payout_details(
    session: Session, partner_id: UUID, *, account: BankAccount, actor: Actor, at: datetime
) -> PayoutDetails:
    """Keep the account a partner is paid on, and tell every admin of that partner.

    :raises NotFound: if it is not the actor's company
    :raises Invalid: with every field at fault
    """
    partner = queries.one(session, partner_id, actor=actor, lock=True)
    checked = checked_account(account)
    details = queries.payout_details(session, partner_id)
    is_first = details is None
    if details is None:
        details = PayoutDetails(partner_id=partner_id)
        session.add(details)
    details.holder, details.bic = checked.holder, checked.bic
    details.iban_sealed = seal(checked.iban, _context(partner_id))
    details.iban_tail = checked.iban[-TAIL:]
    details.changed_at, details.changed_by = at, actor.user_id
    session.flush()
    record(
        session,
        "partners.payout_details.changed",
        subject=partner,
        actor=actor,
        at=at,
        partner_id=partner_id,
        is_first=is_first,
    )
    _tell(session, partner, details, actor=actor, at=at)
    return details


def _context(partner_id: UUID) -> str:
    """Return what the seal is bound to, so that it opens in its own row only."""
    return f"payout_details.iban:{partner_id}"


def _tell(
    session: Session, partner: Partner, details: PayoutDetails, *, actor: Actor, at: datetime
) -> None:
    for address in queries.admins_of(session, partner.id):
        post(
            session,
            to=address,
            template="partners/mail/payout_details",
            at=at,
            partner_id=partner.id,
            company=partner.name,
            who=actor.name,
            when=at,
            tail=details.iban_tail,
        )


def read_iban(session: Session, partner_id: UUID) -> BankAccount | None:
    """Return the account a partner is paid on, or None. In the system's reach only.

    :raises Broken: in anybody else's reach
    """
    return read_ibans(session, [partner_id]).get(partner_id)


def read_ibans(session: Session, partner_ids: Collection[UUID]) -> dict[UUID, BankAccount]:
    """Return the accounts of those partners that have one. For the payment file, by the system.

    :raises Broken: in anybody else's reach
    """
    if session.info["scope"].name != "system":
        raise Broken("account numbers are opened by the system alone")
    rows = session.scalars(select(PayoutDetails).where(PayoutDetails.partner_id.in_(partner_ids)))
    return {row.partner_id: _opened(row) for row in rows}


def _opened(row: PayoutDetails) -> BankAccount:
    iban = unseal(row.iban_sealed, _context(row.partner_id))
    return BankAccount(row.holder, iban, row.bic)
