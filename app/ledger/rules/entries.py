"""The body of an entry: what is hashed, and how the searchable columns follow from it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.ledger.rules.canonical import canonical, plain, stamp
from app.ledger.rules.tree import leaf_hash

VERSION = 1
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Happening:
    """What an entry says, apart from its facts; ``actor_id`` is None where no person acted."""

    id: int
    name: str
    subject_type: str
    subject_id: UUID
    partner_id: UUID | None
    actor_id: UUID | None
    at: datetime

    def body(self, facts: dict[str, Any]) -> str:
        """Return the canonical text of this happening with ``facts``."""
        return canonical({**self.columns(), "facts": facts})

    def columns(self) -> dict[str, Any]:
        """Return the part of the body that the columns of the table repeat."""
        return {
            "v": VERSION,
            "id": self.id,
            "name": self.name,
            "subject": {"type": self.subject_type, "id": str(self.subject_id)},
            "partner": plain(self.partner_id),
            "actor": SYSTEM if self.actor_id is None else str(self.actor_id),
            "at": stamp(self.at),
        }


def body_hash(body: str) -> bytes:
    """Return the leaf hash of an entry's canonical text."""
    return leaf_hash(body.encode())


def facts_of(body: str) -> dict[str, Any]:
    """Return the facts that a body states."""
    facts: dict[str, Any] = json.loads(body)["facts"]
    return facts


def disagreement(happening: Happening, body: str) -> str | None:
    """Return the first column that does not say what the hashed body says, or None."""
    try:
        stated = json.loads(body)
        named = dict(stated) if isinstance(stated, dict) else {}
    except ValueError:
        return "body"
    facts = named.pop("facts", None)
    if not isinstance(facts, dict):
        return "body"
    columns = happening.columns()
    wrong = [key for key, value in columns.items() if named.get(key) != value]
    return wrong[0] if wrong else (None if named.keys() == columns.keys() else "body")
