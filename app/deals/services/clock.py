"""The clock of an answer: who decides, when they are warned, when it is due."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.deals import queries
from app.deals.models import Registration
from app.deals.rules import answer_clock
from app.kernel.clock import Calendar


def start_clock(session: Session, registration: Registration, *, at: datetime) -> None:
    """Start the time for an answer, in the business hours of the reviewer.

    The partner's manager decides, unless somebody already took the registration up.
    """
    partner = queries.partner_with_terms(session, registration.partner_id)
    if registration.reviewer_id is None:
        registration.reviewer_id = partner.manager_id
    reviewer = queries.person(session, registration.reviewer_id)
    calendar = Calendar(reviewer.zone, reviewer.country) if reviewer is not None else Calendar()
    clock = answer_clock(at, partner.programme.answer_hours, calendar)
    registration.warn_at, registration.answer_due_at = clock.warn_at, clock.due_at
    registration.warned_at = registration.escalated_at = None


def stop_clock(registration: Registration) -> None:
    """Stop waiting for an answer."""
    registration.warn_at = registration.answer_due_at = None
