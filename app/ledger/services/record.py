"""Record what happened, in the transaction in which it happens."""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.errors import Broken
from app.ledger.models import LedgerEntry
from app.ledger.names import NAMES
from app.ledger.rules.entries import Happening, body_hash
from app.ledger.services import balance

_DRAW = text(
    "SELECT nextval(pg_get_serial_sequence('ledger_entry', 'id')) FROM generate_series(1, :count)"
)
_MOST = 100


class UnknownEvent(Broken):
    """The name is not one of ``app.ledger.names``."""


class Who(Protocol):
    """Whoever acts: a user, or the system; with a partner where they belong to one."""

    @property
    def user_id(self) -> UUID | None:
        """The acting user, None for the system."""

    @property
    def partner_id(self) -> UUID | None:
        """The organisation of the acting user, None for the vendor's people."""


class Thing(Protocol):
    """What something happened to: a stored row, or anything else with a kind and an identifier."""

    __tablename__: Any

    @property
    def id(self) -> Any:
        """The identifier, a UUID; a row that has none yet is written first."""


def record(
    session: Session,
    name: str,
    *,
    subject: Thing,
    actor: Who,
    at: datetime,
    partner_id: UUID | None = None,
    **facts: Any,
) -> LedgerEntry:
    """Record that ``name`` happened to ``subject``; the entry commits or falls with the change.

    ``partner_id`` is the partner that may read the entry; without it, the actor's own. Facts hold
    no personal data: identifiers, codes, amounts in minor units, moments.

    :raises UnknownEvent: if the name is not declared
    :raises Broken: if a fact has no exact text
    """
    if name not in NAMES:
        raise UnknownEvent(f"“{name}” is not declared in app/ledger/names.py")
    happening = Happening(
        id=_draw(session),
        name=name,
        subject_type=(subject_type := subject.__tablename__),
        subject_id=_identity(session, subject),
        partner_id=partner_id or actor.partner_id,
        actor_id=actor.user_id,
        at=at,
    )
    entry = _entry(happening, facts)
    session.add(entry)
    balance.note(session, subject_type, happening.subject_id)
    return entry


def _identity(session: Session, subject: Thing) -> UUID:
    if subject.id is None:
        session.add(subject)
        session.flush()
    found: UUID = subject.id
    return found


def _entry(happening: Happening, facts: dict[str, Any]) -> LedgerEntry:
    body = happening.body(facts)
    return LedgerEntry(
        id=happening.id,
        name=happening.name,
        subject_type=happening.subject_type,
        subject_id=happening.subject_id,
        partner_id=happening.partner_id,
        actor_id=happening.actor_id,
        at=happening.at,
        body=body,
        leaf_hash=body_hash(body),
    )


def _draw(session: Session) -> int:
    """Return the next entry number; a busy transaction draws ever more of them at once.

    The number is drawn, not returned by the INSERT, because it is part of the hashed body and
    because whoever writes an entry may not always read it.
    """
    drawn: list[int] = session.info.setdefault("ledger.numbers", [])
    if not drawn:
        count = session.info["ledger.draw"] = min(_MOST, 2 * session.info.get("ledger.draw", 0) + 1)
        with session.no_autoflush:
            drawn.extend(sorted(session.scalars(_DRAW, {"count": count}), reverse=True))
    return drawn.pop()
