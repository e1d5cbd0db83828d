"""Letters about registrations, and what runs by the clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM
from app.deals import queries, services
from app.deals.models import Registration
from app.identity.models import User
from app.jobs.registry import job, scheduled
from app.mail.services import post

_TO_REVIEWER = frozenset({"review", "due_soon", "withdrawn", "extension_asked"})
_TO_LEADS = frozenset({"overdue", "appealed"})
_AT_THE_DESK = frozenset({"review", "due_soon", "overdue", "appealed"})


@job("deals.tell")
def tell(session: Session, *, at: datetime, registration_id: str, letter: str) -> None:
    """Write ``letter`` about a registration to whom it concerns."""
    registration = queries.one(session, UUID(registration_id), actor=SYSTEM)
    page = "/review" if letter in _AT_THE_DESK else "/deals"
    for person in _readers(session, registration, letter):
        post(
            session,
            to=person.email,
            template=f"deals/mail/{letter}",
            at=at,
            partner_id=person.partner_id,
            name=person.name,
            deal=registration,
            partner=registration.partner,
            path=f"{page}/{registration.id}",
            locale=person.locale,
            zone=person.zone,
        )


def _readers(session: Session, registration: Registration, letter: str) -> Sequence[User]:
    if letter in _TO_LEADS:
        return queries.channel_leads(session)
    if letter in _TO_REVIEWER:
        reviewer = queries.person(session, registration.reviewer_id)
        return [reviewer] if reviewer is not None else queries.channel_leads(session)
    submitter = queries.person(session, registration.submitted_by or registration.created_by)
    return [submitter] if submitter is not None else []


@scheduled("deals.clocks", every=timedelta(minutes=5))
def watch_clocks(session: Session, *, at: datetime) -> None:
    """Warn of answers that become due, and escalate those that are overdue."""
    services.warn_reviewers(session, at=at)
    services.escalate(session, at=at)


@scheduled("deals.lapse", every=timedelta(minutes=5))
def lapse(session: Session, *, at: datetime) -> None:
    """End protections that have run out, and offer their customers to the next in line."""
    services.lapse_protections(session, at=at)


@scheduled("deals.remind", every=timedelta(hours=1))
def remind(session: Session, *, at: datetime) -> None:
    """Remind holders of protections that end within two weeks."""
    services.remind_holders(session, at=at)
