"""Who is who in the small world, and what each has: identifiers by the names routes give them."""

from dataclasses import dataclass, field
from uuid import uuid4

from app.access.rules import Role
from app.identity.models import User
from app.partners.models import Partner

CANARY = "Vixquon"
Ids = dict[str, str]


@dataclass
class Side:
    """One company: who works there, and the identifiers of what is its own."""

    word: str
    partner: Partner
    admin: User
    member: User
    ids: Ids = field(default_factory=dict)
    variants: list[Ids] = field(default_factory=list)
    """What other states of the same kinds of things are called, over ``ids``."""

    def arguments(self, names: set[str], shared: Ids) -> list[Ids]:
        """Return values for a route's arguments, each combination that this company has once."""
        found = []
        for variant in [{}, *self.variants]:
            values = {**shared, **self.ids, **variant}
            chosen = {name: values[name] for name in names}
            if chosen not in found and (not variant or names & variant.keys()):
                found.append(chosen)
        return found


@dataclass
class World:
    """Everything, and whom it belongs to."""

    own: Side
    sibling: Side
    foreign: Side
    staff: dict[Role, User]
    shared: Ids

    def person(self, role: Role) -> User:
        """Return somebody with ``role``, at the reader's company where it is a partner's."""
        return self.staff[role]


STRANGERS = {
    "token": "no-such-token",
    "job_id": "no.such.job",
    "brought": "99999999",
    "number": "99999999",
    "filename": "no-such-file.css",
    "slug": "no-such-item",
    "kind": "csv",
}
"""What does not exist, where identifiers are not UUIDs; ``kind`` is a choice of the route."""


def unknown(names: set[str]) -> Ids:
    """Return values for a route's arguments that name nothing."""
    return {name: STRANGERS.get(name) or str(uuid4()) for name in names}
