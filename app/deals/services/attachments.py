"""Files attached to a registration as evidence."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.deals import queries
from app.deals.models import RegistrationFile
from app.deals.rules import DealState
from app.deals.services.acts import own
from app.deals.services.drafts import NotEditable
from app.files.models import StoredFile
from app.files.services import store
from app.kernel.errors import Conflict

MOST_FILES = 20
_OPEN = frozenset({DealState.DRAFT, DealState.ACTION_REQUIRED, DealState.APPROVED})


class TooManyFiles(Conflict):
    """No more files can be attached."""

    code = "deal.too_many_files"


def attach(
    session: Session,
    registration_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    name: str,
    content: bytes,
) -> StoredFile:
    """Attach a file as evidence, as long as the registration is alive.

    :raises NotEditable: if the registration is closed
    :raises TooManyFiles: if it has twenty
    :raises Invalid: if the file is not taken
    """
    registration = own(session, registration_id, actor=actor)
    if registration.state not in _OPEN:
        raise NotEditable("Files can be attached to drafts, on request, and after approval.")
    if len(queries.files(session, registration.id)) >= MOST_FILES:
        raise TooManyFiles(f"A registration holds at most {MOST_FILES} files.")
    file = store(
        session, name=name, content=content, actor=actor, at=at, partner_id=registration.partner_id
    )
    session.add(
        RegistrationFile(
            registration_id=registration.id, file_id=file.id, partner_id=registration.partner_id
        )
    )
    return file


def detach(session: Session, registration_id: UUID, file_id: UUID, *, actor: Actor) -> None:
    """Take a file off a draft.

    :raises NotFound: where it is not attached
    :raises NotEditable: if the registration was submitted: evidence stays
    """
    registration = own(session, registration_id, actor=actor)
    if registration.state is not DealState.DRAFT:
        raise NotEditable("What was submitted stays as evidence.")
    session.delete(queries.attached(session, registration.id, file_id))
    session.flush()
    session.execute(delete(StoredFile).where(StoredFile.id == file_id))
