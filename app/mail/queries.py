"""Letters as an administrator reads them; only in system scope are they visible."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.kernel.errors import NotFound
from app.mail.models import MailMessage, MailState


def one(session: Session, mail_id: UUID, *, lock: bool = False) -> MailMessage:
    """Return one letter.

    :raises NotFound: if there is none with that id
    """
    mail = session.get(MailMessage, mail_id, with_for_update=lock, populate_existing=lock)
    if mail is None:
        raise NotFound("There is no such letter.")
    return mail


def listing(state: MailState | None = None) -> Select[*tuple[Any, ...]]:
    """Return the statement behind the mailbox page, newest first, without the bodies."""
    table = MailMessage.__table__
    columns = [column for column in table.c if column.name not in {"text", "html"}]
    chosen = select(*columns).order_by(table.c.created_at.desc(), table.c.id)
    return chosen if state is None else chosen.where(table.c.state == state)


def latest(session: Session, *, to: str = "", limit: int = 50) -> Sequence[MailMessage]:
    """Return the latest letters, newest first, to one address where one is given."""
    chosen = select(MailMessage).order_by(MailMessage.created_at.desc(), MailMessage.id)
    if to:
        chosen = chosen.where(MailMessage.to == to)
    return session.scalars(chosen.limit(limit)).all()
