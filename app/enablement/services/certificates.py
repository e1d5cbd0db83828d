"""Award certificates."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.db.numbering import next_reference
from app.enablement.models import Certificate
from app.enablement.queries.certificates import spelling
from app.enablement.rules import Award, checked_award
from app.identity.models import User
from app.kernel.errors import FieldError, Invalid
from app.ledger.services import record
from app.partners.queries import one


def award(session: Session, award: Award, *, actor: Actor, at: datetime) -> Certificate:
    """Give somebody of a partner a certificate with a number.

    Its subject is spelt as it was first awarded, so that plans which watch it find it by its name.

    :raises NotFound: if there is no such partner
    :raises Invalid: if a field is at fault, or the person belongs to another partner
    """
    given = checked_award(award)
    partner = one(session, given.partner_id, actor=actor)
    _check_holder(session, given)
    subject = spelling(session, " ".join(given.subject.split()))
    certificate = Certificate(
        number=next_reference(session, "CE", given.awarded_on.year),
        partner_id=partner.id,
        user_id=given.user_id,
        holder=given.holder,
        subject=subject,
        awarded_on=given.awarded_on,
        valid_until=given.valid_until,
        recorded_at=at,
    )
    session.add(certificate)
    session.flush()
    record(
        session,
        "enablement.certificate.awarded",
        subject=certificate,
        actor=actor,
        at=at,
        partner_id=partner.id,
        number=certificate.number,
        subject_of=subject,
        awarded_on=given.awarded_on,
        valid_until=given.valid_until,
    )
    return certificate


def _check_holder(session: Session, given: Award) -> None:
    user = session.get(User, given.user_id) if given.user_id is not None else None
    if given.user_id is not None and (user is None or user.partner_id != given.partner_id):
        said = "Choose a person of this partner."
        raise Invalid.fields(FieldError("user_id", said, "enablement.holder"))
