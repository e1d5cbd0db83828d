"""Deliver letters; a mail server that is away only delays them."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.jobs.registry import job
from app.mail import door, queries
from app.mail.models import MailState

DELIVER = "mail.deliver"
DELAYS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


def note_failure(
    session: Session, *, error: str, parked: bool, mail_id: str, **_: datetime
) -> None:
    """Write on the letter that an attempt failed, and why."""
    mail = queries.one(session, UUID(mail_id), lock=True)
    mail.attempts += 1
    mail.error = error
    if parked:
        mail.state = MailState.FAILED


@job(DELIVER, delays=DELAYS, on_failure=note_failure)
def deliver(session: Session, *, at: datetime, mail_id: str) -> None:
    """Send one letter. The server may get it twice if we die in between, under one Message-ID."""
    mail = queries.one(session, UUID(mail_id), lock=True)
    if mail.state is MailState.SENT:
        return
    way = door.current()
    if way.server is not None:
        way.server.send(door.envelope(mail, way.sender))
    mail.state, mail.sent_at, mail.error = MailState.SENT, at, None
    mail.attempts += 1
