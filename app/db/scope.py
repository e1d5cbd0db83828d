"""How far a transaction reaches: pure values, so that rules may name them."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows a transaction may reach: nobody's, some partners', the vendor's, all."""

    name: str
    partner_ids: tuple[UUID, ...] = ()
    actor_id: UUID | None = None


NOBODY = Scope("nobody")
SYSTEM_SCOPE = Scope("system")
