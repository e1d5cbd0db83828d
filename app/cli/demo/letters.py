"""The mailbox: the letters of the last two weeks, delivered; older ones are long gone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.cli.demo.world import LETTERS_SINCE
from app.jobs.registry import find
from app.jobs.services import Wish
from app.mail.jobs import DELIVER
from app.mail.models import MailMessage, MailState


def deliver(session: Session, wishes: Sequence[tuple[datetime, Wish]], *, at: datetime) -> None:
    """Write what was asked for lately and mark it sent; nothing leaves this machine.

    Addresses of the demo company end in .example, where nobody lives.
    """
    for moment, wish in wishes:
        kind = find(wish.name)
        if wish.name != DELIVER and kind.plan is None:
            kind.run(session, at=moment, **wish.arguments)
    old = MailMessage.created_at < at - LETTERS_SINCE
    session.execute(delete(MailMessage).where(old))
    session.execute(
        update(MailMessage).values(
            state=MailState.SENT, sent_at=MailMessage.created_at, attempts=1, error=None
        )
    )
