"""Post a letter: the row and the job that delivers it, in the caller's transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.db.engine import elevated
from app.jobs.services import enqueue
from app.kernel.ids import new_id
from app.mail import door, jobs
from app.mail.message import address, letter
from app.mail.models import MailMessage, MailState


def post(
    session: Session,
    *,
    to: str,
    template: str,
    at: datetime,
    partner_id: UUID | None = None,
    **context: Any,
) -> UUID:
    """Write the letter ``template`` to ``to``; it is delivered once this transaction commits.

    Values of ``context`` are used now, not at delivery. Returns the letter's id.

    :raises AddressRefused: if ``to`` is not one plain address
    :raises HeaderRefused: if the subject cannot be sent
    """
    way = door.current()
    written = letter(template, sender=way.name, base_url=way.base_url, **context)
    mail_id = new_id()
    row = insert(MailMessage).values(
        id=mail_id,
        to=address(to),
        subject=written.subject,
        text=written.text,
        html=written.html,
        state=MailState.QUEUED,
        attempts=0,
        partner_id=partner_id,
        created_at=at,
    )
    with elevated(session):
        session.execute(row)
        enqueue(session, jobs.DELIVER, key=str(mail_id), mail_id=mail_id)
    return mail_id
